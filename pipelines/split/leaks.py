"""Which trainable rows say what is held out, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dedup.near import banding, near_matches
from pipelines.dedup.normalise import normalise
from pipelines.params import Params
from pipelines.split.sides import Side

Row = dict[str, Any]  # a row of EXAMPLES or CORPUS
MIN_QUOTED_CHARS = 8  # a shorter question stands in many a dialogue by chance


@dataclass(frozen=True)
class Leak:
    """Row `row` must not be trained on; `against` is the id of what it would give away."""

    row: int
    reason: str  # held_out_group | held_out_duplicate | validation_duplicate
    against: str


def question(row: Row) -> str:
    """The last message of the user, as it was typed; "" if there is none."""
    return next((m["content"] or "" for m in reversed(row["messages"] or []) if m["role"] == "user"), "")


def example_leaks(rows: Sequence[Row], sides: Mapping[str, Side], params: Params) -> list[Leak]:
    """Examples outside test that are connected to it, and validation that repeats what is left of train.

    Answers are not compared: one answer serves many questions, and a test asks whether it is found again.
    """
    by_side: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_side[sides[row["group_id"]]].append(number)
    test, trainable = by_side["test"], by_side["train"] + by_side["validation"]
    leaks = _children(rows, trainable, test)
    leaks += _repeats(rows, _without(trainable, leaks), test, "held_out_duplicate", params)
    validation, train = _without(by_side["validation"], leaks), _without(by_side["train"], leaks)
    leaks += _repeats(rows, validation, train, "validation_duplicate", params)
    return sorted(leaks, key=lambda leak: leak.row)


def corpus_leaks(
    corpus: Sequence[Row],
    rows: Sequence[Row],
    sides: Mapping[str, Side],
    leaks: Sequence[Leak],
) -> list[Leak]:
    """Dialogues of a group that is held out, gives an example away, or quotes a test question whole.

    Knowledge documents are for learning and stay.
    """
    repeating = {rows[leak.row]["group_id"]: leak for leak in leaks if leak.reason.startswith("held_out")}
    tested = sorted({row["example_id"]: row for row in rows if sides[row["group_id"]] == "test"}.items())
    quotes = quoting([normalise(question(row)) for _, row in tested])
    found = []
    for number, document in enumerate(corpus):
        group = document["group_id"]
        if document["origin"] != "dialogue":
            continue
        if sides[group] != "train":
            found.append(Leak(number, "held_out_group", group))
        elif group in repeating:
            found.append(Leak(number, "held_out_duplicate", repeating[group].against))
        elif (quoted := quotes(normalise(document["text"] or ""))) is not None:
            found.append(Leak(number, "held_out_duplicate", tested[quoted][0]))
    return found


def quoting(phrases: Sequence[str]) -> Callable[[str], int | None]:
    """A function of a text: the number of the first phrase that stands in it whole, or None."""
    heads: dict[str, list[int]] = defaultdict(list)
    for number, phrase in enumerate(phrases):
        if len(phrase) >= MIN_QUOTED_CHARS:
            heads[phrase[:MIN_QUOTED_CHARS]].append(number)

    def first(text: str) -> int | None:
        for start in range(len(text) - MIN_QUOTED_CHARS + 1):
            for number in heads.get(text[start : start + MIN_QUOTED_CHARS], ()):
                if text.startswith(phrases[number], start):
                    return number
        return None

    return first


def _children(rows: Sequence[Row], trainable: Sequence[int], test: Sequence[int]) -> list[Leak]:
    """Rows made from a group or an example that is held out."""
    held = {rows[number][name] for number in test for name in ("group_id", "example_id")}
    parents = ((number, held.intersection(rows[number]["parent_ids"] or ())) for number in trainable)
    return [Leak(number, "held_out_group", min(found)) for number, found in parents if found]


def _repeats(
    rows: Sequence[Row], mine: Sequence[int], theirs: Sequence[int], reason: str, params: Params
) -> list[Leak]:
    bands, per_band = banding(params.split.near_duplicate)
    matches = near_matches(
        [normalise(question(rows[number])) for number in mine],
        [normalise(question(rows[number])) for number in theirs],
        params.dedup.ngram,
        params.split.near_duplicate,
        bands,
        per_band,
    )
    return [Leak(mine[i], reason, rows[theirs[j]]["example_id"]) for i, j in matches.items()]


def _without(numbers: Sequence[int], leaks: Sequence[Leak]) -> list[int]:
    gone = {leak.row for leak in leaks}
    return [number for number in numbers if number not in gone]
