"""Birth dates moved by a number of days, in the form in which they were written.

The form is everything a reader sees: order, separators, zeros, two-digit years, month names and their
abbreviation, Chinese numerals, full width. A shift of up to MAX_DAYS keeps every age within one year. Two
things cannot be read off a date, and the bound is wider there: 03/04/1990 is read as the month first with a
slash and the day first otherwise, and a bare year moves by one. A lunar date moves in twelve months of thirty
days.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.mask.normalise import Normalised

MIN_DAYS, MAX_DAYS = 14, 180
PIVOT = 30  # two-digit years up to it are of this century
LEAP = 2000  # the year of a date that has none: it has all 366 days
_MONTHS = [date(LEAP, month, 1).strftime("%B") for month in range(1, 13)]
_NUMERALS = "零一二三四五六七八九"
_CN = "[一二三四五六七八九十〇零]"
_MONTH_NAME = rf"(?P<name>{'|'.join(f'{month[:3]}[a-z]*' for month in _MONTHS)})(?P<dot>\.?)"
_ORDINAL = r"(?P<ordinal>st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:19|20)\d{2})"

Part = dict[str, str]


def shift(value: str, days: int) -> str | None:
    """`value` moved by `days` (not 0); None if it is no date that can be read."""
    plain = Normalised(value).text
    for pattern, move in _FORMS:
        match = pattern.fullmatch(plain)
        if match and (moved := move(match, days)):
            return _widened(value, moved)
    return None


def _widened(value: str, moved: str) -> str:
    """`moved` with full-width digits where `value` has them."""
    wide = any(unicodedata.east_asian_width(char) == "F" and char.isdecimal() for char in value)
    return moved.translate({ord(d): ord(d) - 48 + 0xFF10 for d in "0123456789"}) if wide else moved


class Day(NamedTuple):
    year: int
    month: int
    day: int


def _moved(year: int, month: int, day: int, days: int) -> Day | None:
    """Days that a month does not have count as its last."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1000 <= year < 9000):
        return None
    moved = date(year, month, min(day, monthrange(year, month)[1])) + timedelta(days)
    return Day(moved.year, moved.month, moved.day)


def _full_year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) <= PIVOT else 1900)


def _like(number: int, *before: str) -> str:
    """Two digits where those before (month and day) were led by zero, or where none of them shows it."""
    return f"{number:02d}" if any(b[0] == "0" for b in before) or min(map(len, before)) == 2 else str(number)


def _chinese(match: re.Match[str], days: int) -> str | None:
    """1990年3月5日, 90年03月05号, 农历3月5日."""
    part: Part = match.groupdict("")
    move = _lunar if part["lunar"] in ("农历", "阴历") else _moved
    moved = move(_full_year(part["y"]) if part["y"] else LEAP, int(part["m"]), int(part["d"]), days)
    if moved is None:
        return None
    year, led = _year_like(moved.year, part["y"]), [b for b in (part["m"], part["d"]) if b[0] == "0"] or ["1"]
    return (
        f"{part['lunar']}{year}{part['ny']}{_like(moved.month, *led)}月{_like(moved.day, *led)}{part['end']}"
    )


def _year_like(year: int, before: str) -> str:
    if not before:
        return ""
    return str(year) if len(before) == 4 else f"{year % 100:02d}"


def _lunar(year: int, month: int, day: int, days: int) -> Day | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    years, at = divmod((month - 1) * 30 + min(day, 30) - 1 + days, 360)
    return Day(year + years, at // 30 + 1, at % 30 + 1)


def _numerals(match: re.Match[str], days: int) -> str | None:
    """一九九〇年三月五日, 三月初五."""
    part: Part = match.groupdict("")
    zero = "〇" if "〇" in part["y"] else "零"
    move = _lunar if part["lunar"] in ("农历", "阴历") or part["first"] else _moved
    moved = move(int(_digits(part["y"])) if part["y"] else LEAP, _read(part["m"]), _read(part["d"]), days)
    if moved is None:
        return None
    year = "".join(_NUMERALS[int(d)] for d in str(moved.year)).replace("零", zero) if part["y"] else ""
    first = "初" if part["first"] and moved.day <= 10 else ""
    return f"{part['lunar']}{year}{part['ny']}{_said(moved.month)}月{first}{_said(moved.day)}{part['end']}"


def _digits(numerals: str) -> str:
    return "".join(str(_NUMERALS.index(char)) for char in numerals.replace("〇", "零"))


def _read(numerals: str) -> int:
    """三, 十二, 二十, 三十一; 0 if it is none of these."""
    tens, ten, ones = numerals.replace("〇", "零").partition("十")
    if not ten:
        return int(_digits(tens) or 0)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return 10 * (_NUMERALS.index(tens) if tens else 1) + (_NUMERALS.index(ones) if ones else 0)


def _said(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def _year_first(match: re.Match[str], days: int) -> str | None:
    """1990-03-05, 1990.3.5."""
    year, sep, month, day = match.group("y", "s", "m", "d")
    moved = _moved(_full_year(year), int(month), int(day), days)
    if moved is None:
        return None
    said = (_like(number, month, day) for number in (moved.month, moved.day))
    return sep.join((_year_like(moved.year, year), *said))


def _compact(match: re.Match[str], days: int) -> str | None:
    """19900305, 900305, 0305."""
    year, month, day = match.group("y", "m", "d")
    moved = _moved(_full_year(year) if year else LEAP, int(month), int(day), days)
    return moved and f"{_year_like(moved.year, year or '')}{moved.month:02d}{moved.day:02d}"


def _year_last(match: re.Match[str], days: int) -> str | None:
    """03/05/1990, 5.3.90: the month first with a slash, unless one of the numbers says otherwise."""
    first, sep, second, year = match.group("a", "s", "b", "y")
    month_first = int(second) > 12 or (sep == "/" and int(first) <= 12)
    month, day = (first, second) if month_first else (second, first)
    moved = _moved(_full_year(year), int(month), int(day), days)
    if moved is None:
        return None
    said = (_like(moved.month, month, day), _like(moved.day, month, day))
    return sep.join((*(said if month_first else said[::-1]), _year_like(moved.year, year)))


def _named(match: re.Match[str], days: int) -> str | None:
    """5th of March, 1990; Mar 5."""
    part: Part = match.groupdict("")
    month = [name[:3].lower() for name in _MONTHS].index(part["name"][:3].lower()) + 1
    moved = _moved(int(part["y"]) if part["y"] else LEAP, month, int(part["d"]), days)
    if moved is None:
        return None
    day = _like(moved.day, part["d"][:1]) + (_ordinal(moved.day) if part["ordinal"] else "")
    said = {
        "name": _month_like(_MONTHS[moved.month - 1], part["name"]),
        "y": _year_like(moved.year, part["y"]),
    }
    text, at = "", 0
    for group in sorted(("name", "d", "y"), key=match.start):
        if match.start(group) >= 0:
            end = match.end("ordinal") if group == "d" and part["ordinal"] else match.end(group)
            text += match.string[at : match.start(group)] + (day if group == "d" else said[group])
            at = end
    return text + match.string[at:]


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _month_like(month: str, before: str) -> str:
    long = before.title() in _MONTHS
    named = month if long else "Sept" if month == "September" and len(before) == 4 else month[:3]
    return named.upper() if before.isupper() else named.lower() if before.islower() else named


def _year_only(match: re.Match[str], days: int) -> str | None:
    """1990, 1990年, and a year and month: 1990年3月, 1990-03."""
    year, sep, month, end = match.group("y", "s", "m", "end")
    if not month:
        return f"{int(year) + (1 if days > 0 else -1)}{sep or ''}"
    moved = _moved(int(year), int(month), 15, days + (15 if days > 0 else -15))
    return moved and f"{moved.year}{sep}{_like(moved.month, month[:1])}{end or ''}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], str | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), move)
    for pattern, move in (
        (
            r"(?P<lunar>农历|阴历|阳历)?(?:(?P<y>\d{4}|\d{2})(?P<ny>\s?年\s?))?(?P<m>\d{1,2})月(?P<d>\d{1,2})(?P<end>[日号]?)",
            _chinese,
        ),
        (
            rf"(?P<lunar>农历|阴历|阳历)?(?:(?P<y>[零〇一二三四五六七八九]{{4}})(?P<ny>年))?(?P<m>{_CN}{{1,2}})月"
            rf"(?P<first>初?)(?P<d>{_CN}{{1,3}})(?P<end>[日号]?)",
            _numerals,
        ),
        (r"(?P<y>(?:18|19|20)\d{2})(?P<s>\s?[-/. ]\s?)(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})", _year_first),
        (r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", _compact),
        (r"(?P<a>\d{1,2})(?P<s>\s?[-/. ]\s?)(?P<b>\d{1,2})(?P=s)(?P<y>(?:19|20)\d{2}|\d{2})", _year_last),
        (rf"(?P<d>\d{{1,2}}){_ORDINAL}(?: of)? {_MONTH_NAME}(?:,? {_YEAR})?", _named),
        (rf"{_MONTH_NAME} (?P<d>\d{{1,2}}){_ORDINAL}(?:,? {_YEAR})?", _named),
        (r"(?P<y>\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", _compact),
        (rf"{_YEAR}(?P<s>\s?年)?(?P<m>)?(?P<end>)?", _year_only),
        (rf"{_YEAR}(?P<s>\s?年\s?|[-/.])(?P<m>0?[1-9]|1[0-2])(?P<end>月?)", _year_only),
        (r"(?P<y>)?(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", _compact),
    )
)
