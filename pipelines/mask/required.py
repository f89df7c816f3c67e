"""What a text must hold before a pattern can match in it: words, digits in a row, a capital.

Most patterns cannot match in most messages, and a set knows that faster than a search does. `required` reads
a pattern's syntax tree for words that every match holds; `choice` looks which of them a text holds. The idea
is that of RE2's FilteredRE2. A pattern that cannot be read requires nothing, so it is always searched.
"""

from __future__ import annotations

import importlib
import itertools
import math
import re
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

Clause = frozenset[str]  # facts of which a text must hold at least one
UPPER, LATIN, HAN, ACCENT = "UPPER", "LATIN", "HAN", "ACCENT"  # facts; words are lower case
MAX_COUNT = 40  # digits that are counted
MAX_PRODUCT = 64  # words that a sequence is multiplied out to
MAX_WORDS = 600  # words of one clause
_MAX_RANGE = 12  # characters of a range that are named one by one
_FLAGS = int(re.IGNORECASE | re.MULTILINE)  # of one value in `regex`
# What `regex` reads otherwise than `re`: [[:alpha:]] and (?:word){e<=1}.
_ODD = re.compile(r"\[:\^?\w+:\]|(?<!\\)\{(?!\d*,?\d*\})")
_RESET = re.compile(r"(?<!\\)((?:\\\\)*)\\K")  # \K matches nothing, and Python's parser does not know it
HAN_CHAR = re.compile(r"[\u3400-\u9fff]")
_FOLD = str.maketrans("ıſς", "isσ", "\u0307")  # what IGNORECASE does beyond `lower`; İ becomes i and a dot
_ODD_LETTERS = frozenset(map(chr, _FOLD))
_COMMON = {" ": 0.8, ",": 0.4, ".": 0.5, "?": 0.3}
_USELESS = 0.9999  # the share of messages from which on a clause is not worth its test
_ZERO_WIDTH = ("AT", "ASSERT", "ASSERT_NOT")
_parser: Any = importlib.import_module("re._parser")


class _Part(NamedTuple):
    """What a part of a pattern matches: all of it if that is few words, else what a match must hold."""

    words: frozenset[str] | None
    clauses: tuple[Clause, ...] = ()


_NOTHING = frozenset([""])
_HAN_ONLY: Clause = frozenset([HAN])
_UNKNOWN = _Part(None)


@lru_cache(maxsize=4096)
def required(pattern: str, flags: int = _FLAGS) -> tuple[Clause, ...]:
    """Clauses that hold in every text with a match of `pattern`, the rarest first; () if nothing is known."""
    items, folds = _read(pattern, flags)
    return _of(items, folds)


@lru_cache(maxsize=4096)
def alternatives(pattern: str, flags: int = _FLAGS) -> tuple[tuple[Clause, ...], ...]:
    """The same of each alternative, if the whole pattern is `one|other`."""
    items, folds = _read(pattern, flags)
    while len(items) == 1 and str(items[0][0]) == "SUBPATTERN" and not items[0][1][1] | items[0][1][2]:
        items = list(items[0][1][3])
    if len(items) == 1 and str(items[0][0]) == "BRANCH":
        return tuple(_of(branch, folds) for branch in items[0][1][1])
    return (_of(items, folds),)


def _of(items: Sequence[tuple[Any, Any]], folds: bool) -> tuple[Clause, ...]:
    count = _count(items)
    clauses = _clauses(_sequence(items, folds))
    return rarest_first(clauses, [frozenset([f"COUNT{min(count, MAX_COUNT)}"])] if count > 1 else [])


def rarest_first(*several: Iterable[Clause]) -> tuple[Clause, ...]:
    known = {clause for clauses in several for clause in clauses}
    known |= {_HAN_ONLY for clause in known if all(map(HAN_CHAR.search, clause))}
    found = {clause for clause in known if share(clause) < _USELESS}
    return tuple(sorted(found, key=lambda clause: (share(clause), sorted(clause))))


def _read(pattern: str, flags: int) -> tuple[list[tuple[Any, Any]], bool]:
    """The syntax tree, and whether case is ignored; an empty one if Python's parser cannot read it."""
    if _ODD.search(pattern):
        return [], True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(_RESET.sub(r"\1", pattern), flags)
    except (re.error, OverflowError, RecursionError):
        return [], True
    return list(tree), bool(tree.state.flags & re.IGNORECASE)


def either(alternatives: Sequence[Sequence[Clause]]) -> tuple[Clause, ...]:
    """The clauses that hold where one of `alternatives` holds."""
    if not alternatives or not all(alternatives):
        return ()
    rarest = frozenset().union(*(min(clauses, key=share) for clauses in alternatives))
    digits = [max((_least_digits(clause) for clause in clauses), default=0) for clauses in alternatives]
    found = [rarest] if len(rarest) <= MAX_WORDS else []
    return tuple(dict.fromkeys([*found, *([_digits_in_a_row(min(digits))] if min(digits) else [])]))


def fold(text: str) -> str:
    """`text` as a pattern that ignores case sees it."""
    low = text.lower()
    return low if low.isascii() or _ODD_LETTERS.isdisjoint(low) else low.translate(_FOLD)


def _sequence(items: Iterable[tuple[Any, Any]], folds: bool) -> _Part:
    clauses: list[Clause] = []
    words, digits, whole = _NOTHING, 0, True
    for op, value in items:
        name = str(op)
        if name in _ZERO_WIDTH:
            if name == "ASSERT":
                clauses += _clauses(_sequence(value[1], folds))
            continue
        count = _digits(name, value)
        if count is not None:
            clauses += _any_of(words)
            words, digits, whole = _NOTHING, digits + count, False
            continue
        if digits:
            clauses, digits = [*clauses, _digits_in_a_row(digits)], 0
        part = _part(name, value, folds)
        if part.words is not None and len(words) * len(part.words) <= max(MAX_PRODUCT, len(part.words)):
            words = frozenset(map("".join, itertools.product(words, part.words)))
            continue
        clauses += _any_of(words)
        whole = False
        words = _NOTHING if part.words is None else part.words
        clauses += part.clauses
    if whole and not clauses:
        return _Part(words)
    if digits:
        clauses.append(_digits_in_a_row(digits))
    return _Part(None, (*clauses, *_any_of(words)))


def _part(name: str, value: Any, folds: bool) -> _Part:
    if name == "LITERAL":
        return _Part(frozenset([fold(chr(value))]))
    if name == "IN":
        return _set(value, folds)
    if name == "BRANCH":
        return _branch([_sequence(items, folds) for items in value[1]])
    if name == "SUBPATTERN":
        _, on, off, items = value
        return _sequence(items, bool((folds or on & re.IGNORECASE) and not off & re.IGNORECASE))
    if name == "ATOMIC_GROUP":
        return _sequence(value, folds)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, items = value
        return _repeat(_sequence(items, folds), int(least), int(most))
    return _UNKNOWN


def _repeat(part: _Part, least: int, most: int) -> _Part:
    if most == 1 and part.words is not None:
        return _Part(part.words | _NOTHING) if least == 0 else part
    return _Part(None, tuple(_clauses(part))) if least else _UNKNOWN


def _branch(parts: Sequence[_Part]) -> _Part:
    every = [part.words for part in parts if part.words is not None]
    if len(every) == len(parts) and sum(map(len, every)) <= MAX_WORDS:
        return _Part(frozenset().union(*every))
    return _Part(None, either([_clauses(part) for part in parts]))


def _set(members: Sequence[tuple[Any, Any]], folds: bool) -> _Part:
    facts: set[str] = set()
    for op, value in members:
        name = str(op)
        if name == "LITERAL":
            facts.add(fold(chr(value)))
        elif name == "RANGE":
            facts |= _range(value[0], value[1], folds)
        elif name == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            facts.add("DIGITS1")
        else:
            return _UNKNOWN
    if all(len(fact) == 1 for fact in facts) and len(facts) <= _MAX_RANGE:
        return _Part(frozenset(facts))
    return _Part(None, (frozenset(facts),))


def _range(first: int, last: int, folds: bool) -> set[str]:
    if last - first < _MAX_RANGE and not (first >= 48 and last <= 57):
        return {fold(chr(code)) for code in range(first, last + 1)}
    if first >= 48 and last <= 57:
        return {"DIGITS1"}
    if first >= 65 and last <= 90:
        return {LATIN} if folds else {UPPER}
    if first >= 97 and last <= 122:
        return {LATIN}
    if first >= 0x3400 and last <= 0x9FFF:
        return {HAN}
    return {ACCENT} if first > 127 else {LATIN, ACCENT, UPPER, "DIGITS1", *map(chr, range(128))}


def _digits(name: str, value: Any) -> int | None:
    """How many digits at least this part matches, if it matches digits alone."""
    if name == "LITERAL":
        return 1 if 48 <= value <= 57 else None
    if name == "IN":
        return 1 if all(map(_is_digit, value)) else None
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        inner = _all_digits(value[2])
        return None if inner is None else inner * int(value[0])
    if name == "SUBPATTERN":
        return _all_digits(value[3])
    if name == "BRANCH":
        counts = [_all_digits(items) for items in value[1]]
        return None if None in counts else min(count for count in counts if count is not None)
    return None


def _count(items: Iterable[tuple[Any, Any]]) -> int:
    """How many digits at least the parts match, wherever they stand."""
    count = 0
    for op, value in items:
        name = str(op)
        digits = _digits(name, value)
        if digits is not None:
            count += digits
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            count += int(value[0]) * _count(value[2])
        elif name == "BRANCH":
            count += min(map(_count, value[1]))
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            count += _count(value[3] if name == "SUBPATTERN" else value)
    return count


def _all_digits(items: Iterable[tuple[Any, Any]]) -> int | None:
    counts = [_digits(str(op), value) for op, value in items]
    return sum(count or 0 for count in counts) if counts and None not in counts else None


def _is_digit(member: tuple[Any, Any]) -> bool:
    name, value = str(member[0]), member[1]
    if name == "RANGE":
        return bool(value[0] >= 48 and value[1] <= 57)
    return (name == "LITERAL" and 48 <= value <= 57) or str(value) == "CATEGORY_DIGIT"


def _clauses(part: _Part) -> list[Clause]:
    return list(part.clauses) if part.words is None else _any_of(part.words)


def _any_of(words: frozenset[str]) -> list[Clause]:
    """One of `words`, without those that hold another of them."""
    if "" in words or len(words) > MAX_WORDS:
        return []
    short: list[str] = []
    for word in sorted(words, key=lambda word: (len(word), word)):
        if not any(other in word for other in short):
            short.append(word)
    return [frozenset(short)]


def _digits_in_a_row(count: int) -> Clause:
    return frozenset([f"DIGITS{min(count, MAX_COUNT)}"])


def _least_digits(clause: Clause) -> int:
    (fact, *more) = clause
    return int(fact[6:]) if not more and fact.startswith("DIGITS") else 0


def share(clause: Clause) -> float:
    """A guess at the share of messages that hold one of the facts."""
    return 1 - math.prod(1 - _fact_share(fact) for fact in clause)


def _fact_share(fact: str) -> float:
    if fact.startswith("DIGITS"):
        return 0.6 / (1 + int(fact[6:]))
    if fact.startswith("COUNT"):
        return 0.7 / (1 + int(fact[5:]))
    if fact in (UPPER, LATIN, HAN, ACCENT):
        return 0.05 if fact == ACCENT else 0.5
    if HAN_CHAR.search(fact):
        return 0.05 if len(fact) == 1 else 0.005
    if len(fact) == 1:
        return _COMMON.get(fact, 0.4 if fact.isalpha() else 0.05)
    return {2: 0.12, 3: 0.04, 4: 0.015}.get(len(fact), 0.006)
