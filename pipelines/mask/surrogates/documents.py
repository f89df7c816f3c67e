"""Numbers of documents and accounts, in the same form and as far as possible nobody's.

- Resident id: an area that GB/T 2260 gives to no province (39, 49, 59, 69), the birth date moved as the
  customer's others are, the sex digit kept, the check character right for the new number.
- Bank card: the scheme's first digits, and a check digit that fails (Luhn). Tax number (MOD 31) and IBAN
  (MOD 97): likewise.
- SSN: area 9xx with a group below 50, which is neither an SSN nor an ITIN. National Insurance number: a
  prefix that HMRC does not allocate.
- Passports, permits, driving licences, plates, accounts, codes, order and tracking numbers have no such
  range: they are drawn at random, so that one may exist, but whose it is says nothing about this customer.
  The second detector knows them by `detect.is_marked`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from pipelines.mask.dates import shift
from pipelines.mask.surrogates.draw import any_letter, digits_of, random_digits, redraw, redraw_digits, refill

UNISSUED_AREAS = ("39", "49", "59", "69")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CARD_SCHEMES = re.compile(r"62|60|3[47]|5[1-5]|[2-9]")
_CARRIERS = re.compile(r"[A-Za-z]+|1[Zz]")
_NI = re.compile(r"[A-Z]{2}[ \d]+[A-Z]", re.IGNORECASE)
_NI_PREFIXES = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def id_card(value: str, rng: Random, days: int) -> str:
    old = digits_of(value)
    chars = len(re.sub(r"[^0-9Xx]", "", value))
    if chars not in (15, 18) or "*" in value:
        return refill(value, (rng.choice(UNISSUED_AREAS) + random_digits(rng, len(old), "0"))[: len(old)])
    birth = old[6 : 14 if chars == 18 else 12]
    body = rng.choice(UNISSUED_AREAS) + random_digits(rng, 4, "0") + (shift(birth, days) or birth)
    sex = int(old[16 if chars == 18 else 14])
    body += random_digits(rng, 2, "0") + str(rng.randrange(5) * 2 + sex % 2)
    if chars == 15:
        return refill(value, body)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]
    head = next(at for at in range(len(value) - 1, -1, -1) if value[at].isalnum())
    last = check.lower() if "x" in value else check
    written = refill(value[head], last) if last.isdigit() and value[head].isdecimal() else last
    return refill(value[:head], body) + written + value[head + 1 :]


def bank_card(value: str, rng: Random) -> str:
    old = digits_of(value)
    scheme = _CARD_SCHEMES.match(old) if len(old) >= 13 else None
    prefix = scheme.group() if scheme else ""
    new = prefix + random_digits(rng, len(old) - len(prefix), "0" if prefix else old)
    return refill(value, _failing(new, luhn) if len(new) >= 12 else new)


def credit_code(value: str, rng: Random) -> str:
    drawn = redraw(value, rng, lambda char, r: _cased(r.choice("ABCDEFGHJKLMNPQRTUWXY"), char))
    drawn = value[:2] + drawn[2:] if len(value) == 18 and value.isascii() else drawn
    return _failing(drawn, mod31) if len(drawn) == 18 else drawn


def iban(value: str, rng: Random) -> str:
    drawn = value[:2] + redraw(value[2:], rng, any_letter)
    return _failing(drawn, mod97)


def ssn(value: str, rng: Random) -> str:
    if _NI.fullmatch(value):
        prefix = rng.choice(_NI_PREFIXES)
        return (
            (prefix.lower() if value[0].islower() else prefix) + redraw_digits(value[2:-1], rng) + value[-1]
        )
    old = digits_of(value)
    if len(old) != 9:
        return redraw_digits(value, rng)
    return refill(value, f"9{rng.randrange(100):02d}{rng.randrange(1, 50):02d}{rng.randrange(1, 10000):04d}")


def plate(value: str, rng: Random) -> str:
    """Another province and town; the class of each place stays, a new-energy car's letter too."""
    energy = len(re.sub(r"[^0-9A-Za-z]", "", value)) == 7
    body = redraw(value[1:], rng, any_letter) if value[-1] not in "挂学警港澳" else ""
    body = body or redraw(value[1:-1], rng, any_letter) + value[-1]
    if energy:
        kept = {at: char for at, char in enumerate(value[1:]) if char.isalpha() and char.isascii()}
        body = "".join(kept.get(at, char) if at > 0 else char for at, char in enumerate(body))
    return rng.choice(_PROVINCES) + body


def of_letters_and_digits(value: str, rng: Random) -> str:
    """Licences and postal codes: each letter and digit anew in its kind."""
    return redraw(value, rng, any_letter)


def numbered(value: str, rng: Random) -> str:
    """Order and tracking numbers, passports: the letters in front name house, carrier or kind and stay."""
    head = _CARRIERS.match(value)
    at = head.end() if head else 0
    return value[:at] + redraw(value[at:], rng, any_letter)


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1."""
    digits = [int(d) for d in digits_of(value)][::-1]
    return (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0


def mod31(value: str) -> bool:
    """GB 32100-2015."""
    value = value.upper()
    if any(char not in _CREDIT_ALPHABET for char in value):
        return False
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(value, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT_ALPHABET[-total % 31] == value[17]


def mod97(value: str) -> bool:
    """ISO 13616."""
    plain = "".join(char for char in value.upper() if char.isalnum())
    if len(plain) < 5 or not plain.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _failing(value: str, check: Callable[[str], bool]) -> str:
    """`value`, its last digit one further if `check` holds: each of these checks sees any single digit."""
    if not check(value):
        return value
    at = next((at for at in range(len(value) - 1, -1, -1) if value[at].isdecimal()), None)
    if at is None:
        return value
    return value[:at] + refill(value[at], str((int(value[at]) + 1) % 10)) + value[at + 1 :]


def _cased(letter: str, like: str) -> str:
    return letter.lower() if like.islower() else letter
