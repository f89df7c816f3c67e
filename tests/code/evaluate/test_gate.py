"""Each point of the gate, alone."""

import copy
import json

import pytest

from pipelines.evaluate.gate import BLESSED, NOT_BLESSED, SAYS, judge, value
from pipelines.params.sections import Gate

ASKS = {
    "thresholds": {
        "key_facts": {
            "greater_is_better": True,
            "threshold": 0.5,
            "base": {"min_absolute_change": 0.1},
            "champion": {"min_absolute_change": -0.03},
        },
        "chrf": {"greater_is_better": True, "threshold": 30.0},
        "reply_chars": {"greater_is_better": False, "threshold": 45.0},
        "loss": {"greater_is_better": False, "base": {"min_relative_change": 0.1}},
    },
    "suites": {"emotion": 0.75},
    "no_regression": {"measure": "right", "by": ["language"], "max_loss": 0.1, "min_questions": 8},
    "max_perplexity_ratio": 1.5,
    "max_pii_answers": 0,
    "max_forbidden_answers": 1,
}
GATE = Gate.model_validate(ASKS)
GAIN = {"gain": 0.4, "low": 0.3, "high": 0.5, "n": 100}
SLIGHT = {"gain": -0.02, "low": -0.1, "high": 0.5, "n": 100}
BETTER = {"key_facts": GAIN, "loss": {"gain": -1.0, "low": -1.2, "high": -0.8, "n": 40}}
FIGURES = {
    "n": 120,
    "key_facts": {"right": 60, "of": 100, "share": 0.6},
    "loss": {"loss": 1.0, "tokens": 900},
    "chrf": 40.0,
    "reply_chars": 30.0,
    "pii_answers": 0,
    "forbidden_answers": 1,
}
GOOD = {
    "models": {"base": {**FIGURES, "loss": {"loss": 2.0}}, "champion": FIGURES, "candidate": FIGURES},
    "gains": {"base": BETTER, "champion": {"key_facts": {**SLIGHT}}},
    "suites": {"emotion": {"models": {"candidate": {"right": 3, "of": 4, "share": 0.75}}}},
    "slices": [{"by": "language", "value": "en", "gain": {"champion": {"right": SLIGHT}}}],
    "forgetting": {"before": 20.0, "after": 25.0, "ratio": 1.25, "tokens": 2000},
    "champion_note": "the champion is kefu-instruction version 1",
}
CASES = [  # path in the summary, its value, the check that fails, its code
    (["models", "candidate", "key_facts", "share"], 0.4, "key_facts.threshold", "key_facts"),
    (["models", "candidate", "key_facts", "share"], None, "key_facts.threshold", "no_key_facts"),
    (["models", "candidate", "chrf"], 29.0, "chrf.threshold", "at_least"),
    (["models", "candidate", "chrf"], None, "chrf.threshold", "unmeasured"),
    (["models", "candidate", "reply_chars"], 46.0, "reply_chars.threshold", "at_most"),
    (["gains", "base", "key_facts", "gain"], 0.05, "key_facts.base", "over_base"),
    (["gains", "base", "key_facts", "gain"], None, "key_facts.base", "no_base"),
    (["gains", "champion", "key_facts", "gain"], -0.04, "key_facts.champion", "against_champion"),
    (["gains", "champion", "key_facts", "gain"], None, "key_facts.champion", "unmeasured"),
    (["gains", "base", "loss", "gain"], -0.1, "loss.base", "change"),
    (["suites", "emotion", "models", "candidate", "share"], 0.5, "suite.emotion", "suite"),
    (["suites"], {}, "suite.emotion", "no_suite"),
    (
        ["slices", 0, "gain", "champion", "right"],
        {"gain": -0.2, "low": -0.3, "high": -0.01, "n": 8},
        "slice.language.en",
        "slice_worse",
    ),
    (["forgetting", "ratio"], 1.51, "perplexity_ratio", "general_text"),
    (["models", "candidate", "pii_answers"], 1, "pii_answers", "pii_answers"),
    (["models", "candidate", "forbidden_answers"], 2, "forbidden_answers", "forbidden_answers"),
]


def changed(path, value):
    summary = copy.deepcopy(GOOD)
    place = summary
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return summary


def without_champion():
    summary = changed(["champion_note"], "no version of kefu-instruction is champion yet")
    del summary["models"]["champion"], summary["gains"]["champion"]
    return summary


def test_all_points_passed_is_blessed():
    found = judge(GOOD, GATE)
    assert found["verdict"] == BLESSED
    assert [reason["check"] for reason in found["reasons"] if reason["passed"]] == [
        "key_facts.threshold",
        "key_facts.base",
        "key_facts.champion",
        "chrf.threshold",
        "reply_chars.threshold",
        "loss.base",
        "suite.emotion",
        "slices",
        "perplexity_ratio",
        "pii_answers",
        "forbidden_answers",
    ]


@pytest.mark.parametrize(("path", "value", "check", "code"), CASES)
def test_one_failed_point_is_not_blessed_and_named(path, value, check, code):
    found = judge(changed(path, value), GATE)
    assert found["verdict"] == NOT_BLESSED
    failed = [(reason["check"], reason["code"]) for reason in found["reasons"] if not reason["passed"]]
    assert failed == [(check, code)]


def test_every_reason_is_told_and_not_the_first_alone():
    summary = changed(["models", "candidate", "pii_answers"], 3)
    summary["models"]["candidate"]["chrf"] = 1.0
    assert sum(not reason["passed"] for reason in judge(summary, GATE)["reasons"]) == 2


def test_without_a_champion_the_reason_says_why_and_no_slice_is_judged():
    found = judge(without_champion(), GATE)
    assert found["verdict"] == BLESSED
    assert "champion yet" in found["reasons"][2]["says"]
    assert "slices" not in [reason["check"] for reason in found["reasons"]]


@pytest.mark.parametrize(
    "gain",
    [
        {"gain": -0.2, "low": -0.3, "high": -0.1, "n": 7},
        {"gain": -0.2, "low": -0.5, "high": 0.1, "n": 9},
        {"gain": -0.05, "low": -0.09, "high": -0.01, "n": 90},
    ],
)
def test_a_slice_that_is_small_unsure_or_hardly_worse_is_let_through(gain):
    assert judge(changed(["slices", 0, "gain", "champion", "right"], gain), GATE)["verdict"] == BLESSED


def test_a_change_is_judged_as_mlflow_judges_it():
    from mlflow import validate_evaluation_results
    from mlflow.models import MetricThreshold
    from mlflow.models.evaluation import EvaluationResult
    from mlflow.models.evaluation.validation import ModelValidationFailedException

    for greater in (True, False):
        for ours, base in ((2.0, 1.0), (1.05, 1.0), (1.0, 2.0), (1.0, 1.0), (0.1, 0.0)):
            for asks in ({"min_absolute_change": 0.1}, {"min_relative_change": 0.1}):
                limit = MetricThreshold(greater_is_better=greater, **asks)
                results = [EvaluationResult({"chrf": n}, {}) for n in (ours, base)]
                try:
                    validate_evaluation_results({"chrf": limit}, *results)
                    passed = True
                except ModelValidationFailedException:
                    passed = False
                assert mine(greater, asks, ours, base) == passed, (greater, ours, base, asks)


def mine(greater, asks, ours, base):
    only = {"chrf": {"greater_is_better": greater, "base": asks}}
    summary = copy.deepcopy(GOOD)
    summary["models"]["base"]["chrf"] = base
    summary["gains"]["base"]["chrf"] = {"gain": ours - base, "low": 0.0, "high": 0.0, "n": 9}
    gate = Gate.model_validate({**ASKS, "thresholds": only})
    return judge(summary, gate)["reasons"][0]["passed"]


def test_a_reason_has_a_code_and_the_values_that_it_says():
    reasons = {reason["code"]: reason for reason in judge(GOOD, GATE)["reasons"]}
    assert reasons["key_facts"]["values"] == {"right": 60, "of": 100, "percent": 60.0, "limit": 50.0}
    assert reasons["key_facts"]["says"].startswith("60 of 100 held-out FAQ wordings")
    assert "(60.0%); at least 50.0% is asked" in reasons["key_facts"]["says"]
    said = reasons["against_champion"]["says"]
    assert "-2.0 points against the champion (95 % interval -10.0 to +50.0)" in said
    assert "a loss of at most 3.0 is let through" in said
    assert reasons["pii_answers"]["says"] == "0 of 120 answers with personal data; at most 0 let through"
    assert "-0.2 or better is asked" in reasons["change"]["says"]


def test_the_values_stand_in_json_and_every_code_can_be_met():
    summaries = [GOOD, without_champion(), *(changed(path, value) for path, value, _, _ in CASES)]
    reasons = [reason for summary in summaries for reason in judge(summary, GATE)["reasons"]]
    assert json.loads(json.dumps(reasons)) == reasons
    assert {reason["code"] for reason in reasons} == set(SAYS)


def test_a_measure_is_a_number_or_nothing():
    assert value(FIGURES, "key_facts") == 0.6 and value(FIGURES, "loss") == 1.0
    assert value(FIGURES, "chrf") == 40 and value(FIGURES, "rouge_l") is None
