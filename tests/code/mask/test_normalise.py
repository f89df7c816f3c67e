import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.normalise import Normalised, value_key


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("１３８，ＡＢ", "138,AB"),
        ("\u202d138\u202c\u200b0", "1380"),
        ("138–0013—8000", "138-0013-8000"),
        ("5㎡", "5m2"),
        ("a\u00a0b", "a b"),
        ("订单", "订单"),
        ("台北市大安區3號4樓", "台北市大安区3号4楼"),
        ("1️⃣3️⃣①", "131"),
        ("幺三八零零幺三八零零零", "13800138000"),
        ("一三八 零零幺三", "138 0013"),
        ("周一到周五", "周一到周五"),
        ("一九九零年三月七日", "一九九零年三月七日"),
        ("一百二十三万四千五百", "一百二十三万四千五百"),
    ],
)
def test_plain_text(text, plain):
    assert Normalised(text).text == plain


def test_span_covers_what_was_typed():
    text = "号\u202d１３８㎡\u202c的"
    start, end = Normalised(text).span(1, 6)
    assert text[start:end] == "１３８㎡"


def test_span_covers_the_whole_keycap():
    text = "打1️⃣3️⃣吧"
    start, end = Normalised(text).span(1, 3)
    assert text[start:end] == "1️⃣3️⃣"


@given(st.text())
def test_each_character_knows_where_it_came_from(text):
    plain = Normalised(text)
    assert len(plain.origin) == len(plain.text)
    assert list(plain.origin) == sorted(plain.origin)
    for index in range(len(plain.text)):
        start, end = plain.span(index, index + 1)
        typed = Normalised(text[start]).text
        assert end > start and (plain.text[index] in typed or plain.text[index].isdigit())


@given(st.text(alphabet="0123456789- ()+", min_size=1))
def test_full_width_and_separators_do_not_change_the_value(text):
    wide = "".join(chr(ord(char) + 0xFEE0) if char != " " else "\u3000" for char in text)
    assert unicodedata.normalize("NFKC", wide) == text
    assert value_key(wide) == value_key(text) == "".join(filter(str.isdigit, text))
