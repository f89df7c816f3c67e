"""Full-width digits, odd dashes and invisible marks made plain, with the way back to the original offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


class Normalised:
    """`text` in NFKC, one dash, no format characters; `origin[i]` is the original offset of its character i.

    People paste numbers from contacts with direction marks and no-break spaces, and phones type full-width
    digits: a pattern must see through that, and the mask must cover what was typed.
    """

    __slots__ = ("origin", "text")

    def __init__(self, original: str) -> None:
        self.origin: Sequence[int] = range(len(original))
        self.text = original
        if not original.isascii():
            self._map(original)

    def _map(self, original: str) -> None:
        self.text = original.translate(_PLAIN)
        if _PLAIN.longer_or_gone.isdisjoint(original):
            return  # character for character: the offsets are the original ones
        origin: list[int] = []
        for index, char in enumerate(original):
            origin.extend([index] * len(_PLAIN[ord(char)]))
        self.origin = origin

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of the non-empty normalised span [start, end)."""
        return self.origin[start], self.origin[end - 1] + 1


def value_key(value: str) -> str:
    """What makes two spellings of one value the same: letters and digits only, lower case."""
    return "".join(char for char in Normalised(value).text.casefold() if char.isalnum())


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
        return char
    if unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char).translate(_DASHES)


_PLAIN = _Plain()
