"""Counting what masking found against what is true, and the tables of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from bench.pii_sets import Span, Talk
from pipelines.mask.labels import Finding

BETA = 2  # recall weighs four times as much as precision: a leak is worse than a hole


class Verdict(NamedTuple):
    """One true span against the findings of its turn."""

    typed: bool  # findings of its type cover it wholly
    exact: bool  # one of them with its very bounds
    covered: bool  # findings of any type cover it wholly


class Mistake(NamedTuple):
    kind: str  # missed | other type | over | too long
    language: str
    type: str
    value: str
    text: str
    note: str


def judge(text: str, true: Span, found: Sequence[Finding]) -> Verdict:
    start, end, kind = true
    same = [finding for finding in found if finding.type == kind]
    exact = any((finding.start, finding.end) == (start, end) for finding in same)
    return Verdict(_covers(text, start, end, same), exact, _covers(text, start, end, found))


def is_right(text: str, finding: Finding, true: Sequence[Span]) -> bool:
    """Whether a finding lies within a true span of its type, or holds one wholly."""
    for start, end, kind in true:
        inside = start <= finding.start and finding.end <= end
        if kind == finding.type and (inside or _covers(text, start, end, [finding])):
            return True
    return False


def _covers(text: str, start: int, end: int, found: Sequence[Finding]) -> bool:
    masked = {i for finding in found for i in range(finding.start, finding.end)}
    return all(i in masked or not text[i].isalnum() for i in range(start, end))


class Tally:
    """Counts by (language, type), over conversations added one at a time."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.messages: dict[str, Counter[str]] = defaultdict(Counter)
        self.mistakes: list[Mistake] = []

    def add(self, talk: Talk, findings: Sequence[Sequence[Finding]]) -> None:
        holds: dict[tuple[str, str], bool] = {}  # whether a value of the type leaks from this document
        for turn, found in enumerate(findings):
            text, true, language = talk.turns[turn][1], talk.spans[turn], talk.languages[turn]
            for span in true:
                leaks = not self._true(language, text, span, found)
                holds[language, span[2]] = holds.get((language, span[2]), False) or leaks
            for finding in found:
                self._found(language, text, finding, true)
            self._message(language, talk.plain[turn], bool(true), bool(found))
        for key, leaks in holds.items():
            self.rows[key].update(documents=1, leaking=int(leaks))

    def _true(self, language: str, text: str, span: Span, found: Sequence[Finding]) -> bool:
        verdict = judge(text, span, found)
        self.rows[language, span[2]].update(true=1, **{k: int(v) for k, v in verdict._asdict().items()})
        if not verdict.typed:
            kind = "other type" if verdict.covered else "missed"
            by = "; ".join(f"{f.type} {text[f.start : f.end]!r} by {f.source}" for f in found)
            self.mistakes.append(Mistake(kind, language, span[2], text[span[0] : span[1]], text, by))
        return verdict.covered

    def _found(self, language: str, text: str, finding: Finding, true: Sequence[Span]) -> None:
        right = is_right(text, finding, true)
        self.rows[language, finding.type].update(found=1, right=int(right))
        if not right and not any(start < finding.end and finding.start < end for start, end, _ in true):
            value = text[finding.start : finding.end]
            note = f"{finding.source} {finding.score}"
            self.mistakes.append(Mistake("over", language, finding.type, value, text, note))

    def _message(self, language: str, plain: bool, personal: bool, masked: bool) -> None:
        counts = self.messages[language]
        counts.update(plain=int(plain), plain_masked=int(plain and masked))
        counts.update(empty=int(not personal), empty_masked=int(not personal and masked))

    def languages(self) -> list[str]:
        return sorted(self.messages, reverse=True)

    def total(self, language: str) -> Counter[str]:
        return sum((row for (lang, _), row in self.rows.items() if lang == language), Counter())


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def f_beta(precision: float | None, recall: float | None, beta: float = BETA) -> float | None:
    """The weighted harmonic mean of two shares; None if either is of nothing."""
    if precision is None or recall is None:
        return None
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall) if precision + recall else 0.0


HEAD = ("lang", "type", "true", "recall", "precision", "F2", "exact", "untyped leak", "document leak")


def by_type(tally: Tally) -> list[list[str]]:
    """Rows under HEAD: a row a type, then all types, for each language."""
    table = []
    for language in tally.languages():
        rows = sorted((kind, row) for (lang, kind), row in tally.rows.items() if lang == language)
        for kind, row in [*rows, ("all", tally.total(language))]:
            table.append([language, kind, *_cells(row)])
    return table


SHORT = ("set", "lang", *HEAD[2:], "false masks")


def in_short(tally: Tally) -> list[list[str]]:
    """Rows under SHORT, the set's name left out: all types of a language."""
    table = []
    for language in tally.languages():
        counts = tally.messages[language]
        rate = share(counts["empty_masked"], counts["empty"])
        wrong = "-" if rate is None else f"{rate:.2%}"
        table.append([language, *_cells(tally.total(language)), wrong])
    return table


def _cells(row: Counter[str]) -> list[str]:
    recall, precision = share(row["typed"], row["true"]), share(row["right"], row["found"])
    leak = share(row["true"] - row["covered"], row["true"])
    document = share(row["leaking"], row["documents"])
    values = (recall, precision, f_beta(precision, recall), share(row["exact"], row["true"]), leak, document)
    return [f"{row['true']:,}", *("-" if value is None else f"{value:.3f}" for value in values)]


def false_masks(tally: Tally) -> list[str]:
    """A sentence a language."""
    lines = []
    for language in tally.languages():
        counts = tally.messages[language]
        rate = share(counts["empty_masked"], counts["empty"]) or 0.0
        lines.append(
            f"{language}: {counts['empty']:,} messages hold nothing personal, {counts['empty_masked']:,} "
            f"of them"
            f" were masked ({rate:.2%})"
        )
    return lines


def as_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [head, *rows]
    )


def as_markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * 2 + ["---:"] * (len(head) - 2)
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])
