"""Whether each promise held."""

import pytest

from pipelines.report.compliance import compliance
from tests.code.evaluate.checkout import tiny_params
from tests.code.report.made import FIGURES

CHECKED = {"checks": {"tables": {"examples": {"expectations": 5, "failed": 0}}}, "dropped": {}}
BROKEN = {"checks": {"tables": {"examples": {"expectations": 5, "failed": 1}}}, "dropped": {}}
TAGS = {"base_license": "gemma", "code_dirty": "false"}


def found(metrics=None, tags=None, pii=0):
    metrics = {"mask": CHECKED, "split": CHECKED} if metrics is None else metrics
    summary = {"models": {"candidate": {**FIGURES, "pii_answers": pii}}}
    return {
        line["what"]: line
        for line in compliance(tiny_params(), summary, metrics, TAGS if tags is None else tags)
    }


def test_all_is_well():
    lines = found()
    assert all(line["ok"] for line in lines.values()) and len(lines) == 6
    assert lines["checks_held"]["values"] == {"n": 10, "failed": 0}


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"metrics": {"mask": BROKEN}}, "residual_broken"),
        ({"metrics": {"split": BROKEN}}, "contamination_broken"),
        ({"metrics": {"dedup": BROKEN}}, "checks_broken"),
        ({"pii": 1}, "answers_broken"),
        ({"tags": {"base_license": "nobody's"}}, "licence_broken"),
        ({"tags": {"code_dirty": "true"}}, "code_broken"),
    ],
)
def test_a_broken_promise_is_told(changed, what):
    assert found(**changed)[what]["ok"] is False


def test_what_nobody_looked_at_is_not_called_held():
    lines = found(metrics={}, tags={})
    for what in ("residual", "contamination", "licence", "checks", "code"):
        assert lines[f"{what}_unknown"]["ok"] is None


def test_rows_too_near_to_the_tests_are_counted_and_others_not():
    split = {**CHECKED, "dropped": {"held_out_quote": 3, "corpus_golden_group": 2, "side_duplicate": 9}}
    made = {**CHECKED, "dropped": {"near_held_out": 4, "unchanged": 9}}
    assert found(metrics={"split": split, "synthesize": made})["contamination_held"]["values"] == {"n": 9}
