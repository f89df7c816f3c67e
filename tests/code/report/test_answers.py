"""Answers side by side."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.answers import compare, marks
from tests.code.report.made import sample


def text_of(pieces, without):
    return "".join(text for kind, text in pieces if kind != without)


@given(st.text(alphabet="退款ab 1，。\n", max_size=30), st.text(alphabet="退款ab 1，。\n", max_size=30))
def test_marks_lose_nothing(before, now):
    found = marks(before, now)
    if found:
        assert (
            "".join(text for _, text in found[0]) == before and "".join(text for _, text in found[1]) == now
        )
        assert text_of(found[0], "gone") == text_of(found[1], "added")


def test_chinese_is_marked_by_characters_and_latin_by_words():
    before, now = marks("您的订单3天内发货", "您的订单5天内发货")
    assert [p for p in before if p[0] == "gone"] == [("gone", "3")]
    assert [p for p in now if p[0] == "added"] == [("added", "5")]
    before, _ = marks("We ship within 48 hours", "We ship within 24 hours")
    assert [p for p in before if p[0] == "gone"] == [("gone", "48")]


def test_answers_with_little_in_common_are_not_marked():
    assert marks("您好，请联系人工客服", "The capital is Beijing") is None


def test_what_is_compared_is_the_champions_answer_where_there_is_one():
    answers = {"base": "不清楚", "champion": "3天发货", "candidate": "5天发货"}
    entry = compare([sample(model, answer=text) for model, text in answers.items()])[0]
    assert entry["against"] == "champion" and set(entry["marked"]) == {"champion", "candidate"}
    alone = compare([sample("candidate", answer=None)])[0]
    assert alone["against"] == "" and alone["marked"] == {}
