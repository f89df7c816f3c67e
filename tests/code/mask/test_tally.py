"""Tallies add up to the same, in any order and any cut; samples are masked, bounded and spread over types."""

import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.conversation import Masked
from pipelines.mask.labels import PLACEHOLDER, Finding
from pipelines.mask.tally import CHARS_SHOWN, SAMPLES, Tally


def talk(number, *messages, put="<手机号1>"):
    """A conversation whose messages are (original, masked, findings); `put` stands for each find."""
    turns = [("customer", original) for original, _, _ in messages]
    texts, findings = [m for _, m, _ in messages], [f for _, _, f in messages]
    return f"c{number:03}", turns, Masked(texts, findings, [[put] * len(found) for found in findings])


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
    assert Counter(s["type"] for s in shown) == {"PERSON": 1, "PHONE": SAMPLES}
    assert len({s["text"] for s in shown}) == len(shown)
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


@pytest.mark.parametrize("put", ["李强", "<会员号1>", "<MEMBER_1>"])
@pytest.mark.parametrize("kind", ["PERSON", "MEMBER"])
def test_what_stands_in_the_place_is_in_the_middle_whatever_its_label(kind, put):
    text = f"{'问' * 300}张伟{'答' * 300}"
    found = [Finding(300, 302, kind, 0.8, "NamedEntity")]
    one = talk(1, (text, text.replace("张伟", put), found), put=put)
    [sample] = tally_of([one]).samples[kind]
    before, _, after = sample["text"].strip("…").partition(put)
    assert "张伟" not in sample["text"] and len(before) == CHARS_SHOWN / 2 and len(after) > CHARS_SHOWN / 3


def test_the_second_of_two_finds_stands_where_the_first_left_room():
    text = f"张伟{'问' * 400}C10002345{'答' * 400}"
    found = [Finding(0, 2, "PERSON", 0.8, "NamedEntity"), Finding(402, 411, "MEMBER", 0.8, "Own")]
    masked = text.replace("张伟", "<姓名1>").replace("C10002345", "<会员号1>")
    conversation = ("c1", [("customer", text)], Masked([masked], [found], [["<姓名1>", "<会员号1>"]]))
    [sample] = tally_of([conversation]).samples["MEMBER"]
    assert sample["text"].index("<会员号1>") == 1 + CHARS_SHOWN / 2


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1,2,3,4]", json.dumps([{}, {}, {"PHONE": [{}]}, []])])
def test_a_damaged_tally_is_an_error_that_the_store_knows(text):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        Tally.parse(text)
