"""Shares, gains, slices, and what changed most."""

from typing import get_args

import pytest

from pipelines.evaluate.figures import COUNTED, MEASURES, changed_most, figures, gains, right, slices
from pipelines.params.sections import Measure
from tests.code.evaluate.rows import row


def test_every_measure_that_the_gate_may_name_is_measured():
    assert set(MEASURES) == set(get_args(Measure)) and set(COUNTED) < set(MEASURES)


def test_right_needs_every_fact():
    assert right(row(facts_found=2, facts_total=2))
    assert not right(row(facts_found=1, facts_total=2))
    assert not right(row(facts_found=0, facts_total=0))


def test_the_headline_counts_faq_wordings_only():
    rows = [row(1), row(2, facts_found=0), row(3, origin="log"), row(4, hand_over_expected=True)]
    found = figures(rows)
    assert found["key_facts"] == {"right": 1, "of": 2, "share": 0.5}
    assert found["key_facts_all"]["of"] == 4


def test_hand_over_precision_and_recall():
    rows = [
        row(1, hand_over_expected=True, hand_over_given=True),
        row(2, hand_over_expected=True),
        row(3, hand_over_expected=True),
        row(4, hand_over_given=True),
        row(5),
    ]
    found = figures(rows)
    assert found["hand_over_precision"] == {"right": 1, "of": 2, "share": 0.5}
    assert found["hand_over_recall"] == {"right": 1, "of": 3, "share": 0.3333}


@pytest.mark.parametrize(
    ("changed", "measure", "value"),
    [
        ({"forbidden": 2}, "forbidden_rate", 0.5),
        ({"pii": 1}, "pii_rate", 0.5),
        ({"contradicts": 1}, "contradiction_rate", 0.5),
        ({"in_style": False}, "in_style", 0.5),
        ({"in_style": False, "hand_over_expected": True}, "in_style", 1.0),
        ({"chars": 40}, "reply_chars", 30.0),
        ({"chrf": 100.0}, "chrf", 75.0),
        ({"rouge_l": 0.0}, "rouge_l", 20.0),
        ({"rouge_l": 0.0, "reference": ""}, "rouge_l", 40.0),
    ],
)
def test_each_mean_moves_with_its_column(changed, measure, value):
    assert figures([row(1), row(2, **changed)])[measure] == pytest.approx(value)


def test_answers_that_are_not_the_brands_count_for_personal_data_and_forbidden_words_only():
    found = figures([row(1), row(2, plain=True, facts_found=0, pii=1, forbidden=1, chrf=0.0)])
    assert found["right"] == {"right": 1, "of": 1, "share": 1.0} and found["chrf"] == 50
    assert found["pii_answers"] == found["forbidden_answers"] == 1 and found["n"] == 2


def test_no_rows_no_shares():
    found = figures([])
    assert found["key_facts"]["share"] is None and found["chrf"] is None and found["n"] == 0


def test_the_loss_is_weighted_by_tokens():
    rows = {"base": [row(1, loss=(30.0, 10)), row(2)], "candidate": [row(1, loss=(10.0, 10)), row(2)]}
    assert gains(rows, "base", 1)["loss"]["gain"] == -2


def test_a_gain_compares_the_same_questions_only():
    rows = {"base": [row(1, facts_found=0), row(9)], "candidate": [row(1), row(2)]}
    found = gains(rows, "base", 13)["key_facts"]
    assert (found["n"], found["gain"]) == (1, 1.0)


def test_slices_are_cut_by_every_column_and_empty_values_are_none():
    both = [row(1), row(2, language="en", emotion="angry", turn=2)]
    found = slices({"base": both, "candidate": both}, 13, ("language", "emotion", "turn", "channel"))
    assert [(one["by"], one["value"]) for one in found] == [
        ("language", "en"),
        ("language", "zh"),
        ("emotion", "angry"),
        ("turn", "1"),
        ("turn", "2"),
    ]
    assert found[0]["models"]["candidate"]["n"] == 1
    assert found[0]["gain"]["base"]["right"] == {"gain": 0.0, "low": 0.0, "high": 0.0, "n": 1}


def test_what_changed_most_stands_first_and_what_did_not_change_is_left_out():
    base = [row(1), row(2, facts_found=0, chrf=1.0), row(3, facts_found=0), row(4)]
    candidate = [row(1, facts_found=0), row(2, chrf=90.0), row(3), row(4)]
    found = changed_most({"base": base, "candidate": candidate})
    assert found["against"] == "base"
    assert [one["example_id"] for one in found["better"]] == ["e2", "e3"]
    assert [one["example_id"] for one in found["worse"]] == ["e1"]


def test_the_champion_is_who_changes_are_against_and_ten_are_enough():
    rows = [row(n, facts_found=0) for n in range(30)]
    found = changed_most({"base": [], "champion": rows, "candidate": [row(n) for n in range(30)]})
    assert found["against"] == "champion" and len(found["better"]) == 10 and not found["worse"]
