"""What the steward is told of masking."""

import pytest

from pipelines.report.masking import LINES_SHOWN, changed_params, file_change, masking, types
from pipelines.report.previous import Previous
from tests.code.evaluate.checkout import tiny_params


def before(**known):
    return Previous("r0", "2026-09-07", known.pop("by_type", {}), **known)


def test_types_that_only_one_run_found_are_listed_too():
    rows = types({"PHONE": 3, "QQ": 1}, before(by_type={"PHONE": 5, "IP": 2}))
    assert [tuple(row.values()) for row in rows] == [("PHONE", 3, 5), ("QQ", 1, 0), ("IP", 0, 2)]


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
