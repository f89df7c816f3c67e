"""One value of a row, as a log may write it."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

YES = {"true", "yes", "y", "1", "resolved", "solved", "是", "已解决"}
NO = {"false", "no", "n", "0", "unresolved", "unsolved", "否", "未解决"}
MAX_SECONDS = 1e11  # a larger number of an epoch is milliseconds (1e11 s is the year 5138)
COMPACT_DIGITS = (8, 14)  # YYYYMMDD and YYYYMMDDhhmmss


class Unreadable(Exception):
    """A row that cannot be read; carries the reason code and never the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def string(value: Any) -> str:
    """`value` as trimmed text, "" for nothing; Unreadable for what is no text or cannot be stored."""
    if value is None:
        return ""
    if isinstance(value, float):
        value = "" if math.isnan(value) else int(value) if value.is_integer() else value
    elif isinstance(value, bool | dict | list | bytes):
        raise Unreadable("not_text")
    text = str(value).strip()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair, as JSON escapes can say
        raise Unreadable("broken_characters") from None
    return text


def time_ms(value: Any) -> int | None:
    """Milliseconds since 1970 UTC of ISO 8601 (also with slashes, or digits only), or an epoch in s or ms.

    A time without a zone is UTC. None for nothing; Unreadable for anything else.
    """
    if isinstance(value, datetime | date):
        return _epoch_ms(value)
    text = string(value)
    if not text:
        return None
    if text.replace(".", "", 1).isdecimal() and len(text) not in COMPACT_DIGITS:
        return _from_number(text)
    if len(text) == 14 and text.isdecimal():
        text = f"{text[:8]}T{text[8:]}"
    try:
        return _epoch_ms(datetime.fromisoformat(text.replace("/", "-")))
    except (ValueError, OverflowError):
        raise Unreadable("bad_time") from None


def _from_number(text: str) -> int:
    seconds = float(text)
    try:
        return _epoch_ms(datetime.fromtimestamp(seconds / 1000 if seconds > MAX_SECONDS else seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise Unreadable("bad_time") from None


def _epoch_ms(moment: date) -> int:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(zoned.timestamp() * 1000)


def yes_no(value: Any) -> bool | None:
    """True or False for what a log writes; None for nothing; ValueError for anything else."""
    if value is None or isinstance(value, bool):
        return value
    text = string(value).lower()
    if not text:
        return None
    if text not in YES | NO:
        raise ValueError("neither yes nor no")
    return text in YES


def rating(value: Any) -> int | None:
    """1 to 5; None for nothing; ValueError for anything else."""
    text = string(value)
    if not text:
        return None
    number = float(text)
    if number not in (1, 2, 3, 4, 5):
        raise ValueError("not 1 to 5")
    return int(number)
