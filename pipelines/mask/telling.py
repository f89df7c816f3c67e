"""Whether many texts hold a value: what is telling about a value, and an index of the texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipelines.mask.language import HAN
from pipelines.mask.normalise import Normalised

GRAM_CHARS = 3  # of the index; no telling value is shorter
MIN_DIGITS = 7  # ten million: fewer digits stand in an answer by chance
MIN_LATIN = 8
MIN_NAME_HAN = 3
MIN_HAN = 6
HAN_DIGITS = re.compile(r"[一二三四五六七八九十零〇]")
_TITLED = re.compile(
    r"(?:先生|女士|小姐|太太|老师|师傅|经理|主管|主任|总监|总|医生|律师|教授|同学|阿姨|叔叔|大哥|大姐|哥|姐|工)$|^[小老阿]"
)


def telling(type_: str, value: str) -> str:
    """`value` as `Texts` knows it, or "" where a text may hold it by chance.

    Chance are a name of fewer than 3 characters, a family name with a title, a single Latin word, fewer than
    7 digits, a date without its year, and an address without a number or of fewer than 6 characters.
    """
    key = plain_key(value)
    han, digits = len(HAN.findall(key)), sum(char.isdigit() for char in key)
    if type_ == "PERSON":
        full = han >= MIN_NAME_HAN and not _TITLED.search(key)
        return key if full or (not han and " " in value.strip() and len(key) >= MIN_LATIN) else ""
    if digits >= MIN_DIGITS or (digits >= 2 and len(key) >= MIN_LATIN):
        return key
    if han:
        return key if han >= MIN_HAN and (digits or type_ == "BIRTH_DATE" or HAN_DIGITS.search(key)) else ""
    return key if len(key) >= MIN_LATIN and type_ != "BIRTH_DATE" else ""


def plain_key(value: str) -> str:
    """Letters, digits and characters of the normalised value, lower case."""
    if value.isascii() and value.isalnum():
        return value.lower()
    plain = Normalised(value).text
    return "".join(filter(str.isalnum, plain.casefold()))


class Texts:
    """Many texts, ready to be asked which of them hold a value: an index of their runs of GRAM_CHARS."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._plain: list[str] = []
        self._keys: list[str] = []
        self._origin: list[list[int]] = []
        self._grams: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for text in texts:
            self._add(Normalised(text).text)

    def _add(self, plain: str) -> None:
        chars, origin = _kept(plain)
        key, index = "".join(chars), len(self._keys)
        self._plain.append(plain)
        self._keys.append(key)
        self._origin.append(origin)
        for at in range(len(key) - GRAM_CHARS + 1):
            self._grams[key[at : at + GRAM_CHARS]].append((index, at))

    def holding(self, type_: str, value: str) -> Iterator[int]:
        """Indices of the texts that hold a telling `value`, not as part of a longer word or number."""
        key = plain_key(value)
        places = self._grams.get(key[:GRAM_CHARS], ())
        found = [(index, at) for index, at in places if self._keys[index].startswith(key, at)]
        if found and telling(type_, value):
            yield from (index for index, at in found if self._bounded(index, at, at + len(key)))

    def _bounded(self, index: int, start: int, end: int) -> bool:
        plain, origin = self._plain[index], self._origin[index]
        first, last = origin[start], origin[end - 1]
        return not (_joins(plain, first - 1, first) or _joins(plain, last, last + 1))


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbours are of one number or of one Latin word."""
    if left < 0 or right >= len(text):
        return False
    pair = text[left] + text[right]
    return pair.isascii() and (pair.isdigit() or pair.isalpha())


def _kept(plain: str) -> tuple[list[str], list[int]]:
    """The characters that count, in lower case, and where each stands."""
    chars: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(plain):
        if char.isalnum():
            folded = char.casefold()
            chars += folded
            origin += [index] * len(folded)
    return chars, origin
