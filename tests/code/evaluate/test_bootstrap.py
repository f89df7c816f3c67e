"""Intervals of differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluate.bootstrap import draws, interval, paired_gain

NOTHING = {"gain": None, "low": None, "high": None, "n": 0}


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
    assert paired_gain([], [], 1) == NOTHING


def test_a_resample_draws_as_many_questions_as_there_are():
    drawn = draws(7, 1)
    assert drawn.shape == (10_000, 7) and set(drawn.sum(axis=1)) == {7.0}
    assert drawn.mean() == pytest.approx(1, abs=0.01)


def test_a_ratio_weighs_its_parts_and_not_the_questions():
    theirs, ours = [(10.0, 10.0), (2.0, 1.0)], [(5.0, 10.0), (2.0, 1.0)]
    assert interval(theirs, ours, 1)["gain"] == pytest.approx(7 / 11 - 12 / 11, abs=1e-4)


def test_a_question_may_count_for_one_model_only():
    """Precision: who handed over differs between the models."""
    theirs = [(1.0, 1.0), (0.0, 0.0), (0.0, 1.0)]
    ours = [(1.0, 1.0), (1.0, 1.0), (0.0, 0.0)]
    found = interval(theirs, ours, 1)
    assert (found["gain"], found["n"]) == (0.5, 3)


def test_where_one_model_has_none_there_is_no_gain():
    found = interval([(0.0, 0.0)] * 4, [(1.0, 1.0)] * 4, 1)
    assert found["gain"] is None and found["n"] == 4


def test_the_interval_is_near_that_of_the_normal_approximation():
    rng = np.random.default_rng(3)
    first, second = rng.random(400) < 0.4, rng.random(400) < 0.6
    found = paired_gain(first, second, 13)
    width = 2 * 1.96 * np.std(second.astype(float) - first) / 20
    assert found["high"] - found["low"] == pytest.approx(width, rel=0.08)
