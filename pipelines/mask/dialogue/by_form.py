"""A bare answer by its form: the number, the code or the address that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipelines.mask.dialogue import en
from pipelines.mask.language import HAN, is_chinese
from pipelines.mask.recognizers.email_said import DOT, END, LOCAL, PROVIDER

MAX_WORDS = 3  # of a turn whose one long word is a user name
MAX_HAN_AROUND = 6  # a code or account stands alone, or after a few words
_DIGITS = regex.compile(r"(?<![0-9A-Za-z._-])\+?\(?\d[\d\s().*-]*\d[xX]?(?![0-9A-Za-z_])")
_MONEY = regex.compile(r"[£$€¥₹]\s?$")
_AMOUNT = regex.compile(r"\d{1,4}\.\d\d|\d{1,3}(?:st|nd|rd|th)", regex.IGNORECASE)
_FOUR_LETTERS = regex.compile(r"[A-Za-z\u4e00-\u9fff]{4}")
_COUNTED = regex.compile(r"\s?(?:块|元|个|件|天|分|点|月|年|次|岁|多|%)")
_REACHED = regex.compile(r"1[3-9]\d{9}|[qQ]{2}\d{5,11}")
_TOKEN = regex.compile(r"[A-Za-z0-9][A-Za-z0-9@#$%^&*!._-]{2,39}")
_WORDS = r"(?:yeah|live|tom|msn|aol)(?![0-9A-Za-z])"  # providers that need their ending
_MAIL = regex.compile(
    rf"(?!1[3-9]\d{{9}}(?!\d)|{PROVIDER}(?![0-9A-Za-z])){LOCAL}[^0-9A-Za-z]{{1,8}}?(?:a ?t[^0-9A-Za-z]{{1,3}})?(?:{PROVIDER}{DOT}{END}|(?!{_WORDS}){PROVIDER})(?![0-9A-Za-z])(?:的?邮箱)?"
    rf"|(?<=邮箱 ?[:,]? ?){LOCAL}|^[0-9A-Za-z][0-9A-Za-z_-]+{DOT}{PROVIDER}{DOT}{END}",
    regex.IGNORECASE,
)
_SHORT = (  # at least this many digits make a bare number an answer
    ("PHONE", 3), ("ID_CARD", 6), ("BANK_CARD", 4), ("BANK_ACCOUNT", 5), ("OTP", 4), ("ZIP", 5), ("QQ", 5),
    ("SSN", 4), ("PASSPORT", 6), ("DRIVING_LICENCE", 5), ("BIRTH_DATE", 4), ("ORDER_NUMBER", 5),
    ("TRACKING_NUMBER", 8), ("CREDIT_CODE", 8), ("TRAVEL_PERMIT", 7), ("LICENSE_PLATE", 5),
    ("USERNAME", 5),
)  # fmt: skip
_MIXED = ("USERNAME", "PASSWORD", "ORDER_NUMBER", "TRACKING_NUMBER", "WECHAT", "PASSPORT", "DRIVING_LICENCE",
    "LICENSE_PLATE", "CREDIT_CODE", "TRAVEL_PERMIT", "ID_CARD", "EMAIL")  # fmt: skip


_LEAST = {
    "TRACKING_NUMBER": 8,
    "CREDIT_CODE": 8,
    "TRAVEL_PERMIT": 7,
    "PASSPORT": 6,
    "ID_CARD": 6,
    "ORDER_NUMBER": 4,
}
_IN_GROUPS = regex.compile(
    r"\s*#?((?=(?:[^\d\s]*\d[ ./-]?){5})[A-Z0-9]{1,8}(?:[ ./-][A-Z0-9]{1,8}){1,5})\s*[.!]?\s*"
)


def in_groups(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    """A code in groups that is the whole turn: `T2024 7718`, `8163 0044 2971 5520`."""
    kind = next((kind for kind in ("ORDER_NUMBER", "TRACKING_NUMBER", "PASSPORT") if kind in expected), None)
    match = _IN_GROUPS.fullmatch(text) if kind and "PHONE" not in expected else None
    return (*match.span(1), kind) if match and kind else None


def number(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    match = _DIGITS.search(text)
    if not match or _is_amount(text, match) or ("ADDRESS" in expected and _FOUR_LETTERS.search(text)):
        return None
    digits = sum(char.isdigit() for char in match.group())
    if digits < 7 and (len(HAN.findall(text)) > MAX_HAN_AROUND or _COUNTED.match(text, match.end())):
        return None
    kind = next((kind for kind, least in _SHORT if kind in expected and digits >= least), None)
    return (match.start(), match.end(), kind) if kind else None


def _is_amount(text: str, match: regex.Match[str]) -> bool:
    return bool(_MONEY.search(text, 0, match.start()) or _AMOUNT.fullmatch(match.group()))


def mail(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    """`chenxi gmail`, `384756192加qq.com`: what stands for an address where one was asked for.

    Without any Chinese it must be the whole turn: English sentences hold providers as words and numbers.
    """
    if "EMAIL" not in expected:
        return None
    match = _MAIL.search(text) if is_chinese(text) else _MAIL.fullmatch(text.strip(" .,!"))
    start = text.find(match.group()) if match else 0
    return (start, start + len(match.group()), "EMAIL") if match else None


def mixed(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    kind = next((kind for kind in _MIXED if kind in expected), None)
    words = list(_TOKEN.finditer(text))
    if not kind or len(HAN.findall(text)) > MAX_HAN_AROUND:
        return None
    few = len(words) == 1 and len(text.split()) <= MAX_WORDS
    single = few and kind in ("USERNAME", "WECHAT") and words[0].group().lower() not in en.NOT
    least = _LEAST.get(kind, 0)
    words = [word for word in words if len(word.group().rstrip(".!_-")) >= least]
    coded = (w for w in words if regex.search(r"\d", w.group()) and not _is_another(text, w, kind))
    chosen = words[0] if single else next(coded, None)
    return (chosen.start(), chosen.end(), kind) if chosen else None


def _is_another(text: str, match: regex.Match[str], kind: str) -> bool:
    """An amount, or beside an account or a password the number of a telephone or of QQ."""
    other = kind in ("PASSWORD", "WECHAT", "USERNAME") and len(text) > len(match.group()) + 3
    return _is_amount(text, match) or (other and _REACHED.fullmatch(match.group()) is not None)


def address(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    span = en.address(text) if "ADDRESS" in expected and not is_chinese(text) else None
    return (*span, "ADDRESS") if span else None
