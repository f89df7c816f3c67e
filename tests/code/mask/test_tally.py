"""Tallies add up to the same, in any order and any cut; samples are masked, bounded and spread over types."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.labels import PLACEHOLDER, Finding
from pipelines.mask.tally import CHARS_SHOWN, SAMPLES, Tally


def talk(number, *messages):
    """A conversation whose messages are (original, masked, findings)."""
    turns = [("customer", original) for original, _, _ in messages]
    return f"c{number:03}", turns, [m for _, m, _ in messages], [f for _, _, f in messages]


def phone(number):
    text = f"第{number % 40}次说电话13800138000谢谢"
    at = text.index("138")
    masked = text.replace("13800138000", "<手机号1>")
    return text, masked, [Finding(at, at + 11, "PHONE", 0.9, "Mobile")]


NAME = ("张伟", "<姓名1>", [Finding(0, 2, "PERSON", 0.8, "NamedEntity")])
NOTHING = ("你好", "你好", [])


def tally_of(talks):
    tally = Tally()
    for one in talks:
        tally.add(*one)
    return tally


TALKS = [talk(n, NOTHING, phone(n), NAME) for n in range(60)] + [talk(99, NOTHING)]


@given(st.randoms(), st.integers(1, 20))
def test_any_order_and_any_cut_gives_the_same(order, size):
    talks = TALKS.copy()
    order.shuffle(talks)
    total = Tally()
    for start in range(0, len(talks), size):
        total.update(Tally.parse(tally_of(talks[start : start + size]).dump()))
    assert total.dump() == tally_of(TALKS).dump()
    assert total.shown() == tally_of(TALKS).shown()


def test_counts():
    tally = tally_of(TALKS)
    assert tally.by_type() == {"PERSON": 60, "PHONE": 60}
    assert tally.by_recognizer() == {"Mobile": {"PHONE": 60}, "NamedEntity": {"PERSON": 60}}
    assert tally.amounts == {
        "conversations": 61,
        "conversations.masked": 60,
        "messages": 181,
        "messages.masked": 120,
        "messages.mostly_masked": 120,
    }


def test_samples_are_of_every_type_and_no_text_comes_twice():
    shown = tally_of(TALKS).shown()
    assert len(shown) == SAMPLES and {s["type"] for s in shown} == {"PERSON", "PHONE"}
    assert len({s["text"] for s in shown}) == SAMPLES
    [name] = [s for s in shown if s["type"] == "PERSON"]
    assert name == {
        "conversation_id": "c000",
        "turn": 3,
        "role": "customer",
        "before": phone(0)[1],
        "text": "<姓名1>",
        "type": "PERSON",
        "recognizer": "NamedEntity",
    }


def test_what_is_kept_does_not_grow():
    few, many = tally_of(TALKS[:20]), tally_of([talk(n, phone(n % 40), NAME) for n in range(900)])
    assert len(many.dump()) < 2 * len(few.dump())


def test_the_share_is_of_the_original_characters():
    third = ("一二三四五六七八九十甲乙", "…", [Finding(0, 4, "ADDRESS", 0.9, "AddressZh")])
    more = ("一二三四五六七八九十甲", "<地址1>…", [Finding(0, 4, "ADDRESS", 0.9, "AddressZh")])
    tally = tally_of([talk(1, third, more)])
    assert tally.amounts["messages.mostly_masked"] == 1
    assert [s["share"] for s in tally.mostly_masked] == [0.36]


@pytest.mark.parametrize("at", range(0, 400, 7))
def test_a_long_message_is_cut_around_the_placeholder_and_none_is_cut_apart(at):
    filler = "".join(random.Random(at).choices("好的请问,<姓名2>", k=400)).replace("<", "").replace(">", "")
    original = f"{filler[:at]}13800138000{filler[at:]}"
    masked = f"{filler[:at]}<手机号1>{filler[at:]}<姓名2>"
    found = [Finding(at, at + 11, "PHONE", 0.9, "Mobile")]
    [sample] = tally_of([talk(1, (original, masked, found), NAME)]).samples["PHONE"]
    assert "<手机号1>" in sample["text"] and len(sample["text"]) < CHARS_SHOWN + 20
    assert sample["text"].strip("…") in masked
    [name] = tally_of([talk(1, (original, masked, found), NAME)]).samples["PERSON"]
    assert name["before"].endswith("<姓名2>") and len(name["before"]) < 100
    for text in (sample["text"], name["before"]):
        assert "<" not in PLACEHOLDER.sub("", text)


def test_a_surrogate_is_shown_where_the_value_stood():
    text = f"{'问' * 300}张伟{'答' * 300}"
    found = [Finding(300, 302, "PERSON", 0.8, "NamedEntity")]
    [sample] = tally_of([talk(1, (text, text.replace("张伟", "李强"), found))]).samples["PERSON"]
    assert "李强" in sample["text"] and "张伟" not in sample["text"]


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1,2,3,4]", json.dumps([{}, {}, {"PHONE": [{}]}, []])])
def test_a_damaged_tally_is_an_error_that_the_store_knows(text):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        Tally.parse(text)
