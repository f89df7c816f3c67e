"""What the steward is told of masking."""

import pytest

from pipelines.mask.policy import Policy
from pipelines.report.masking import (
    LINES_SHOWN,
    SAMPLES_SHOWN,
    SAMPLES_UNCHANGED,
    changed_params,
    file_change,
    masking,
    samples,
    types,
)
from pipelines.report.previous import Previous
from pipelines.report.rules import changed_types, policy_before
from tests.code.evaluate.checkout import tiny_params


def before(**known):
    return Previous("r0", "2026-09-07", known.pop("by_type", {}), **known)


def test_types_that_only_one_run_found_are_listed_too():
    rows = types({"PHONE": 3, "QQ": 1}, 100, before(by_type={"PHONE": 5, "IP": 2}, messages=200), {"ZIP"})
    assert [tuple(row.values()) for row in rows] == [
        ("PHONE", 3, 5, 30.0, 25.0, False),
        ("QQ", 1, 0, 10.0, 0.0, False),
        ("IP", 0, 2, 0.0, 10.0, False),
        ("ZIP", 0, 0, 0.0, 0.0, True),
    ]
    assert types({"QQ": 1}, 0, None)[0]["rate"] is None


def listed(*types_):
    return [{"type": type_, "text": f"{type_} {n}"} for type_ in types_ for n in range(10)]


def row(type_, n, was, rule=False):
    return {"type": type_, "n": n, "before": was, "rate": n / 10, "rate_before": was / 10, "rule": rule}


def test_samples_are_of_what_changed_and_a_changed_rule_comes_first():
    rows = [row("PHONE", 90, 10), row("QQ", 5, 5), row("IP", 4, 9, rule=True), row("ZIP", 0, 2, rule=True)]
    rows.append(row("OTP", 0, 0, rule=True))
    shown = samples(listed("PHONE", "QQ", "IP"), rows)
    assert [(group["type"], len(group["samples"])) for group in shown] == [
        ("IP", 10),
        ("ZIP", 0),
        ("PHONE", 10),
    ]


def test_samples_are_bounded_in_all_and_each_type_keeps_some():
    kinds = [f"T{n:02}" for n in range(25)]
    shown = samples(listed(*kinds), [row(kind, 20, n, rule=n == 24) for n, kind in enumerate(kinds)])
    assert sum(len(group["samples"]) for group in shown) == SAMPLES_SHOWN
    assert (shown[0]["type"], len(shown[0]["samples"])) == ("T24", 10)
    assert all(len(group["samples"]) >= 3 for group in shown if group["type"] != "T20")


def test_without_a_change_a_few_samples_are_spread_over_the_types():
    for rows in ([], [row("PHONE", 5, 5)]):
        [group] = samples(listed("PHONE", "QQ", "IP"), rows)
        assert group["type"] == "" and len(group["samples"]) == SAMPLES_UNCHANGED
        assert {sample["type"] for sample in group["samples"]} == {"PHONE", "QQ", "IP"}


@pytest.mark.parametrize(
    ("file", "params", "changed"),
    [
        ("types: {QQ: {mask: false}}", {}, {"QQ"}),
        ("types: {QQ: {mask: true, threshold: 0.8}}", {}, {"QQ"}),
        ("deny: [{text: 栗子仓, type: ADDRESS}]", {}, {"ADDRESS"}),
        ("allow: [小栗]", {}, set()),
        ("", {"mask.keep_types": '["IP", "ZIP"]'}, {"IP", "ZIP"}),
        ("", {"mask.score_threshold": "0.9"}, set()),
        ("types: {FONE: {mask: true}}", {}, set()),  # nobody can say
        ("", {"mask.keep_types": "IP"}, set()),
    ],
)
def test_the_types_whose_rule_changed(file, params, changed):
    held = before(pii_file=file, params=params)
    assert (
        changed_types(Policy(tiny_params().mask.score_threshold), policy_before(tiny_params(), held))
        == changed
    )


def test_a_run_that_masked_nothing_has_a_section_too(tmp_path):
    found = masking(tiny_params(), tmp_path, {}, None)
    assert found["types"] == found["samples"] == found["recognizers"] == [] and found["messages"] == {}


@pytest.mark.parametrize(
    ("now", "previous", "state"),
    [
        (None, None, "absent"),
        (None, before(), "absent"),
        ("a", None, "first"),
        ("a", before(), "new"),
        ("a", before(pii_file="a"), "same"),
        (None, before(pii_file="a"), "gone"),
        ("b", before(pii_file="a"), "changed"),
    ],
)
def test_the_state_of_the_file(tmp_path, now, previous, state):
    if now:
        (tmp_path / "pii.yaml").write_text(now)
    assert file_change(tmp_path / "pii.yaml", previous)["state"] == state


def test_only_what_changed_is_shown_with_its_surroundings(tmp_path):
    lines = [f"- name {n}" for n in range(100)]
    (tmp_path / "pii.yaml").write_text("\n".join([*lines[:50], "- 小栗", *lines[50:]]))
    shown = file_change(tmp_path / "pii.yaml", before(pii_file="\n".join(lines)))["lines"]
    assert [line for kind, line in shown if kind == "added"] == ["+- 小栗"]
    assert [kind for kind, _ in shown] == ["place", "", "", "added", "", ""]


def test_a_long_difference_is_cut_and_says_so(tmp_path):
    (tmp_path / "pii.yaml").write_text("\n".join(map(str, range(1000))))
    found = file_change(tmp_path / "pii.yaml", before())
    assert len(found["lines"]) == LINES_SHOWN and found["more"] == 1001 - LINES_SHOWN


def test_parameters_that_change_only_the_time_are_not_told():
    params = tiny_params()
    held = {"mask.processes": "99", "mask.batch_size": "99", "mask.score_threshold": "0.9", "split.salt": "x"}
    assert changed_params(params, before(params=held)) == [
        ("mask.score_threshold", "0.9", str(params.mask.score_threshold))
    ]
    assert changed_params(params, None) == []
