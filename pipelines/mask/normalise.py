"""Full-width digits, odd dashes and invisible marks made plain, with the way back to the original offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipelines.mask.words import words

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_KEYCAP = "\ufe0f\u20e3"  # what makes an emoji of a digit
_SIMPLIFIED = {pair[0]: pair[1] for pair in words("traditional")}
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两洞拐勾", "0012345678911234567892079")
_DIGIT = "0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两洞拐勾"
_SPOKEN_RUN = re.compile(
    rf"(?<![{_DIGIT}十百千万亿])[{_DIGIT}](?:[ ,、-]{{0,2}}[{_DIGIT}]){{5,}}(?![十百千万亿年月])"
)


class Normalised:
    """`text` in NFKC, one dash, no format characters; `origin[i]` is the original offset of its character i.

    People paste numbers from contacts with direction marks and no-break spaces, phones type full-width digits
    and keycaps, and who dictates says 幺三八: a pattern must see through that, and the mask must cover what
    was typed. Six spoken digits or more become digits; the traditional characters of names, addresses and
    cues become simplified ones.
    """

    __slots__ = ("_original", "origin", "text")

    def __init__(self, original: str) -> None:
        self._original = original
        self.origin: Sequence[int] = range(len(original))
        self.text = original
        if not original.isascii():
            self._map(original)

    def _map(self, original: str) -> None:
        self.text = spoken_to_digits(original.translate(_PLAIN))
        if _PLAIN.longer_or_gone.isdisjoint(original):
            return  # character for character: the offsets are the original ones
        origin: list[int] = []
        for index, char in enumerate(original):
            origin.extend([index] * len(_PLAIN[ord(char)]))
        self.origin = origin

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of the non-empty normalised span [start, end)."""
        stop = self.origin[end - 1] + 1
        while self._original[stop : stop + 1] in (*_KEYCAP,):
            stop += 1
        return self.origin[start], stop


def spoken_to_digits(text: str, pattern: re.Pattern[str] = _SPOKEN_RUN) -> str:
    """`text` with every run of spoken digits that `pattern` finds written in digits, length unchanged."""
    return pattern.sub(_in_digits, text)


def _in_digits(match: re.Match[str]) -> str:
    """Digits for what was said; not of a Chinese word behind written ones: 10293847|一直."""
    value = match.group()
    if value[:-1].isascii() and "一" <= match.string[match.end() : match.end() + 1] <= "鿿":
        return value
    return value.translate(_SPOKEN)


@lru_cache(maxsize=4096)  # a conversation says a turn's text and a value several times
def normalised(text: str) -> Normalised:
    return Normalised(text)


@lru_cache(maxsize=4096)
def value_key(value: str) -> str:
    """What makes two spellings of one value the same: letters and digits only, lower case."""
    return "".join(filter(str.isalnum, Normalised(value).text.casefold()))


def spelling(value: str) -> str:
    """`value_key`, or of a value of signs alone the value itself."""
    return value_key(value) or value


class _Plain(dict[int, str]):
    """The plain form of each code point, for `str.translate`; what it was asked for it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.longer_or_gone: set[str] = set()  # characters whose plain form is not one character

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        if len(plain) != 1:
            self.longer_or_gone.add(chr(code))
        return plain


def _plain(char: str) -> str:
    if "一" <= char <= "鿿" or char.isascii():
        return _SIMPLIFIED.get(char, char)
    if char in _KEYCAP:
        return ""
    if unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char).translate(_DASHES)


_PLAIN = _Plain()
