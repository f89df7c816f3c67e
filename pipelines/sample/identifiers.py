"""Identifiers with their check digits: Chinese documents, bank cards, IBAN, and the carriers' numbers.

Every builder draws from the given `random.Random` and returns a string that passes its check, or with
`valid=False` one that has the right form and a wrong check digit, as people mistype them.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CARD_BINS = (("621700", 19), ("622202", 19), ("622848", 19), ("622588", 16), ("625912", 16), ("621226", 19))
WESTERN_BINS = (("453201", 16), ("411773", 16), ("542418", 16), ("510510", 16))
MOBILE_PREFIXES = ("135", "136", "137", "138", "139", "150", "151", "158", "159", "176", "186", "188", "199")
PLATE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
IBAN_BANKS = {"GB": ("NWBK", 14), "DE": ("", 18), "FR": ("", 23), "NL": ("ABNA", 10)}


def id_check(first17: str) -> str:
    """Check character of an 18-character resident id, ISO 7064 MOD 11-2 (GB 11643-1999)."""
    return ID_CHECKS[sum(int(d) * w for d, w in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def luhn_check(body: str) -> str:
    """Luhn digit that completes `body` (ISO/IEC 7812-1)."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def credit_check(first17: str) -> str:
    """Check character of an 18-character unified social credit code (GB 32100-2015)."""
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def iban_check(country: str, bban: str) -> str:
    """The two check digits of an IBAN (ISO 13616, MOD 97-10)."""
    return f"{98 - int(''.join(str(int(c, 36)) for c in bban + country + '00')) % 97:02d}"


def resident_id(rng: Random, area: str = "330106", birth: date | None = None, valid: bool = True) -> str:
    """18 characters: area (6 digits), birth date, serial, check character 0-9 or X."""
    body = f"{area}{birth or birth_date(rng):%Y%m%d}{rng.randrange(1000):03d}"
    return body + _maybe_wrong(rng, id_check(body), ID_CHECKS, valid)


def resident_id_15(rng: Random, area: str = "330106", birth: date | None = None) -> str:
    """The form before 1999: area, birth date with a two-digit year, serial; it has no check character."""
    return f"{area}{birth or birth_date(rng):%y%m%d}{rng.randrange(1000):03d}"


def bank_card(rng: Random, bins: tuple[tuple[str, int], ...] = CARD_BINS, valid: bool = True) -> str:
    """16 or 19 digits with an issuer prefix of `bins` (prefix, length)."""
    prefix, length = rng.choice(bins)
    body = prefix + digits(rng, length - len(prefix) - 1)
    return body + _maybe_wrong(rng, luhn_check(body), "0123456789", valid)


def credit_code(rng: Random, area: str = "330106", valid: bool = True) -> str:
    """18 characters: 91 (company), area, organisation (9), check."""
    body = "91" + area + "".join(rng.choices(CREDIT_ALPHABET, k=9))
    return body + _maybe_wrong(rng, credit_check(body), CREDIT_ALPHABET, valid)


def iban(rng: Random, valid: bool = True) -> str:
    country = rng.choice(sorted(IBAN_BANKS))
    bank, count = IBAN_BANKS[country]
    bban = bank + digits(rng, count)
    check = iban_check(country, bban)
    wrong = f"{(int(check) + rng.randrange(1, 96)) % 97:02d}"
    return country + (check if valid else wrong) + bban


def mobile(rng: Random) -> str:
    return rng.choice(MOBILE_PREFIXES) + digits(rng, 8)


def landline(rng: Random, dial: str = "0571") -> str:
    """Dialling code, a dash, then 8 digits."""
    return f"{dial}-{rng.randrange(2, 9)}{digits(rng, 7)}"


def passport(rng: Random) -> str:
    """Chinese ordinary passport: E and 8 digits, or E, a letter and 7 digits."""
    return rng.choice(("E" + digits(rng, 8), "E" + rng.choice("ABCDEFGH") + digits(rng, 7)))


def home_return_permit(rng: Random) -> str:
    """Held by residents of Hong Kong (H) and Macau (M): the letter and 8 digits."""
    return rng.choice("HM") + digits(rng, 8)


def exit_permit(rng: Random) -> str:
    """Mainland residents' permit to Hong Kong and Macau: C and 8 digits, or C, a letter and 7 digits."""
    return rng.choice(("C" + digits(rng, 8), "C" + rng.choice("ABCDEF") + digits(rng, 7)))


def taiwan_permit(rng: Random) -> str:
    """Held by residents of Taiwan: 8 digits."""
    return str(rng.randrange(1, 10)) + digits(rng, 7)


def licence_plate(rng: Random, prefix: str = "浙A") -> str:
    """Province and city, then five characters, or six for a new-energy car (D or F first)."""
    if rng.random() < 0.3:
        return prefix + rng.choice("DF") + digits(rng, 5)
    return prefix + "".join(rng.choices(PLATE_ALPHABET, k=2)) + digits(rng, 3)


def ssn(rng: Random) -> str:
    """US social security number; never area 000, 666 or 9xx, group 00, serial 0000."""
    area = rng.choice([*range(1, 666), *range(667, 900)])
    return f"{area:03d}-{rng.randrange(1, 100):02d}-{rng.randrange(1, 10000):04d}"


def order_number(rng: Random, day: date) -> str:
    return f"LMJ{day:%y%m%d}{digits(rng, 6)}"


def tracking_number(rng: Random) -> str:
    """SF, ZTO or JD number."""
    return rng.choice(("SF" + digits(rng, 13), "7" + digits(rng, 14), "JD" + digits(rng, 13)))


def dhl_number(rng: Random) -> str:
    return str(rng.randrange(1, 10)) + digits(rng, 9)


def birth_date(rng: Random) -> date:
    """Of an adult, from 1955 to 2005."""
    return date(1955, 1, 1) + timedelta(days=rng.randrange(51 * 365))


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _maybe_wrong(rng: Random, check: str, alphabet: str, valid: bool) -> str:
    return check if valid else rng.choice([c for c in alphabet if c != check])
