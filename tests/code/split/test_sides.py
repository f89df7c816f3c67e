from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.params.sections import Split
from pipelines.split.sides import faq_entries, position, side_of, sides

PARAMS = Split(salt="kefu", validation=0.08, test=0.15, near_duplicate=0.7, contamination_ngram=13)
names = st.text(min_size=1, max_size=8)
wordings = st.lists(names, min_size=1, max_size=14, unique=True)
OPENSSL = "69539380a101a01fcee7930ff7b43a1766469a66b2d3b911202bf5044755fd38"


def test_the_shares_are_those_of_the_parameters():
    counts = Counter(side_of(f"conversation-{i}", PARAMS) for i in range(20_000))
    assert counts["test"] / 20_000 == pytest.approx(0.15, abs=0.01)
    assert counts["validation"] / 20_000 == pytest.approx(0.08, abs=0.01)


def test_positions_are_fixed_for_ever():
    """HMAC-SHA256 of "c-0001" under "kefu", computed apart with `openssl dgst -hmac`."""
    assert position("c-0001", "kefu") == int(OPENSSL[:16], 16) / 2**64


@given(names, st.text(min_size=1, max_size=8), names)
def test_a_position_depends_on_salt_and_id_alone(group, salt, other):
    assert 0 <= position(group, salt) < 1
    assert position(group, salt) == position(group, salt)
    assert group == other or position(group, salt) != position(other, salt)


@given(wordings, st.lists(names, max_size=10))
def test_every_entry_is_taught_and_from_three_wordings_tested(entry, conversations):
    entry = [f"faq#{name}" for name in entry]
    found = sides([*entry, *conversations], {"faq": entry}, PARAMS)
    here = Counter(found[group] for group in entry)
    assert here["train"] >= 1
    assert len(entry) < 3 or here["test"] >= 1
    assert sum(found[group] != side_of(group, PARAMS) for group in entry) <= 2
    assert all(found[group] == side_of(group, PARAMS) for group in conversations)


@given(wordings, st.randoms())
def test_the_order_of_wordings_does_not_matter(entry, rng):
    shuffled = rng.sample(entry, len(entry))
    assert sides(entry, {"e": entry}, PARAMS) == sides(shuffled, {"e": shuffled}, PARAMS)


def test_entries_are_those_of_faq_examples():
    rows = [
        {"origin": "faq", "parent_ids": ["return.zh"], "group_id": "return.zh#a"},
        {"origin": "faq", "parent_ids": ["return.zh"], "group_id": "return.zh#b"},
        {"origin": "log", "parent_ids": ["c1", "return.zh"], "group_id": "c1"},
        {"origin": "faq", "parent_ids": [], "group_id": "stray"},
    ]
    assert faq_entries(rows) == {"return.zh": ["return.zh#a", "return.zh#b"]}
