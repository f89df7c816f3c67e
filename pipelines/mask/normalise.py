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
        parts: list[str] = []
        origin: list[int] = []
        for index, char in enumerate(original):
            plain = _plain(char)
            parts.append(plain)
            origin.extend([index] * len(plain))
        self.text, self.origin = "".join(parts), origin

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of the non-empty normalised span [start, end)."""
        return self.origin[start], self.origin[end - 1] + 1


def value_key(value: str) -> str:
    """What makes two spellings of one value the same: letters and digits only, lower case."""
    return "".join(char for char in Normalised(value).text.casefold() if char.isalnum())


def _plain(char: str) -> str:
    if "一" <= char <= "鿿" or char.isascii():
        return char
    if unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char).translate(_DASHES)
