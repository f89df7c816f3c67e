import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.telling import GRAM_CHARS, Texts, plain_key, telling


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("PERSON", "张建国"),
        ("PERSON", "Sarah Miller"),
        ("PHONE", "138-0013-8000"),
        ("ADDRESS", "文三路477号3幢"),
        ("ADDRESS", "12 rose lane"),
        ("BIRTH_DATE", "1990年3月5日"),
        ("BIRTH_DATE", "一九九〇年三月五日"),
        ("EMAIL", "abc@qq.com"),
        ("PASSWORD", "sunshine#57"),
    ],
)
def test_what_is_telling(type_, value):
    key = telling(type_, value)
    assert key == plain_key(value) and len(key) >= GRAM_CHARS


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("PERSON", "张伟"),
        ("PERSON", "张先生"),
        ("PERSON", "李经理"),
        ("PERSON", "小王"),
        ("PERSON", "sarah"),
        ("OTP", "482913"),
        ("ZIP", "94110"),
        ("PHONE", "8000"),
        ("BIRTH_DATE", "3月5日"),
        ("BIRTH_DATE", "1990"),
        ("BIRTH_DATE", "may 5"),
        ("ADDRESS", "文三路"),
        ("USERNAME", "momo"),
        ("PERSON", ""),
    ],
)
def test_what_a_text_may_hold_by_chance(type_, value):
    assert telling(type_, value) == ""


def holding(value, *texts, type_="PHONE"):
    return list(Texts(texts).holding(type_, value))


def test_spelling_hides_nothing():
    texts = ("请打１３８ 0013-8000", "无", "电话13800138000。", "5 13800138000 or")
    assert holding("138-0013-8000", *texts) == [0, 2, 3]
    assert holding("Sarah Miller", "hi SARAH  MILLER!", type_="PERSON") == [0]
    assert holding("Sarah", "hi Sarah!", type_="PERSON") == []


def test_a_part_of_a_longer_number_or_word_is_no_leak():
    assert holding("1380013", "13800138000", "91380013", "a1380013b") == [2]
    assert holding("ann kelly", "joann kelly", "ann kellys", "ann kelly.", type_="PERSON") == [2]


@given(st.text(max_size=30), st.text("0123456789", min_size=7, max_size=12), st.text(max_size=30))
def test_a_value_between_signs_is_always_found(before, value, after):
    assert holding(value, f"{before} {value} {after}") != []
