"""The words: both languages everywhere, and words for all that the stages can say."""

import ast
import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from pipelines.curate.rules import RULES
from pipelines.evaluate.gate import SAYS, judge
from pipelines.evaluate.summary import INTENT_METHOD
from pipelines.mask.labels import LABELS
from pipelines.report import page, words
from pipelines.report.run import LINEAGE
from pipelines.split.apart import REASONS as LEAKS
from pipelines.stage import OUTPUTS
from tests.code.evaluate.test_gate import CASES, GATE, GOOD, changed, without_champion
from tests.conftest import ROOT

REPORT = ROOT / "pipelines/report"
TEMPLATE = "\n".join(path.read_text() for path in sorted(REPORT.rglob("*.html.j2")))
CODE_OF_PAGE = "\n".join(path.read_text() for path in sorted(REPORT.glob("*.py")))
ROOMS = ("ingest", "mask", "dedup", "curate", "split", "synthesize", "pretrain", "tune")
GIVE = {"drop", "Unreadable", "_reject", "Drop"}  # calls that take a reason code
CODE = re.compile("[a-z]+(_[a-z]+)*")
CHINESE = re.compile("[一-鿿]")


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", words.words())
def test_a_key_has_both_languages_with_the_same_values(key):
    both = words.words()[key]
    assert set(both) == {"en", "zh"} and all(text.strip() for text in both.values())
    assert not CHINESE.search(both["en"])
    if both["en"] == "{says}":
        assert fields(both["zh"]) <= fields(SAYS[key.removeprefix("gate.")])
    else:
        assert fields(both["en"]) == fields(both["zh"])


def test_every_key_is_used_and_every_key_used_is_there():
    literal = set(re.findall(r'(?:\bt|both|labels)\("([\w.]+)"[,)]', TEMPLATE + CODE_OF_PAGE))
    assert len(literal) > 50 and literal <= set(words.words())
    composed = set(re.findall(r'"(\w+)[."]', TEMPLATE + CODE_OF_PAGE)) | {"gate"}
    assert {key.split(".")[0] for key in words.words()} <= composed


def test_the_template_holds_no_words_of_its_own():
    bare = re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", TEMPLATE)
    assert set(re.findall(r"[A-Za-z]{2,}|[一-鿿]+", bare)) == {"中文", "English"}


def strings(node):
    """The texts that an expression may come to, as far as it says them."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    parts = {ast.IfExp: ("body", "orelse"), ast.BoolOp: ("values",), ast.Tuple: ("elts",)}.get(type(node), ())
    held = [getattr(node, part) for part in parts]
    return {
        text for one in held for each in (one if isinstance(one, list) else [one]) for text in strings(each)
    }


def codes_of(path):
    """Reason codes in a file: given to a call that takes one, named reason or code, or yielded."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in GIVE:
            found |= {text for argument in node.args for text in strings(argument)}
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("reason", "code"):
            found |= strings(node.value)
        elif path.name == "formats.py" and isinstance(node, ast.Yield):
            found |= strings(node.value) if node.value else set()
        elif isinstance(node, ast.FunctionDef) and node.name in ("verdict", "question_fault"):
            found |= {
                t for n in ast.walk(node) if isinstance(n, ast.Return) and n.value for t in strings(n.value)
            }
    return {code for code in found if CODE.fullmatch(code)}


def test_every_reason_code_of_the_rooms_has_words():
    files = [file for room in ROOMS for file in (ROOT / "pipelines" / room).rglob("*.py")]
    files.remove(ROOT / "pipelines/mask/explain.py")  # its verdicts go to the terminal
    rules = {rule.__name__ for rule in RULES}
    codes = {code for file in files for code in codes_of(file)} | rules | {f"corrected_{r}" for r in rules}
    codes |= {*LEAKS.values(), *(f"corpus_{code}" for code in LEAKS.values()), "no_question", "no_answer"}
    codes |= {"ignored_resolved", "ignored_satisfaction", "too_long", "validation_too_long"}
    found = {"exact_duplicate", "held_out_group", "meaning_lost", "near_held_out", "not_json", "over_share"}
    found |= {"side_duplicate"}
    assert found <= codes, "the codes are not found where they stand"
    assert {code for code in codes if not CHINESE.search(words.reason(code))} == set()


def test_the_page_on_training_data_names_every_code_of_split_and_synthesize():
    rooms = [ROOT / "pipelines" / room for room in ("split", "synthesize")]
    codes = {code for room in rooms for file in room.glob("*.py") for code in codes_of(file)}
    assert {"near_copy", "meaning_lost", "over_share"} <= codes
    told = (ROOT / "docs/training-data.md").read_text(encoding="utf-8")
    asked = {*codes, *LEAKS.values(), "side_duplicate", "unsure_intent", "no_intent"}
    assert {code for code in asked if f"`{code}`" not in told} == set()


@pytest.mark.parametrize("code", ["unheard_of", "<b>", "corrected_unheard_of"])
def test_an_unknown_code_is_shown_as_it_is_and_escaped(code):
    assert "unheard_of" in words.reason(code) or words.reason(code) == "&lt;b&gt;"


def test_names_of_stages_tags_and_types_have_words():
    assert {f"stage.{name}" for name in OUTPUTS} <= set(words.words())
    assert {f"lineage.{name}" for name in LINEAGE} <= set(words.words())
    assert all(CHINESE.search(page.personal(kind)) for kind in LABELS if kind != "QQ")
    assert page.personal("NEW_TYPE") == "NEW_TYPE"
    assert "会员号" in page.personal("MEMBER", {"MEMBER": ("会员号", "MEMBER")})


def notes():
    """What champion.py says of the champion, with something for each value."""
    tree = ast.parse((ROOT / "pipelines/evaluate/champion.py").read_text())
    returned = [
        n.value.elts[1]
        for n in ast.walk(tree)
        if isinstance(n, ast.Return) and isinstance(n.value, ast.Tuple)
    ]
    for node in returned:
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "x-1" for part in node.values)
        elif isinstance(node, ast.Constant):
            yield node.value


@pytest.mark.parametrize("text", sorted({*notes(), INTENT_METHOD}))
def test_a_sentence_of_the_evaluation_has_its_chinese(text):
    assert len(set(notes())) >= 4
    found = words.said(text)
    assert CHINESE.search(found) and text in found


@given(st.text())
def test_any_other_sentence_is_itself_escaped(text):
    found = words.said(text)
    assert found == escape(text)


def test_every_reason_of_the_gate_has_its_chinese():
    assert {f"gate.{code}" for code in SAYS} == {key for key in words.words() if key.startswith("gate.")}
    cases = [GOOD, without_champion(), *(changed(path, value) for path, value, _, _ in CASES)]
    reasons = [reason for case in cases for reason in judge(case, GATE)["reasons"]]
    assert {reason["code"] for reason in reasons} == set(SAYS)
    for reason in reasons:
        found = words.gate(reason)
        assert reason["says"] in found.unescape() and CHINESE.search(found)
    assert "60 条回答包含全部关键事实（60.0%）；要求不低于 50.0%" in words.gate(reasons[0])


def test_a_reason_of_an_earlier_gate_is_shown_as_it_said():
    assert words.gate({"says": "1 < 2"}) == "1 &lt; 2"
