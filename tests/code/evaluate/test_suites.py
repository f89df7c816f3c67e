"""Cases passed in each suite."""

import pytest

from pipelines.evaluate.suites import LISTED, case_failures, results
from tests.code.evaluate.rows import question, row, suite

BEHAVIOUR = {
    "invariance": suite("invariance", passes=["same"]),
    "direction": suite(passes=["right", "differs"]),
}


def test_a_case_passes_when_all_its_answers_do():
    rows = [row(1, case="a"), row(2, case="a", failed=["right"]), row(3, case="b")]
    assert case_failures(suite(), rows) == {"a": ["right"], "b": []}


@pytest.mark.parametrize(
    "changed", [{"facts_found": 0}, {"hand_over_given": True}, {"predicted_intent": "refund/time"}]
)
def test_a_variant_with_another_outcome_breaks_invariance(changed):
    same = [row(1, case="a"), row(2, case="a", answer="另一种说法")]
    assert case_failures(BEHAVIOUR["invariance"], same) == {"a": []}
    assert case_failures(BEHAVIOUR["invariance"], [same[0], {**same[1], **changed}]) == {"a": ["same"]}


def test_a_status_that_changes_nothing_fails_the_direction():
    rows = [row(1, case="a", answer="可以取消"), row(2, case="a", answer="可以取消")]
    assert case_failures(BEHAVIOUR["direction"], rows) == {"a": ["differs"]}
    assert case_failures(BEHAVIOUR["direction"], [rows[0], row(2, case="a", answer="不能取消")]) == {"a": []}


def test_a_suite_tells_version_results_of_each_model_gain_and_failures():
    questions = {"faq": [question(n) for n in range(4)], "tone": [question(9, of=suite("tone"))]}
    base = [row(n, failed=["right"]) for n in range(3)]
    found = results({"base": base, "candidate": [row(0), row(1), row(2, failed=["right"])]}, questions, 1)
    assert list(found) == ["faq"]
    faq = found["faq"]
    assert (faq["version"], faq["kind"], faq["available"], faq["asked"]) == (3, "function", 4, 3)
    assert faq["models"]["candidate"] == {"right": 2, "of": 3, "share": 0.6667}
    assert faq["gain"]["base"]["gain"] == pytest.approx(2 / 3, abs=1e-4) and faq["gain"]["base"]["n"] == 3
    assert faq["failures"] == [{"case": "e2", "failed": ["right"], "examples": ["e2"]}]


def test_not_more_failures_are_listed_than_anybody_reads():
    rows = [row(n, failed=["right"]) for n in range(40)]
    found = results({"base": rows, "candidate": rows}, {"faq": [question(n) for n in range(40)]}, 1)
    assert len(found["faq"]["failures"]) == LISTED
