"""An answer that is taught often is learned whole a few times, then as far as it takes to tell it apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.encode import Segment
from pipelines.tune.answers import BEYOND, recitals, shorten
from tests.code.training.tiny import example

QUESTION = [9, 9]
answers = st.lists(st.integers(0, 3), min_size=1, max_size=9)


def taught(*said: list[int]) -> list[Segment]:
    return [Segment([*QUESTION, *answer], len(QUESTION)) for answer in said]


def learned(segments: list[Segment]) -> list[list[int]]:
    return [segment.input_ids[segment.answer_from :] for segment in segments]


def test_whole_at_first_then_up_to_a_little_beyond_where_it_parts():
    one, other = [1, 2, 3, *range(20, 30)], [1, 2, 4, *range(40, 50)]
    found = learned(shorten(taught(one, other, one, one, other), whole=2))
    assert found == [one, other, one, one[: 3 + BEYOND], other]


def test_an_answer_that_another_goes_on_from_keeps_its_end():
    short, long = [1, 2], [1, 2, *range(20, 30)]
    found = learned(shorten(taught(short, short, long, long), whole=1))
    assert found == [short, short, long, long[: 3 + BEYOND]]


def test_zero_leaves_all_as_it_is():
    segments = taught([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7])
    assert shorten(segments, 0) == segments


@given(st.lists(answers, max_size=30), st.integers(1, 4))
def test_what_is_learned_tells_the_answer_apart(said, whole):
    distinct = {tuple(answer) for answer in said}
    for answer, kept in zip(said, learned(shorten(taught(*said), whole)), strict=True):
        assert answer[: len(kept)] == kept
        fitting = {other for other in distinct if list(other[: len(kept)]) == kept}
        assert fitting == {tuple(answer)} or kept == answer


@given(st.lists(answers, min_size=1, max_size=30), st.integers(1, 4))
def test_more_whole_answers_never_shorten_one(said, whole):
    fewer, more = (learned(shorten(taught(*said), count)) for count in (whole, whole + 1))
    assert all(len(short) <= len(long) for short, long in zip(fewer, more, strict=True))


@given(st.lists(answers, min_size=1, max_size=30), st.integers(1, 4))
def test_the_question_stays(said, whole):
    segments = shorten(taught(*said), whole)
    assert all(s.input_ids[: s.answer_from] == QUESTION for s in segments)
    assert all(one.answer_from == other.answer_from for one, other in pairwise(segments))


ROWS = [example(i, topic=i % 2) for i in range(6)] + [example(9, topic=2)]
OFTEN = {row["messages"][-1]["content"] for row in ROWS[:2]}


def said(tokenizer, segment: Segment, learned: bool = True) -> str:
    ids = segment.input_ids
    return tokenizer.decode(ids[segment.answer_from :] if learned else ids)


def test_what_is_taught_often_is_recited_without_a_question(tokenizer):
    alone = recitals(tokenizer, ROWS, whole=2, times=3, max_tokens=512)
    assert len(alone) == 2 * 3
    for answer in OFTEN:
        found = [s for s in alone if answer in said(tokenizer, s, learned=False)]
        assert len(found) == 3
        assert "You are Xiaoli." in said(tokenizer, found[0], learned=False)
        assert answer.endswith(said(tokenizer, found[0]).removesuffix("<end_of_turn>"))
    assert not any(row["messages"][1]["content"] in said(tokenizer, s, False) for row in ROWS for s in alone)


def test_a_recital_is_learned_from_where_it_parts_and_ends_with_the_turn(tokenizer):
    rows = [example(i) for i in range(2)]
    beginnings = ["满99元包邮", "满99元免运费"]
    rows = [
        {
            **row,
            "messages": [
                *row["messages"][:2],
                {"role": "assistant", "content": beginning + "，请放心下单。"},
            ],
        }
        for row, beginning in zip(rows, beginnings, strict=True)
    ]
    alone = recitals(tokenizer, rows * 2, whole=1, times=1, max_tokens=512)
    learned = [said(tokenizer, segment) for segment in alone]
    assert all(text.endswith("请放心下单。<end_of_turn>") for text in learned)
    assert not any(text.startswith("满99元") for text in learned)


def test_the_shortest_system_message_stands_before_it(tokenizer):
    rows = [{**row, "messages": [dict(m) for m in row["messages"]]} for row in ROWS]
    for row in rows[:4]:
        row["messages"][0]["content"] += "\nOrder status: paid"
    alone = recitals(tokenizer, rows, whole=2, times=1, max_tokens=512)
    assert len(alone) == 2 and not any("paid" in said(tokenizer, s, learned=False) for s in alone)


@pytest.mark.parametrize(("whole", "times"), [(0, 6), (4, 0), (9, 6)])
def test_none_where_none_is_asked_for_or_no_answer_is_common(tokenizer, whole, times):
    assert recitals(tokenizer, ROWS, whole, times, 512) == []


def test_recitals_do_not_depend_on_the_order_of_rows(tokenizer):
    assert recitals(tokenizer, ROWS[::-1], 2, 1, 512) == recitals(tokenizer, ROWS, 2, 1, 512)
