"""Which of many patterns can match in a text at all: found in one pass over its words (`required`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add, or_

import regex

from pipelines.mask.required import ACCENT, HAN, HAN_CHAR, LATIN, MAX_COUNT, UPPER, Clause, fold

_DIGITS = regex.compile(r"\d+")
_LATIN = re.compile(r"[a-z]")
_NUMBERS = {name: [f"{name}{count}" for count in range(1, MAX_COUNT + 1)] for name in ("DIGITS", "COUNT")}


class Choice:
    """Of patterns, each with its clauses, those that a text leaves open; what is met is kept as bits."""

    def __init__(self, patterns: Sequence[Sequence[Clause]]) -> None:
        distinct = list(dict.fromkeys(clause for clauses in patterns for clause in clauses))
        self._vocabulary = Vocabulary(distinct)
        bits = {clause: 1 << at for at, clause in enumerate(distinct)}
        self._needed = [reduce(or_, map(bits.__getitem__, clauses), 0) for clauses in patterns]
        self._met: dict[str, int] = defaultdict(int)  # the clauses that a fact meets
        for clause, bit in bits.items():
            for fact in clause:
                self._met[fact] |= bit
        self._always = [at for at, clauses in enumerate(patterns) if not clauses]
        self._led_to: dict[str, list[int]] = defaultdict(list)  # by a fact of a pattern's rarest clause
        for at, clauses in enumerate(patterns):
            for fact in clauses[0] if clauses else ():
                self._led_to[fact].append(at)
        self._leads = frozenset(self._led_to)

    def possible(self, text: str) -> list[int]:
        """The places of the patterns that may match in `text`, in order."""
        facts = self._vocabulary.facts(text)
        led = set(self._always).union(*map(self._led_to.__getitem__, self._leads & facts))
        unmet = ~reduce(or_, map(self._met.__getitem__, self._met.keys() & facts), 0)
        return [at for at in sorted(led) if not unmet & self._needed[at]]


class Vocabulary:
    """Which of the facts that any of `clauses` names a text holds."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        by_pair: dict[str, list[str]] = defaultdict(list)
        for word in sorted(frozenset().union(*clauses)):
            if len(word) > 1 and word == fold(word):
                pairs = [word[at : at + 2] for at in range(len(word) - 1)]
                by_pair[min(pairs, key=_pair_share)].append(word)
        self._by_pair = {pair: tuple(found) for pair, found in by_pair.items()}
        self._pairs = frozenset(self._by_pair)

    def facts(self, text: str) -> set[str]:
        low = fold(text)
        found = set(low)
        for pair in self._pairs.intersection(map(add, low, low[1:])):
            for word in self._by_pair[pair]:
                if word in low:
                    found.add(word)
        if runs := list(map(len, _DIGITS.findall(text))):
            found.update(_NUMBERS["DIGITS"][: max(runs)])
            found.update(_NUMBERS["COUNT"][: sum(runs)])
        if low != text:
            found.add(UPPER)
        if _LATIN.search(low):
            found.add(LATIN)
        if not text.isascii():
            found.add(ACCENT)
            if HAN_CHAR.search(text):
                found.add(HAN)
        return found


def _pair_share(pair: str) -> float:
    shares = {char: 1.0 - 0.035 * at for at, char in enumerate(" etaoinshrdlcumwfgypbvkjxqz")}
    return shares.get(pair[0], 0.05) * shares.get(pair[1], 0.05)
