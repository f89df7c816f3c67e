"""pii.yaml: what is committed is right, and each fault is named with its line and field, all at once."""

import re

import pytest
import yaml

from pipelines.__main__ import main
from pipelines.errors import KefuError
from pipelines.mask.labels import LABELS
from pipelines.mask.normalise import value_key
from pipelines.mask.pii_file import load_policy, read_policy
from pipelines.mask.policy import Denied, Policy
from tests.conftest import ROOT

PATH = ROOT / "data/knowledge/pii.yaml"
PATTERN = {
    "name": "ticket",
    "type": "TICKET",
    "label": {"zh": "工单号", "en": "TICKET"},
    "pattern": r"(?<![0-9A-Za-z])T\d{8}(?![0-9A-Za-z])",
    "score": 0.7,
    "examples": {"find": ["工单T12345678"], "leave": ["型号T123"]},
}


@pytest.fixture
def read(tmp_path):
    """read(content): the policy of a file of this content (a text, or what YAML holds)."""

    def policy(content, threshold=0.5):
        path = tmp_path / "pii.yaml"
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        return read_policy(path, threshold)

    return policy


def pattern(**changes):
    return {"patterns": [{**PATTERN, **changes}]}


def test_the_sample_names_every_type_and_masks_it():
    listed = yaml.safe_load(PATH.read_text())["types"]
    policy = read_policy(PATH, 0.5)
    assert set(listed) == set(LABELS) | {"MEMBER"} and not policy.kept
    assert policy.is_allowed("400 820 6655") and policy.labels["MEMBER"] == ("会员号", "MEMBER")


def test_the_file_becomes_the_policy(read):
    content = {
        "types": {"QQ": {"mask": False}, "PHONE": {"mask": True, "threshold": 0.8}, "TICKET": {"mask": True}},
        "allow": ["400-820-6655"],
        "deny": [{"text": "栗子仓", "type": "ADDRESS"}],
        **pattern(near=["工单"], near_before=5),
    }
    policy = read(content, 0.4)
    assert (policy.threshold, policy.thresholds) == (0.4, (("PHONE", 0.8),))
    assert (policy.kept, policy.allow) == ({"QQ"}, ("400-820-6655",))
    assert policy.deny == (Denied("栗子仓", "ADDRESS"),)
    [own] = policy.patterns
    assert (own.name, own.near, own.near_before, own.near_after) == ("ticket", ("工单",), 5, 8)


@pytest.mark.parametrize("content", ["", "# only a comment\n", "types:\nallow:\ndeny:\npatterns:\n"])
def test_an_empty_file_masks_every_type(read, content):
    assert read(content) == Policy()


def test_without_the_file_every_type_is_masked_and_one_line_says_so(tmp_path, params):
    said = []
    assert load_policy(tmp_path, params.mask, said.append) == Policy() == load_policy(tmp_path, params.mask)
    assert len(said) == 1 and str(tmp_path / "pii.yaml") in said[0]


def test_types_to_keep_of_params_are_switched_off_too(tmp_path, params):
    (tmp_path / "pii.yaml").write_text("types: {QQ: {mask: false}}")
    mask = params.mask.model_copy(update={"keep_types": ["OTP"]})
    assert load_policy(tmp_path, mask).kept == {"QQ", "OTP"}
    own = params.mask.model_copy(update={"keep_types": ["MEMBER"]})
    assert load_policy(PATH.parent, own).kept == {"MEMBER"}
    with pytest.raises(KefuError, match="MEMBER"):
        load_policy(tmp_path, own)


@pytest.mark.parametrize(
    ("content", "line", "named"),
    [
        ("types: [", 1, "not valid YAML"),
        ("- a list", 1, "does not hold a mapping"),
        ("typos: {}", 1, "typos: there is no such section; the sections are types, allow, deny, patterns"),
        ("types: [PHONE]", 1, "types: is not a list of `TYPE: {mask: ...}`"),
        ("allow: {a: b}", 1, "allow: is not a list"),
        ("types:\n  PHONES: {mask: true}", 2, "'PHONES' is no type; did you mean PHONE?"),
        ("types:\n  7: {mask: true}", 2, "7 is no type; the types are PERSON"),
        ("types:\n  PHONE: {threshold: 0.5}", 2, "types.PHONE.mask: the field is missing"),
        ("types:\n  PHONE: {mask: maybe}", 2, "types.PHONE.mask: write true or false"),
        ("types:\n  PHONE: true", 2, "types.PHONE: is not of the form"),
        ("types:\n  PHONE: {mask: true, threshold: 1.5}", 2, "threshold: 1.5 is out of range; at most 1"),
        ("types:\n  PHONE: {mask: true, threshold: -1}", 2, "threshold: -1 is out of range; at least 0"),
        ("types:\n  PHONE: {mask: true, treshold: 1}", 2, "types.PHONE.treshold: there is no such field"),
        (
            "types:\n  PHONE: {mask: true}\n  PHONE: {mask: false}",
            3,
            "PHONE: stands twice, first in line 2; remove one",
        ),
        ("allow:\n  - ok\n  - 4008206655", 3, "allow[1]: is not a text; put it in quotes"),
        ("allow:\n  - '--'", 2, "allow[0]: is too short: 2 letters or digits at least"),
        ("allow:\n  - 栗", 2, "allow[0]: is too short: 2 letters or digits at least"),
        ("allow:\n  - Limuji\n  - x1\n  - LIMUJI", 4, "allow[2]: is the same value as allow[0]; remove one"),
        ("deny:\n  - {text: abc, type: NAME}", 2, "deny[0].type: 'NAME' is no type"),
        ("deny:\n  - {text: abc}", 2, "deny[0].type: the field is missing"),
        ("deny:\n  - abc", 2, "deny[0]: is not of the form"),
        ("deny:\n  - {text: 王, type: PERSON}", 2, "deny[0].text: is too short"),
        (
            "deny:\n  - {text: a b, type: QQ}\n  - {text: AB, type: QQ}",
            3,
            "deny[1].text: is the same text as deny[0]",
        ),
        ("allow: [ab]\ndeny:\n  - {text: A-B, type: QQ}", 3, "deny[0].text: stands on the allow list too"),
    ],
)
def test_a_fault_names_line_field_and_what_to_do(read, content, line, named):
    with pytest.raises(KefuError, match="1 fault") as caught:
        read(content)
    assert f"line {line}" in caught.value.where and named in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"pattern": "T(\\d{8}"}, "patterns[0].pattern: cannot be read: missing )"),
        ({"pattern": "(?:T\\d{8})?"}, "patterns[0].pattern: matches where nothing stands"),
        ({"pattern": "(?=T)|T\\d{8}"}, "patterns[0].pattern: matches where nothing stands"),
        ({"pattern": "T(?:\\d|\\d\\d)+$"}, "patterns[0].pattern: takes too long"),
        ({"score": 0}, "patterns[0].score: 0 is out of range; more than 0"),
        ({"score": 1.2}, "patterns[0].score: 1.2 is out of range; at most 1"),
        ({"score": "high"}, "patterns[0].score: is not a number"),
        ({"name": ""}, "patterns[0].name: is empty"),
        ({"near": "工单"}, "patterns[0].near: is not a list"),
        ({"near_before": -1}, "patterns[0].near_before: -1 is out of range"),
        ({"label": None}, "patterns[0].type: 'TICKET' is a new type; give it `label"),
        ({"type": "Ticket"}, "patterns[0].type: 'Ticket' is no name of a type; write capitals and _"),
        ({"type": "QQ"}, "patterns[0].label: QQ has a placeholder already; remove the label"),
        ({"label": {"zh": "手机号", "en": "T"}}, "patterns[0].label: is that of PHONE; choose another"),
        ({"label": {"zh": "ticket", "en": "T"}}, "patterns[0].label.zh: write 1 to 8 Chinese characters"),
        ({"label": {"zh": "工单号", "en": "t 1"}}, "patterns[0].label.en: write capitals and _"),
        ({"label": {"zh": "工单号"}}, "patterns[0].label.en: the field is missing"),
        ({"examples": {"find": []}}, "patterns[0].examples.find: is empty; give at least one"),
        ({"examples": {"find": ["T1"]}}, "patterns[0].examples.find[0]: is not matched by the pattern"),
        ({"score": 0.2}, "patterns[0].examples.find[0]: reaches 0.20, below the threshold 0.5 of TICKET"),
        (
            {"examples": {"find": ["T12345678"], "leave": ["a", "单T12345678"]}},
            "patterns[0].examples.leave[1]: is hit; narrow the pattern",
        ),
    ],
)
def test_a_fault_of_a_pattern_is_named(read, changes, named):
    with pytest.raises(KefuError, match="1 fault") as caught:
        read(pattern(**changes))
    assert named in str(caught.value)


def test_examples_are_tried_as_the_text_is(read):
    """Full-width digits, near words and the type's own threshold count as they do in a run."""
    near = pattern(score=0.2, near=["工单"], examples={"find": ["工单Ｔ１２３４５６７８"]})
    assert read(near).patterns[0].score == 0.2
    with pytest.raises(KefuError, match=r"reaches 0\.55, below the threshold 0\.9"):
        read(near | {"types": {"TICKET": {"mask": True, "threshold": 0.9}}})
    low = pattern(score=0.3, examples={"find": ["T12345678"], "leave": []})
    assert read(low | {"types": {"TICKET": {"mask": False, "threshold": 0.1}}}).kept == {"TICKET"}


def test_two_patterns_of_one_new_type_share_a_label(read):
    second = {**PATTERN, "name": "old ticket", "label": None}
    assert dict(read({"patterns": [PATTERN, second]}).own_labels) == {"TICKET": ("工单号", "TICKET")}
    with pytest.raises(KefuError, match="another label above"):
        read({"patterns": [PATTERN, {**second, "label": {"zh": "旧单号", "en": "OLD"}}]})
    with pytest.raises(KefuError, match=r"'ticket' is the name of patterns\[0\] too"):
        read({"patterns": [PATTERN, {**second, "name": "ticket"}]})


def test_all_faults_come_at_once_in_the_order_of_lines_and_quote_no_value(read):
    content = "\n".join(
        [
            "types:",
            "  PHONE: {mask: true, threshold: 7}",
            "  FONE: {mask: true}",
            "allow: [13800138000, 殷志强, 殷志强]",
            "deny:",
            "  - {text: 殷志强, type: WHO}",
            "  - {text: 殷志强, type: PERSON}",
            "patterns:",
            "  - {name: n, type: QQ, pattern: 'a', score: 0.9, examples: {find: [13800138001x]}}",
        ]
    )
    with pytest.raises(KefuError) as caught:
        read(content)
    text = str(caught.value)
    assert text.startswith("7 fault(s)")
    assert re.findall(r"pii.yaml, line (\d+):", text) == list("2344679")
    assert "殷" not in text and "138" not in text


def test_the_command_params_tells_the_faults(monkeypatch, capsys, tmp_path):
    assert main(["params"]) == 0 and '"keep_types"' in capsys.readouterr().out
    (tmp_path / "data/knowledge").mkdir(parents=True)
    (tmp_path / "data/knowledge/pii.yaml").write_text("types: {FONE: {mask: true}}")
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    for module in ("home", "params"):
        monkeypatch.setattr(f"pipelines.{module}.ROOT", tmp_path)
    assert main(["params"]) == 2
    assert "'FONE' is no type" in capsys.readouterr().err


def test_the_sample_is_allowed_what_the_company_says_of_itself():
    brand = yaml.safe_load((PATH.parent / "brand.yaml").read_text())
    names = [*brand["name"].values(), *brand["assistant"].values()]
    allowed = set(map(value_key, read_policy(PATH, 0.5).allow))
    assert set(map(value_key, names)) <= allowed
