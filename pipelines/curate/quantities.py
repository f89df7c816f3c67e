"""Numbers with their units, in one scale a kind, so that "两天" and "48 hours" are the same."""

from __future__ import annotations

import re
import unicodedata

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "半": 0.5}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
WORDS = {
    "half a": 0.5, "half an": 0.5, "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15,
    "twenty": 20, "thirty": 30,
    "once": 1, "twice": 2,
}  # fmt: skip
UNITS = {  # unit: (kind, how many of the kind's base unit: hour, yuan, percent, time)
    "分钟": ("time", 1 / 60), "minutes?": ("time", 1 / 60), "min": ("time", 1 / 60),
    "个?小时": ("time", 1), "hours?": ("time", 1), "h": ("time", 1),
    "个?工作日": ("time", 24), "天": ("time", 24), "日(?!本|常|用)": ("time", 24),
    "(?:working |business )?days?": ("time", 24), "workdays?": ("time", 24),
    "周": ("time", 168), "个?星期": ("time", 168), "weeks?": ("time", 168),
    "个月": ("time", 720), "months?": ("time", 720), "年": ("time", 8640), "years?": ("time", 8640),
    "元": ("money", 1), "块": ("money", 1), "yuan": ("money", 1), "rmb": ("money", 1),
    "%": ("percent", 1), "percent": ("percent", 1),
    "次": ("times", 1), "回": ("times", 1), "times?": ("times", 1),
}  # fmt: skip
_UNIT = "|".join(f"(?P<u{i}>{unit})" for i, unit in enumerate(UNITS))
_NUMBER = r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万半]+|" + "|".join(
    rf"(?<![a-z]){word}(?![a-z])" for word in WORDS
)
QUANTITY = re.compile(rf"(?<![\d.])(?P<number>{_NUMBER})(?:[\s-]*(?:{_UNIT})(?![a-z]))")
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:到|至|to|[-~–—])\s*(?=\d)")


def quantities(text: str) -> set[tuple[str, float]]:
    """The (kind, amount) pairs in `text`: time in hours, money in yuan, percent, times.

    A working day counts as a day. The lower end of a range ("2 to 4 days") takes the unit of the upper one.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    found = set()
    for match in QUANTITY.finditer(text):
        unit = next(i for i in range(len(UNITS)) if match[f"u{i}"] is not None)
        kind, scale = list(UNITS.values())[unit]
        found.add((kind, round(_value(match["number"]) * scale, 4)))
        if lower := _lower_end(text, match.start()):
            found.add((kind, round(lower * scale, 4)))
    return found


def contradicts(reply: str, truth: str) -> bool:
    """Does `reply` give an amount of a kind that `truth` gives too, and never one that `truth` gives?"""
    said, right = quantities(reply), quantities(truth)
    shared = {kind for kind, _ in said} & {kind for kind, _ in right}
    return any(not {q for q in said if q[0] == kind} & right for kind in shared)


def _lower_end(text: str, end: int) -> float | None:
    for match in RANGE.finditer(text, max(0, end - 12), end + 1):
        if match.end() == end:
            return float(match[1])
    return None


def _value(number: str) -> float:
    if number[0].isdigit():
        return float(number)
    return WORDS[number] if number in WORDS else _chinese(number)


def _chinese(number: str) -> float:
    total, digit = 0.0, 0.0
    for character in number:
        if character in SCALES:
            total += (digit or 1) * SCALES[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit
