"""The questions whose intent is uncertain, as a file for the steward, and what the steward decided.

A steward fills in `decision` of data/curated/intent_review.csv (an intent of the taxonomy, or `drop`) and
puts the rows into intent_reviews.csv of the knowledge. A question is known again by its text without case,
marks and spaces; masked text only stands in either file.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.curate.turns import Turn
from pipelines.dedup.normalise import normalise
from pipelines.knowledge.reviews import Review
from pipelines.stage import StageRun

NAME = "intent_review.csv"
COLUMNS = ("question", "language", "asked", "candidates", "confidence", "now", "decision")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so

Decisions = Mapping[tuple[str, str], str]  # (language, normalised question): intent or "drop"


@dataclass(frozen=True)
class Doubt:
    """A turn whose intent is not sure: what curate makes of it now, and the likeliest intents."""

    turn: Turn
    now: str  # the intent it gets, or why it is dropped
    candidates: tuple[tuple[str, float], ...]  # (intent, confidence 0 to 1), likeliest first


def key(question: str, language: str) -> tuple[str, str]:
    return language, normalise(question)


def decisions(reviews: Iterable[Review]) -> dict[tuple[str, str], str]:
    return {key(review.question, review.language): review.decision for review in reviews}


def write_review(run: StageRun, doubts: Sequence[Doubt], most: int) -> int:
    """Writes at most `most` questions, the most asked and then the least sure first; returns how many.

    UTF-8 with a byte order mark, without which spreadsheets garble Chinese.
    """
    alike: dict[tuple[str, str], list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        alike[key(doubt.turn.question, doubt.turn.language)].append(doubt)
    rows = sorted((_row(same) for same in alike.values()), key=lambda row: (-int(row[2]), row[4], row[0]))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *(map(_safe, row) for row in rows[:most])])
    (run.out / NAME).write_text(text.getvalue(), encoding="utf-8-sig")
    return len(rows[:most])


def _row(same: Sequence[Doubt]) -> tuple[str, ...]:
    """One question, by the turn of the smallest id; asked as often as duplicates of all its turns say."""
    first = min(same, key=lambda doubt: doubt.turn.example_id)
    asked = sum(doubt.turn.times for doubt in same)
    listed = "; ".join(f"{intent} {confidence:.2f}" for intent, confidence in first.candidates)
    best = first.candidates[0][1] if first.candidates else 0.0
    return first.turn.question, first.turn.language, str(asked), listed, f"{best:.2f}", first.now, ""


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
