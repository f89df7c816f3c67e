"""Names in Latin letters within a Chinese sentence: 我是Jennifer Lau, 好的Kevin, 拼音ZHANG/LIHONG."""

from __future__ import annotations

import re

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.base import Recognizer
from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.recognizers.surnames import PINYIN_CAPITALS
from pipelines.mask.words import words

_WORD = r"(?-i:[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ]+(?:['’-]?[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ]+)*)"
_NAME = rf"{_WORD}(?:[ ·]{_WORD}){{0,3}}(?![A-Za-z0-9])"
_CAPITALS = r"(?-i:[A-Z]{2,14}(?:[ /,]{1,2}[A-Z]{2,14}){1,3})(?![A-Za-z0-9])"
_FIELD = (
    r"(?:[收寄取付汇]?[件货款]人|联系人|乘机人|乘客|旅客|入住人|客人|持卡人|户名|姓名|名字|英文名|拼音"
    r"|(?<![A-Za-z])(?:full )?name)"
    r"\s?(?:改成|写的?|填的?|应该|拼音|是|叫|为|is|:)*\s?:?\s?"
)
_TWICE = re.compile(r"([a-z]{1,3})\1")
_GOODS = frozenset(words("not_names_latin"))


class NameLatin(Recognizer):
    entity = "PERSON"
    languages = ("zh", "mixed")
    gate = r"[A-Za-zÀ-ɏ]{2}"
    rules = (
        ("said", rf"(?:我是|我叫|叫我|名叫|本人|这里是|这边是)\s?\K{_NAME}", 0.7),
        ("greeting", rf"^{_NAME}(?=[, ]?(?:你好|您好|在吗))", 0.6),
        ("said in small letters", r"(?:我叫|叫我|名字叫?是?)\s?\K[A-Za-z]{2,14}(?=$|[,。!;]|就|吧|,)", 0.6),
        (
            "small letters, a name",
            r"(?:我是|这里是|这边是|同事|店员|客服|找|问|喊)\s?\K(?-i:[a-z]{3,10})(?![A-Za-z0-9_@.-]| [A-Za-z0-9])",
            0.66,
        ),
        ("field", rf"{_FIELD}\K{_NAME}", 0.7),
        ("field, small letters", rf"{_FIELD}\K(?-i:[a-z]{{2,12}} [a-z]{{2,14}})(?![A-Za-z0-9])", 0.7),
        ("field, capitals", rf"{_FIELD}\K{_CAPITALS}", 0.75),
        ("capitals with a slash", r"(?<![0-9A-Za-z/])(?-i:[A-Z]{2,12}/[A-Z]{2,14})(?![A-Za-z0-9/])", 0.4),
        (
            "pinyin with a slash",
            rf"(?<![0-9A-Za-z/])(?-i:{PINYIN_CAPITALS}/[A-Z]{{2,14}}(?: [A-Z]{{2,14}})?)(?![A-Za-z0-9/])",
            0.65,
        ),
        (
            "greeted",
            rf"(?:您好|你好|好的|谢谢|感谢|辛苦|麻烦|找|联系|(?<![A-Za-z])(?:hi|hello|dear))[ ,]?\K{_NAME}"
            r"(?=\s?(?:$|[,。!;~]|您|你|先生|女士|老师|经理))",
            0.6,
        ),
        (
            "title",
            rf"(?<![A-Za-z0-9]){_NAME}\s?(?:先生|女士|小姐(?!姐)|老师|经理|同学|大夫|医生|教授|律师|教练|主任|总(?![\u4e00-\u9fff]))",
            0.6,
        ),
    )

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        value, why = text[result.start : result.end], result.analysis_explanation
        if why and why.pattern_name == "small letters, a name" and not _is_given(value):
            return True
        return _is_other(value)


def _is_given(value: str) -> bool:
    """A given name that is no frequent word, or a syllable twice: tina, momo."""
    known = value in lexicon.first_names() and value not in lexicon.frequent()
    return known or _TWICE.fullmatch(value) is not None


def _is_other(value: str) -> bool:
    return any(word in NOT_NAMES or word in _GOODS for word in value.lower().replace("/", " ").split())
