"""Phone numbers that nobody has, of the same kind and written in the same way.

- Chinese mobile: 154 and 194, allocated to no operator. Landline: the area codes 026 and 060x, in use
  nowhere; without an area code 90 to 94, with which no subscriber's number begins.
- North America: 555-0100 to 555-0199, set apart for fiction.
- United Kingdom: 07700 900xxx, 020 7946 0xxx and 01632 960xxx, Ofcom's numbers for use in TV and radio drama.
- Any other country: its code, then digits that libphonenumber knows to be of no number there.
"""

from __future__ import annotations

import re
from random import Random

import phonenumbers

from pipelines.mask.normalise import Normalised
from pipelines.mask.surrogates.draw import digits_of, random_digits, refill

MOBILE = ("154", "194")
_AREAS = (
    202, 206, 212, 213, 214, 215, 216, 303, 305, 310, 312, 313, 314, 404, 408, 412, 415, 416, 503, 504, 512,
    602, 604, 612, 617, 619, 702, 703, 713, 718, 773, 804, 805, 812, 816, 818, 858, 901, 904, 916, 919,
)  # fmt: skip
_EXTENSION = re.compile(r"\s?(?:转|分机|ext|x|#)", re.IGNORECASE)
_CHINESE_LANDLINE = re.compile(r"\(?0\d{2,3}(?:\)[- ]?|-|\s)?\d{3,4}[- ]?\d{4}(?!\d)")
_UK_GROUPS = re.compile(r"0(?:2\d|1\d{2,4})\)? \d{3,4} \d{3,4}")
_US_GROUPS = re.compile(r"1[-. ]?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}")
_ABROAD = re.compile(r"\s*\(?(\+|00)")
MOBILE_FORM = re.compile(r"(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:[-. ]?\d){8}")


def phone(value: str, rng: Random, chinese: bool) -> str:
    plain = Normalised(value).text
    old = digits_of(value, numerals=True)
    extension = _EXTENSION.search(plain)
    head = len(digits_of(plain[: extension.start()], numerals=True)) if extension else len(old)
    new = _number(plain, old[:head], rng, chinese)
    return refill(value, new + random_digits(rng, len(old) - head, old[head:]), numerals=True)


def _number(plain: str, old: str, rng: Random, chinese: bool) -> str:
    if abroad := _ABROAD.match(plain):
        zeros = "00" if abroad.group(1) == "00" else ""
        return zeros + _abroad(old[len(zeros) :], rng)
    if re.fullmatch(r"861[3-9]\d{9}", old):
        return "86" + _mobile(old[2:], rng)
    if _US_GROUPS.match(plain) and len(old) == 11:
        return "1" + _american(rng)
    if re.match(r"1[3-9]", old):
        return _mobile(old, rng)
    if old.startswith("0"):
        return _with_zero(plain, old, rng, chinese)
    if len(old) == 10:
        return _american(rng)
    if len(old) == 7 and not chinese:
        return "55501" + random_digits(rng, 2, "0")
    return (
        _filled("9" + rng.choice("01234"), old, rng)
        if len(old) in (7, 8)
        else random_digits(rng, len(old), old)
    )


def _filled(prefix: str, old: str, rng: Random) -> str:
    """`prefix` and as many digits as `old` has beyond it."""
    return (prefix + random_digits(rng, max(0, len(old) - len(prefix)), "0"))[: len(old)]


def _mobile(old: str, rng: Random) -> str:
    return _filled(rng.choice(MOBILE), old, rng)


def _american(rng: Random) -> str:
    return f"{rng.choice(_AREAS)}55501" + random_digits(rng, 2, "0")


def _landline(old: str, rng: Random, zero: str = "0") -> str:
    """`old` after its 0; an area code of two digits here begins with 1 or 2."""
    area = "26" if old[:1] in ("1", "2") else "60" + rng.choice("0123456789")
    return zero + _filled(area + rng.choice("2345678"), old, rng)


def _with_zero(plain: str, old: str, rng: Random, chinese: bool) -> str:
    british = len(old) in (10, 11) and not chinese
    if british and old.startswith("07"):
        return _filled("07700900", old, rng)
    if british and (_UK_GROUPS.match(plain) or not _CHINESE_LANDLINE.match(plain)):
        return _filled(_drama(old[1:], "0"), old, rng)
    return _landline(old[1:], rng)


def _drama(national: str, zero: str = "") -> str:
    if national.startswith("7"):
        return zero + "7700900"
    return zero + ("2079460" if national.startswith("2") else "1632960")


def _abroad(old: str, rng: Random) -> str:
    """With the country's code: `old` and the result are without + and 00."""
    if old.startswith("86"):
        national = old[2:]
        return "86" + (
            _mobile(national, rng) if re.match(r"1[3-9]", national) else _landline(national, rng, "")
        )
    if old.startswith("1") and len(old) == 11:
        return "1" + _american(rng)
    if old.startswith("44"):
        return _filled("44" + _drama(old[2:].lstrip("0"), "0" if old.startswith("440") else ""), old, rng)
    code = _country_code(old)
    drawn = old
    for attempt in range(50):
        first = "0" if attempt < 25 else str(rng.randrange(10))
        drawn = _filled(code + first, old, rng)
        if not _in_use(drawn):
            break
    return drawn


def _in_use(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


def _country_code(digits: str) -> str:
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return next((digits[:n] for n in (1, 2, 3) if int(digits[:n] or 0) in known), digits[:2])
