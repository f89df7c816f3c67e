"""How far two mixes are apart, and how far chance alone takes them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.drift import by_chance, distance, drift, shares

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 60), min_size=1).map(Counter)


@given(COUNTS, COUNTS)
def test_a_distance_is_symmetric_and_within_bounds(before, now):
    found = distance(before, now)
    assert 0 <= found <= 1 and found == pytest.approx(distance(now, before), abs=1e-12)


@given(COUNTS, st.integers(2, 9))
def test_the_same_mix_is_no_distance_whatever_its_size(counts, times):
    assert distance(counts, Counter({k: n * times for k, n in counts.items()})) == pytest.approx(0, abs=1e-12)


def test_the_ends_and_a_known_value():
    assert distance(Counter(a=3), Counter(b=9)) == pytest.approx(1)
    # half of each mix is shared: H(1/4, 1/2, 1/4) - 1 = 0.5 bit
    assert distance(Counter(a=1, b=1), Counter(b=1, c=1)) == pytest.approx(0.5)


def test_chance_takes_small_samples_further():
    small, large = Counter(a=5, b=5, c=5), Counter(a=500, b=500, c=500)
    assert by_chance(small, small) > 10 * by_chance(large, large) > 0
    assert by_chance(small, small) == by_chance(small, small)


def test_what_chance_explains_is_no_drift_and_what_it_does_not_is():
    before = Counter(a=50, b=50)
    assert not drift(before, Counter(a=27, b=23))["beyond"]
    assert drift(before, Counter(a=45, b=5))["beyond"]


@pytest.mark.parametrize(
    ("before", "now"), [(Counter(), Counter(a=2)), (Counter(a=2), Counter()), (Counter(), Counter())]
)
def test_an_empty_side_is_no_drift(before, now):
    assert drift(before, now) == {"distance": 0.0, "by_chance": 0.0, "beyond": False}


def test_shares_list_what_only_one_side_has():
    rows = shares(Counter(a=1, b=3), Counter(a=2, c=2))
    assert [(row["name"], row["before"], row["now"]) for row in rows] == [
        ("a", 1, 2),
        ("c", 0, 2),
        ("b", 3, 0),
    ]
    assert [row["change"] for row in rows] == [25.0, 50.0, -75.0]
    assert shares(Counter(), Counter(a=1))[0]["change"] is None
