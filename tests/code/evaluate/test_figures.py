"""Shares, slices, and the interval of a gain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluate.figures import figures, gain_over, paired_gain, right, slices


def row(number=1, **changed):
    return {
        "example_id": f"e{number}",
        "origin": "faq",
        "language": "zh",
        "intent": "order/place",
        "predicted_intent": "order/place",
        "facts_found": 1,
        "facts_total": 1,
        "hand_over_expected": False,
        "hand_over_given": False,
        "forbidden": 0,
        "pii": 0,
        "chrf": 50.0,
        **changed,
    }


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


def test_a_share_of_nothing_is_none():
    found = figures([])
    assert found["key_facts"] == {"right": 0, "of": 0, "share": None}
    assert found["chrf"] is None


def test_answers_are_counted_once_however_many_words_they_hold():
    found = figures([row(1, forbidden=3), row(2, pii=2), row(3)])
    assert (found["forbidden_answers"], found["pii_answers"]) == (1, 1)


def test_slices_hold_every_value_of_every_column():
    rows = {"base": [row(1), row(2, language="en")], "candidate": [row(1), row(2, language="en")]}
    found = slices(rows, ("language", "origin"))
    assert [(s["by"], s["value"]) for s in found] == [
        ("language", "en"),
        ("language", "zh"),
        ("origin", "faq"),
    ]
    assert found[0]["models"]["candidate"]["n"] == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_the_interval_holds_the_gain_and_stays_in_bounds(pairs):
    first, second = zip(*pairs, strict=True)
    found = paired_gain(list(first), list(second), 13)
    assert -1 <= found["low"] <= found["high"] <= 1
    assert found["gain"] == pytest.approx(sum(second) / len(second) - sum(first) / len(first), abs=1e-4)


def test_a_clear_gain_has_an_interval_above_zero_and_no_gain_has_not():
    assert paired_gain([False] * 50, [True] * 40 + [False] * 10, 13)["low"] > 0.6
    mixed = paired_gain([True, False] * 25, [False, True] * 25, 13)
    assert mixed["low"] < 0 < mixed["high"]


def test_the_bootstrap_is_repeatable():
    first, second = [True, False, False, True] * 9, [True, True, False, False] * 9
    assert paired_gain(first, second, 5) == paired_gain(first, second, 5)


def test_no_question_no_gain():
    assert paired_gain([], [], 1) == {"gain": None, "low": None, "high": None, "n": 0}


def test_a_gain_compares_the_same_questions_only():
    rows = {"base": [row(1, facts_found=0), row(9)], "candidate": [row(1), row(2)]}
    found = gain_over(rows, "base", 13)
    assert (found["n"], found["gain"]) == (1, 1.0)
