"""The customer's half of a log by itself, and English answers to a question."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.dialogue import asked
from pipelines.mask.dialogue.answers_en import answers
from pipelines.mask.dialogue.bare import alone, answers_alone


def values(text, codes=False):
    return [text[start:end] for start, end, _ in answers_alone(text, codes)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("viswa", ["viswa"]),
        ("my nmae is kavisri", ["kavisri"]),
        ("david pratt", ["david pratt"]),
        ("nivika 45 gmailcom", ["nivika 45 gmailcom"]),
        ("789 567 3434", ["789 567 3434"]),
        ("richard 5643 9877 6655", ["richard", "5643 9877 6655"]),
        ("852 thomas ave new york", ["852 thomas ave new york"]),
        ("451 madurai 7536492783", ["451 madurai", "7536492783"]),
        ("i am robert west and password is 3679", ["robert west", "3679"]),
        ("5219", ["5219"]),
        ("2 tickets", []),
        ("10 units", []),
        ("$400", []),
        ("windows 10", []),
        ("psrew 410", []),
        ("mushroom pizza", []),
        ("ok thnaks", []),
        ("nothanks", []),
        ("delhi to mumbai", []),
        ("total 500", []),
        ("what is your name?", []),
        ("我叫viswa", []),
    ],
)
def test_answers_alone(text, expected):
    assert values(text) == expected


def test_a_code_in_pieces_is_a_reference_where_bookings_are_the_talk():
    assert alone(["i want to change my flight", "f 4 y 7 j 8"]) == {1: [(0, 11, "ORDER_NUMBER")]}


def test_a_date_is_no_telephone():
    assert values("26082018") == []


def test_an_agent_in_the_log_leaves_it_to_the_questions():
    assert mask_conversation([("agent", "Hello"), ("customer", "viswa")], {}).findings == [[], []]
    assert mask_conversation([("customer", "viswa")], {}).texts == ["<NAME_1>"]


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("We can't unblock WeChat. Order number please?", ["ORDER_NUMBER"]),
        ("I need your booking. The reference?", ["ORDER_NUMBER"]),
        ("Your e-mail is fine. And the phone number?", ["PHONE"]),
    ],
)
def test_what_is_asked_is_what_the_asking_sentence_names(question, kinds):
    assert asked(question) == kinds


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        (
            "Ostrowski / HFD93K",
            ["PERSON", "ORDER_NUMBER"],
            [("Ostrowski", "PERSON"), ("HFD93K", "ORDER_NUMBER")],
        ),
        (
            "tanisha brooks 8-19-1994",
            ["PERSON", "BIRTH_DATE"],
            [("tanisha brooks", "PERSON"), ("8-19-1994", "BIRTH_DATE")],
        ),
        ("vishwa... sorry, viswa", ["PERSON"], [("vishwa", "PERSON"), ("viswa", "PERSON")]),
        ("W-O-J-C-I-K", ["PERSON"], [("W-O-J-C-I-K", "PERSON")]),
        ("May", ["PERSON"], [("May", "PERSON")]),
        ("oh double seven three one nine two", ["PHONE"], [("oh double seven three one nine two", "PHONE")]),
        (
            "twenty third of august nineteen seventy nine",
            ["BIRTH_DATE"],
            [("twenty third of august nineteen seventy nine", "BIRTH_DATE")],
        ),
        (
            "whiskey x-ray one eight foxtrot",
            ["LICENSE_PLATE"],
            [("whiskey x-ray one eight foxtrot", "LICENSE_PLATE")],
        ),
        ("Xanthe Papadaki xanthe@example.com", ["PERSON"], [("Xanthe Papadaki", "PERSON")]),
        ("Hoshino Takeshi, 11 to 14 April", ["PERSON"], [("Hoshino Takeshi", "PERSON")]),
        ("Kofi, last sunday, table 14", ["PERSON"], [("Kofi", "PERSON")]),
        ("please wait", ["PERSON"], []),
        ("one moment", ["PHONE"], []),
    ],
)
def test_answers_in_english(text, asked, expected):
    assert [(text[start:end], kind) for start, end, kind in answers(text, asked)] == expected


@given(st.text(alphabet="abc 019.-@'xyz", max_size=60))
def test_spans_lie_in_the_text_and_do_not_overlap(text):
    spans = answers_alone(text, codes=True)
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
