"""What a conversation says of one value holds in all its turns: it has one type, and is found in each.

A recognizer sees a name or a number beside its cue, and not where the other party echoes it without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipelines.mask.dialogue.tokens import kind_of
from pipelines.mask.labels import LABELS, Finding
from pipelines.mask.language import HAN
from pipelines.mask.normalise import Normalised, normalised, spelling
from pipelines.mask.policy import DENY_LIST, Policy
from pipelines.mask.resolve import resolve

SOURCE = "Repeated"
# Letters and digits that a value needs to be looked for elsewhere; 4 of a type of the company's own.
LEAST = dict.fromkeys(LABELS, 4) | {"PERSON": 2, "ADDRESS": 6, "BIRTH_DATE": 6}
LEAST_WORD = 5  # letters of a word that is no name
LEAST_NAME = 3
SHORT = 6  # digits: a price or a year may be the same
_BIRTH_DIGITS = 5  # without its year a date is any day
_NAMES = frozenset({"name", "maybe", "letters", "surname"})
_RATHER_WORDS = frozenset({"wordname", "rare"})  # of a name: only with its capital
_SIGNS = re.compile(r"[\W_]+")
_RUN = re.compile(r"[^\W_]+")
_CODED = re.compile(r"\d|[^\w\s'’.,-]")  # no words: digits, or signs that a password has
_LATIN = re.compile(r"[A-Za-zÀ-ɏ'’]+")
_COUNT_BEFORE = re.compile(
    r"(?:[$£€¥₹]|(?<![a-z])(?:rs|usd|rmb|in|since|until|year)\.?|金额|价格|总价|原价|共|付了?|花了?)\s?$",
    re.I,
)
_COUNT_AFTER = re.compile(
    r"\s?(?:[元块个件天分点月年次岁多折瓶盒箱包条双套片米克号日%]|毫升|公斤|小时|积分"
    r"|(?:usd|rmb|yuan|dollars?|euros?|pounds?|bucks|items?|pieces?|pcs|points?|days?|hours?|miles?|km|kg|ml"
    r"|gb|mb|mah|mm|cm)(?![a-z]))",
    re.I,
)


class Value(NamedTuple):
    finding: Finding  # one that it was found as
    text: str
    capital: bool = False  # a word too: it is the name only where it has a capital


def agreed(texts: Sequence[str], findings: Sequence[Sequence[Finding]]) -> dict[str, str]:
    """The type of each value's surest finding, by spelling."""
    best: dict[str, Finding] = {}
    for text, found in zip(texts, findings, strict=True):
        for finding in found:
            key = spelling(text[finding.start : finding.end])
            if key not in best or _sureness(finding) > _sureness(best[key]):
                best[key] = finding
    return {key: finding.type for key, finding in best.items()}


def typed(text: str, findings: Sequence[Finding], types: Mapping[str, str]) -> list[Finding]:
    """`findings` of `text` with the types that were agreed upon."""
    return [f._replace(type=types.get(spelling(text[f.start : f.end]), f.type)) for f in findings]


def repeated(texts: Sequence[str], findings: Sequence[list[Finding]], policy: Policy) -> list[list[Finding]]:
    """`findings` of each text and every other occurrence of their values."""
    values: dict[str, Value] = {}
    for text, found in zip(texts, findings, strict=True):
        for finding in found:
            for value in _looked_for(text[finding.start : finding.end], finding):
                values.setdefault(spelling(value.text), value)
    return [_with(text, found, values, policy) for text, found in zip(texts, findings, strict=True)]


def _sureness(finding: Finding) -> tuple[bool, float]:
    return finding.source == DENY_LIST, finding.score


def _looked_for(text: str, finding: Finding) -> Iterator[Value]:
    """The value and, of a Latin name, its parts, where they are unlikely to be something else elsewhere."""
    key = spelling(text)
    least = LEAST.get(finding.type, 4)
    if HAN.search(text) or _CODED.search(key) or _CODED.search(text):
        dated = finding.type != "BIRTH_DATE" or sum(map(str.isdigit, key)) >= _BIRTH_DIGITS
        if len(key) >= least and (dated or key.isalpha()):
            yield Value(finding, text)
    elif finding.type == "PERSON":
        yield from _names(text, finding)
    elif len(key) >= max(least, LEAST_WORD):
        words = _LATIN.findall(text)
        if finding.type != "ADDRESS" and any(kind_of(word.lower()) in _NAMES for word in words):
            yield Value(finding, text)
        elif text[0].isupper() and any(kind_of(word.lower()) != "chat" for word in words):
            yield Value(finding, text, capital=True)


def _names(text: str, finding: Finding) -> Iterator[Value]:
    words = _LATIN.findall(text)
    if len(words) > 1:
        yield Value(finding, text)
    for word in words:
        kind = kind_of(word.lower())
        if len(word) >= LEAST_NAME and kind in _NAMES:
            yield Value(finding, word)
        elif len(word) > LEAST_NAME and word[0].isupper() and _is_word_of_name(kind, alone=len(words) == 1):
            yield Value(finding, word, capital=True)


def _is_word_of_name(kind: str, alone: bool) -> bool:
    return alone or kind in _RATHER_WORDS


def _with(text: str, found: list[Finding], values: Mapping[str, Value], policy: Policy) -> list[Finding]:
    plain = normalised(text)
    squeezed = _SIGNS.sub("", plain.text.casefold())
    own = "\n".join(spelling(text[finding.start : finding.end]) for finding in found)
    extra: list[Finding] = []
    for key, value in values.items():
        if (squeezed if key.isalnum() else plain.text).count(key) > own.count(key):
            extra += _echoes(plain, key, value)
    hidden = [match.span() for match in policy.placeholder.finditer(text)] if extra else []
    hidden += [(finding.start, finding.end) for finding in found]
    extra = [f for f in extra if not any(start <= f.start and f.end <= end for start, end in hidden)]
    return resolve(text, [*found, *extra], policy) if extra else found


def _echoes(plain: Normalised, key: str, value: Value) -> Iterator[Finding]:
    short = key.isdigit() and len(key) <= SHORT
    for match in re.finditer(_pattern(key, value.text, short), plain.text, re.IGNORECASE):
        counted = short and (
            _COUNT_BEFORE.search(plain.text, max(0, match.start() - 9), match.start())
            or _COUNT_AFTER.match(plain.text, match.end())
        )
        if not counted and not (value.capital and _may_be_a_word(plain.text, *match.span())):
            start, end = plain.span(*match.span())
            yield value.finding._replace(start=start, end=end, source=SOURCE)


def _may_be_a_word(text: str, start: int, end: int) -> bool:
    """Without a capital, or with one that any word has there: `Will it ship?`, but `Thanks, Will.`"""
    opens = not text[:start].strip() or text[:start].rstrip()[-1] in ".!?"
    return not text[start].isupper() or (opens and text[end : end + 1].isspace())


def _pattern(key: str, value: str, short: bool) -> str:
    """The value as it was typed, or with other signs between; not within a longer word or number."""
    literal = Normalised(value).text
    coded = any(map(str.isdigit, key)) and not HAN.search(value)
    parts, sign = (
        (key, r"[ ._-]?" if short else r"[\W_]{0,2}") if coded else (_RUN.findall(literal), r"[\W_]{0,2}")
    )
    loose = sign.join(map(re.escape, parts)) or "(?!)"
    left = r"(?<![0-9A-Za-z])" if key[0].isascii() and key[0].isalnum() else ""
    right = r"(?![0-9A-Za-z])" if key[-1].isascii() and key[-1].isalnum() else ""
    if short:
        left += r"(?<!\d[-_/.:])(?<!(?-i:[A-Z])[-_/])"
        right += r"(?![-_/.:]\d|,\d{3}(?!\d))"
    return f"{left}(?:{re.escape(literal)}|{loose}){right}"
