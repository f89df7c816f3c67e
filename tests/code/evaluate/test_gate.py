"""Each point of the gate, alone."""

import copy
import json

import pytest

from pipelines.evaluate.gate import BLESSED, NOT_BLESSED, judge
from pipelines.params import Gate

GATE = Gate(
    min_key_fact_accuracy=0.5,
    min_gain_over_base=0.1,
    max_loss_against_champion=0.03,
    max_perplexity_ratio=1.5,
    max_pii_answers=0,
    max_forbidden_answers=1,
)
GAIN = {"gain": 0.4, "low": 0.3, "high": 0.5, "n": 100}
GOOD = {
    "models": {
        "candidate": {
            "n": 120,
            "key_facts": {"right": 60, "of": 100, "share": 0.6},
            "pii_answers": 0,
            "forbidden_answers": 1,
        }
    },
    "gain": {"base": GAIN, "champion": {**GAIN, "gain": -0.02, "low": -0.1}},
    "forgetting": {"before": 20.0, "after": 25.0, "ratio": 1.25, "tokens": 2000},
    "champion_note": "the champion is kefu-instruction version 1",
}


def changed(path, value):
    summary = copy.deepcopy(GOOD)
    place = summary
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return summary


def test_all_points_passed_is_blessed():
    found = judge(GOOD, GATE)
    assert found["verdict"] == BLESSED
    assert [reason["passed"] for reason in found["reasons"]] == [True] * 6


@pytest.mark.parametrize(
    ("path", "value", "check"),
    [
        (["models", "candidate", "key_facts"], {"right": 4, "of": 10, "share": 0.4}, "key_fact_accuracy"),
        (["models", "candidate", "key_facts"], {"right": 0, "of": 0, "share": None}, "key_fact_accuracy"),
        (["gain", "base", "gain"], 0.05, "gain_over_base"),
        (["gain", "base", "gain"], None, "gain_over_base"),
        (["gain", "champion", "gain"], -0.04, "loss_against_champion"),
        (["forgetting", "ratio"], 1.51, "perplexity_ratio"),
        (["models", "candidate", "pii_answers"], 1, "pii_answers"),
        (["models", "candidate", "forbidden_answers"], 2, "forbidden_answers"),
    ],
)
def test_one_failed_point_is_not_blessed_and_named(path, value, check):
    found = judge(changed(path, value), GATE)
    assert found["verdict"] == NOT_BLESSED
    assert [reason["check"] for reason in found["reasons"] if not reason["passed"]] == [check]


def test_without_a_champion_the_reason_says_why():
    summary = copy.deepcopy(GOOD)
    del summary["gain"]["champion"]
    summary["champion_note"] = "no version of kefu-instruction is champion yet"
    found = judge(summary, GATE)
    assert found["verdict"] == BLESSED
    assert "champion yet" in found["reasons"][2]["says"]


def test_a_reason_has_a_code_and_the_values_that_it_says():
    reasons = {reason["code"]: reason for reason in judge(GOOD, GATE)["reasons"]}
    assert list(reasons) == [
        *("key_facts", "over_base", "against_champion", "general_text"),
        *("pii_answers", "forbidden_answers"),
    ]
    assert reasons["key_facts"]["values"] == {"right": 60, "of": 100, "percent": 60.0, "limit": 50.0}
    assert reasons["key_facts"]["says"].startswith("60 of 100 held-out FAQ wordings")
    assert "(60.0%); at least 50.0% is asked" in reasons["key_facts"]["says"]
    assert (
        "-2.0 points against the champion (95 % interval -10.0 to +50.0)"
        in reasons["against_champion"]["says"]
    )
    assert reasons["pii_answers"]["says"] == "0 of 120 answers with personal data; at most 0 let through"


def test_the_values_stand_in_json():
    reasons = judge(changed(["models", "candidate", "key_facts"], {"right": 0, "of": 0, "share": None}), GATE)
    assert json.loads(json.dumps(reasons)) == reasons
    assert reasons["reasons"][0]["code"] == "no_key_facts"
