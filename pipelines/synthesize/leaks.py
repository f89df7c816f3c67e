"""Nothing held out is trained on: descent, near-duplicates and long shared runs of characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from pipelines.dedup.near import banding, near_matches
from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.params import Params

Row = dict[str, Any]
HEAD_CHARS = 8  # a shorter question stands in many a text by chance
RUN_SHARE = 0.8  # of a held-out question that a shared run must cover
SHOWN = 10


@dataclass(frozen=True)
class Leak:
    """Row `row` of what is trainable gives away the held-out example `against`."""

    row: int
    reason: str  # group | parent | near_duplicate | long_run
    against: str


def question(row: Row) -> str:
    """The last message of the user; "" if there is none."""
    return next((m["content"] for m in reversed(row["messages"]) if m["role"] == "user"), "")


def descent_leaks(rows: Sequence[Row], held: Sequence[Row]) -> list[Leak]:
    """Rows of a held-out group, or made from a held-out example."""
    groups = {row["group_id"]: row["example_id"] for row in held}
    examples = {row["example_id"] for row in held}
    found = []
    for number, row in enumerate(rows):
        parents = examples.intersection(row.get("parent_ids") or ())
        if row["group_id"] in groups:
            found.append(Leak(number, "group", groups[row["group_id"]]))
        elif parents:
            found.append(Leak(number, "parent", min(parents)))
    return found


def near_leaks(texts: Sequence[str], held: Sequence[Row], params: Params) -> list[Leak]:
    """Questions that are near-duplicates of held-out ones, exact Jaccard."""
    bands, per_band = banding(params.split.near_duplicate)
    matches = near_matches(
        [normalise(text) for text in texts],
        [normalise(question(row)) for row in held],
        params.dedup.ngram,
        params.split.near_duplicate,
        bands,
        per_band,
    )
    return [Leak(i, "near_duplicate", held[j]["example_id"]) for i, j in matches.items()]


def run_leaks(texts: Sequence[str], held: Sequence[Row], ngram: int) -> list[Leak]:
    """Texts that share a long run of characters with a held-out question.

    Long is `ngram` characters and four fifths of the question, or a shorter question whole.
    """
    shares = sharing([normalise(question(row)) for row in held], ngram)
    found = ((number, shares(normalise(text))) for number, text in enumerate(texts))
    return [
        Leak(number, "long_run", held[place]["example_id"]) for number, place in found if place is not None
    ]


def sharing(questions: Sequence[str], ngram: int) -> Callable[[str], int | None]:
    """A function of a text: the first question of which it holds a long run, or None."""
    heads: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, text in enumerate(questions):
        needed = max(min(ngram, len(text)), ceil(RUN_SHARE * len(text)))
        for start in range(len(text) - needed + 1 if len(text) >= HEAD_CHARS else 0):
            run = text[start : start + needed]
            heads[run[:HEAD_CHARS]].append((run, number))

    def first(text: str) -> int | None:
        for start in range(len(text) - HEAD_CHARS + 1):
            for run, number in heads.get(text[start : start + HEAD_CHARS], ()):
                if text.startswith(run, start):
                    return number
        return None

    return first


def refuse_leaks(rows: Sequence[Row], corpus: Sequence[Row], held: Sequence[Row], params: Params) -> None:
    """One KefuError that names the rows, if what is trainable gives away what is held out."""
    leaks = descent_leaks(rows, held) + near_leaks([question(row) for row in rows], held, params)
    named = [(rows[leak.row]["example_id"], leak) for leak in leaks]
    dialogues = [row for row in corpus if row["origin"] == "dialogue"]
    named += [(dialogues[leak.row]["doc_id"], leak) for leak in descent_leaks(dialogues, held)]
    if named:
        listed = [f"  - {name}: {leak.reason} of {leak.against}" for name, leak in named[:SHOWN]]
        more = [f"  - and {len(named) - SHOWN} more"] * (len(named) > SHOWN)
        raise KefuError(
            f"{len(named)} trainable row(s) give away what is held out\n" + "\n".join(listed + more),
            "data/split",
            "run the stage split again (`dvc repro -f -s split`); its tables were changed or are out of step",
        )
