from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.labels import LABELS, PLACEHOLDER, Finding, placeholder
from pipelines.mask.resolve import resolve

TEXT = "0123456789abcdefghijklmnopqrst"
FINDINGS = st.lists(
    st.builds(
        lambda start, length, kind, score: Finding(start, min(start + length, len(TEXT)), kind, score, "x"),
        st.integers(0, len(TEXT) - 1),
        st.integers(1, 12),
        st.sampled_from(["PHONE", "PERSON", "ADDRESS"]),
        st.sampled_from([0.5, 0.8, 1.0]),
    ),
    max_size=8,
)


@given(FINDINGS)
def test_nothing_overlaps_and_nothing_found_is_left(findings):
    resolved = resolve(TEXT, findings)
    assert all(a.end <= b.start for a, b in pairwise(resolved))
    covered = {i for f in resolved for i in range(f.start, f.end)}
    assert covered == {i for f in findings for i in range(f.start, f.end)}


@given(FINDINGS, st.randoms())
def test_order_does_not_matter(findings, random):
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert resolve(TEXT, shuffled) == resolve(TEXT, findings)


def test_longest_wins_then_score():
    long, short = Finding(0, 9, "ADDRESS", 0.5, "a"), Finding(2, 5, "PHONE", 1.0, "b")
    assert resolve(TEXT, [short, long]) == [long]
    low, high = Finding(0, 5, "PHONE", 0.6, "a"), Finding(0, 5, "QQ", 0.9, "b")
    assert resolve(TEXT, [low, high]) == [high]


@pytest.mark.parametrize(
    ("text", "found", "kind", "whole"),
    [
        ("ref WR4719-0826.", "WR4719", "ORDER_NUMBER", "WR4719-0826"),
        ("HTL2284-9031-K", "HTL2284", "ORDER_NUMBER", "HTL2284-9031-K"),
        ("单号WR4719/0826的", "WR4719", "TRACKING_NUMBER", "WR4719/0826"),
        ("order 4719/refund", "4719", "ORDER_NUMBER", "4719"),
        ("at B-703 Green Meadows", "703 Green Meadows", "ADDRESS", "B-703 Green Meadows"),
        ("call 4719-0826", "4719", "PHONE", "4719"),
    ],
)
def test_parts_that_are_joined_belong_to_the_value(text, found, kind, whole):
    start = text.index(found)
    [finding] = resolve(text, [Finding(start, start + len(found), kind, 0.7, "x")])
    assert text[finding.start : finding.end] == whole


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("热线400-820-6655", "400-820-6655", "PHONE"),
        ("热线400 820 6655", "820 6655", "PHONE"),
        ("我是小栗", "小栗", "PERSON"),
        ("栗木集客服", "栗木集客服", "PERSON"),
        ("ask LIMUJI", "LIMUJI", "PERSON"),
        ("<姓名1>在", "姓名1", "PERSON"),
    ],
)
def test_allow_list_and_placeholders_stay(text, value, kind, policy):
    start = text.index(value)
    assert resolve(text, [Finding(start, start + len(value), kind, 0.9, "x")], policy) == []


@pytest.mark.parametrize("kind", sorted(LABELS))
def test_every_type_has_a_placeholder_in_both_languages(kind):
    for chinese in (True, False):
        assert PLACEHOLDER.fullmatch(placeholder(kind, 12, chinese))
