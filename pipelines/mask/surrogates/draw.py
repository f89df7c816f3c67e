"""Keyed draws, and values redrawn sign by sign: what every family of surrogates is made of."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from random import Random

from pipelines.fingerprint import digest
from pipelines.mask.dates import MAX_DAYS, MIN_DAYS
from pipelines.mask.words import words

NUMERALS = "零一二三四五六七八九"
_VALUES = {char: value for value, char in enumerate(NUMERALS)} | {"〇": 0, "幺": 1}
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwyz", "aeiou"


class Draw:
    """Draws that follow from a key, a scope and what they are for: the same in every process and every run.

    The scope is a customer, or a conversation whose customer is unknown. Within it the same value has the
    same surrogate (unless a conversation's own values are in the way of it). Across customers it has not: two
    who gave the same phone number would be linked by it, and nothing else in the masked tables links them.
    """

    def __init__(self, key: bytes, scope: str) -> None:
        self._key, self._scope = key, scope

    def rng(self, *purpose: str | int) -> Random:
        message = digest("surrogate", self._scope, list(purpose)).encode()
        return Random(hmac.digest(self._key, message, hashlib.sha256))

    def days(self) -> int:
        """How far this customer's birth dates move: MIN_DAYS to MAX_DAYS, either way."""
        rng = self.rng("days")
        return rng.choice((-1, 1)) * rng.randint(MIN_DAYS, MAX_DAYS)


def digit(char: str, numerals: bool = False) -> int | None:
    """The value of a decimal digit in any script, and of a Chinese numeral if `numerals`."""
    found = unicodedata.decimal(char, None)
    return _VALUES.get(char) if found is None and numerals else found


def digits_of(value: str, numerals: bool = False) -> str:
    return "".join(str(d) for char in value if (d := digit(char, numerals)) is not None)


def refill(value: str, digits: str, numerals: bool = False) -> str:
    """`value` with its digits replaced in order, each in its own width or script; all else stays."""
    waiting, parts = iter(digits), []
    for char in value:
        parts.append(char if digit(char, numerals) is None else _written(int(next(waiting)), char, value))
    return "".join(parts)


def _written(number: int, like: str, value: str) -> str:
    if like in _VALUES:
        special = {0: "〇", 1: "幺"}.get(number, "")
        return special if special and special in value else NUMERALS[number]
    return chr(0xFF10 + number) if unicodedata.east_asian_width(like) == "F" else str(number)


def random_digits(rng: Random, count: int, like: str = "") -> str:
    """`count` digits; the first is not 0 unless that of `like` is."""
    first = "0123456789" if like.startswith("0") else "123456789"
    return "".join(rng.choice("0123456789" if at else first) for at in range(count))


def redraw_digits(value: str, rng: Random, numerals: bool = False) -> str:
    old = digits_of(value, numerals)
    return refill(value, random_digits(rng, len(old), old), numerals)


def redraw(value: str, rng: Random, letters: Callable[[str, Random], str] | None = None) -> str:
    """Every digit, letter and character of `value` drawn anew in its kind; signs and spaces stay.

    `letters` draws one letter for another; by default a word becomes another that can be spoken.
    """
    parts: list[str] = []
    run = 0
    for char in redraw_digits(value, rng):
        if "㐀" <= char <= "鿿":
            parts.append(rng.choice(rng.choice(words("place_names.zh"))))
        elif char.isalpha():
            parts.append(letters(char, rng) if letters else _spoken(char, run, rng))
        else:
            parts.append(char)
        run = run + 1 if char.isalpha() else 0
    return "".join(parts)


def _spoken(char: str, run: int, rng: Random) -> str:
    drawn = rng.choice(_VOWELS if run % 2 else _CONSONANTS)
    return drawn.upper() if char.isupper() else drawn


def any_letter(char: str, rng: Random) -> str:
    """A letter of the same case; never I or O, which documents leave out."""
    drawn = rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
    return drawn.lower() if char.islower() else drawn
