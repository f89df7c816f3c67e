"""Realistic surrogates: another value of the same type and form in place of each that was found.

Pure in (key, customer, conversation): the same bytes in every process. Three promises, for each conversation:
no surrogate is one of its own values, two values never share one, and the second detector finds none of them
(`detect.RESERVED` says of which forms it knows that nobody can hold them; all others are drawn until
`detect.is_marked`). A value of which no surrogate can keep these promises gets its placeholder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from pipelines.mask.dates import shift
from pipelines.mask.detect import find_simple, is_marked
from pipelines.mask.normalise import Normalised, spelling, value_key
from pipelines.mask.placeholders import Numbering, identity
from pipelines.mask.policy import Policy
from pipelines.mask.surrogates import documents, handles
from pipelines.mask.surrogates.addresses import address, city_of
from pipelines.mask.surrogates.draw import Draw, digits_of
from pipelines.mask.surrogates.names import Names, Seen
from pipelines.mask.surrogates.phones import MOBILE_FORM, phone

ATTEMPTS = 100
DRAWS = 256  # an attempt, until a surrogate bears the mark
SHORT = 6  # signs: the second detector looks at nothing shorter
NO_LEAKS = Policy(surrogates=True)
MAX_YEARS = 5  # by which the birth date of a surrogate may differ
Maker = Callable[[str, Random], str]
_NOBODYS: dict[str, Maker] = {  # what they make fails a check or is of a reserved range
    "BANK_CARD": documents.bank_card,
    "CREDIT_CODE": documents.credit_code,
    "IBAN": documents.iban,
    "SSN": documents.ssn,
    "EMAIL": handles.email,
    "IP": handles.ip,
}
_OTHERS: dict[str, Maker] = {
    "LICENSE_PLATE": documents.plate,
    "PASSPORT": documents.numbered,
    "TRAVEL_PERMIT": documents.numbered,
    "DRIVING_LICENCE": documents.of_letters_and_digits,
    "ZIP": documents.of_letters_and_digits,
    "ORDER_NUMBER": documents.numbered,
    "TRACKING_NUMBER": documents.numbered,
}


class Surrogates:
    """The surrogates of one conversation; `found` are its values: (type, value, the text before it)."""

    def __init__(
        self,
        draw: Draw,
        found: Iterable[tuple[str, str, str]],
        numbering: Numbering | None = None,
    ) -> None:
        found = list(found)
        self._draw = draw
        self._names = Names(
            draw, [Seen(value, before) for type_, value, before in found if type_ == "PERSON"]
        )
        self._taken = {spelling(value) for _, value, _ in found}
        self._attempts: dict[tuple[str, str], int] = {}  # of each value: the one that was taken
        self._numbering = numbering or Numbering()  # of what has no surrogate

    def __call__(self, type_: str, value: str, chinese: bool) -> str:
        kind, known = _kind(type_, value)
        key = (kind, known)
        tried = range(1 if kind == "PERSON" else ATTEMPTS)  # Names draws its parts again by itself
        for attempt in [self._attempts[key]] if key in self._attempts else tried:
            made = self._make(kind, value, known, attempt, chinese)
            if made and self._allowed(made, value, key):
                self._attempts[key] = attempt
                self._taken.add(spelling(made))
                return made
        return self._numbering(type_, value, chinese)

    def _make(self, kind: str, value: str, known: str, attempt: int, chinese: bool) -> str | None:
        rng = self._draw.rng(kind, known, attempt)
        if kind == "PERSON":
            return self._names(value)
        if kind == "PHONE":
            return phone(value, rng, chinese)
        if kind == "ADDRESS":
            return address(value, rng, self._draw.rng("place", city_of(value), attempt))
        if kind == "ID_CARD":
            return documents.id_card(value, rng, self._draw.days())
        if kind == "BIRTH_DATE":
            moved = shift(value, rng.choice((-1, 1)) * rng.randrange(366, MAX_YEARS * 365))
            return moved or handles.handle(value, rng)
        if kind in _NOBODYS:
            return _NOBODYS[kind](value, rng)
        return _marked(_OTHERS.get(kind, handles.handle), value, rng)

    def _allowed(self, made: str, value: str, key: tuple[str, str]) -> bool:
        """Another spelling of a value that has its surrogate may give the same one again."""
        new = key not in self._attempts
        if spelling(made) == spelling(value) or (new and spelling(made) in self._taken):
            return False
        return not find_simple(made, NO_LEAKS)


def _marked(make: Maker, value: str, rng: Random) -> str | None:
    if sum(char.isalnum() or char in "_-" for char in value) < SHORT:
        return make(value, rng)
    drawn = (make(value, rng) for _ in range(DRAWS))
    return next(filter(is_marked, drawn), None)


def _kind(type_: str, value: str) -> tuple[str, str]:
    """What decides the surrogate: a mobile number given as a WeChat id or a user name stays that number."""
    plain = Normalised(value).text
    if type_ in ("PHONE", "WECHAT", "USERNAME") and MOBILE_FORM.fullmatch(plain):
        return "PHONE", identity("PHONE", value)
    if type_ == "PHONE":
        return "PHONE", digits_of(value, numerals=True)
    if type_ == "USERNAME" and "@" in plain:
        return "EMAIL", value_key(value)
    return type_, value_key(value)
