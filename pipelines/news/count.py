"""What a run's tables hold that the champion has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.records import CORPUS, EXAMPLES
from pipelines.report.drift import drift
from pipelines.stage import read_table
from pipelines.start.seen import Seen, sides

KNOWLEDGE = ("faq", "policy", "product")
TALK = ("log", "dialogue")
Row = dict[str, Any]


@dataclass(frozen=True)
class News:
    """Counts of a state of the data against what the champion saw."""

    conversations: int  # that bring at least one row the champion has not seen
    all_conversations: int
    examples: int  # new rows to learn answers from
    documents: int  # new rows of the corpus
    knowledge: int  # new or changed rows of FAQ, policies and products
    drift: float  # Jensen-Shannon divergence of the intents of new from those of known questions, 0 to 1
    beyond_chance: bool  # such a drift is rare between samples of one distribution

    @property
    def any(self) -> bool:
        """Whether a training could learn anything from it."""
        return self.examples + self.documents > 0


def count(root: Path, seen: Seen) -> News:
    """Over all sides: what is held out of training is news too."""
    new: dict[str, list[Row]] = {}
    known: list[Row] = []
    for side, table in sides():
        rows = read_table(root / table, CORPUS if side == "corpus" else EXAMPLES).to_pylist()
        fresh, old = seen.parted(rows, side)
        new.setdefault(side, []).extend(fresh)
        known += old
    fresh = [row for rows in new.values() for row in rows]
    moved = drift(intents(known), intents(fresh))
    return News(
        conversations=len(conversations(fresh)),
        all_conversations=len(conversations([*fresh, *known])),
        examples=len(new["train"]),
        documents=len(new["corpus"]),
        knowledge=sum(row["origin"] in KNOWLEDGE for row in new["train"] + new["corpus"]),
        drift=round(moved["distance"], 4),
        beyond_chance=moved["beyond"],
    )


def conversations(rows: Iterable[Row]) -> set[str]:
    return {row["group_id"] for row in rows if row["origin"] in TALK}


def intents(rows: Iterable[Row]) -> Counter[str]:
    """Of the log's questions."""
    return Counter(row["intent"] for row in rows if row["origin"] == "log")
