import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise
from pipelines.mask.labels import LABELS, placeholder


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么退货?", "怎么退货"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("Where is my order?!", "where is MY order"),
        ("你好~ 在吗……", "你好在吗"),
        ("我是<姓名1>", "我是<姓名23>"),
        ("我是<NAME_4>的朋友", "我是＜姓名2＞ 的朋友"),
        ("a_b", "ab"),
        ("好的👍", "好的"),
    ],
)
def test_same_text(one, other):
    assert normalise(one) == normalise(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("我要退货", "我要换货"),
        ("找<姓名1>", "找<手机号1>"),
        ("找<姓名1>", "找"),
        ("满99元", "满100元"),
    ],
)
def test_different_text(one, other):
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize("type_", LABELS)
def test_every_placeholder_weighs_one_character_of_its_type(type_):
    chinese, english = (normalise(placeholder(type_, 12, zh)) for zh in (True, False))
    assert chinese == english
    assert len(chinese) == 1


def test_types_stay_apart():
    assert len({normalise(placeholder(type_, 1, True)) for type_ in LABELS}) == len(LABELS)


@pytest.mark.parametrize("text", ["", " ", "?!。……", "___", "👍"])
def test_nothing_said_is_empty(text):
    assert normalise(text) == ""


@given(st.text())
def test_no_spaces_or_marks_are_left_and_once_is_enough(text):
    once = normalise(text)
    assert not set(once) & set(" .,!?_，。！？")
    assert once == normalise(once) or not once.isascii()
