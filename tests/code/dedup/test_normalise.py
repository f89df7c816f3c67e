import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么退货?", "怎么退货"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("Where is my order?!", "where is MY order"),
        ("你好~ 在吗……", "你好在吗"),
        ("我是<PERSON_1>", "我是<PERSON_23>"),
        ("我是<PERSON>的朋友", "我是 [PERSON_2] 的朋友"),
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
        ("找<PERSON_1>", "找<PHONE_NUMBER_1>"),
        ("找<PERSON_1>", "找"),
        ("满99元", "满100元"),
    ],
)
def test_different_text(one, other):
    assert normalise(one) != normalise(other)


def test_a_placeholder_weighs_one_character():
    assert len(normalise("<PERSON_1>")) == len(normalise("<EMAIL_ADDRESS_12>")) == 1


@pytest.mark.parametrize("text", ["", " ", "?!。……", "___", "👍"])
def test_nothing_said_is_empty(text):
    assert normalise(text) == ""


@given(st.text())
def test_normalising_spaces_and_marks_changes_nothing(text):
    spaced = " ".join(text) if "<" not in text and "[" not in text and "{" not in text else text
    assert not set(normalise(spaced)) & set(" .,!?_，。！？")
