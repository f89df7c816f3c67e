"""Which rows go, so that nothing trainable is connected to anything held out and no row stands twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dedup.near import near_clusters
from pipelines.dedup.normalise import normalise
from pipelines.params import Params
from pipelines.split.leaks import Row, Text, find_leaks, of_document, of_example, said
from pipelines.split.sides import Side

REASONS = {  # (what is given away, kind of leak): reason code
    ("golden", "group"): "golden_group",
    ("golden", "duplicate"): "golden_duplicate",
    ("golden", "quote"): "golden_quote",
    ("held_out", "group"): "held_out_group",
    ("held_out", "duplicate"): "held_out_duplicate",
    ("held_out", "quote"): "held_out_quote",
    ("validation", "group"): "validation_group",
    ("validation", "duplicate"): "validation_duplicate",
    ("validation", "quote"): "validation_quote",
}


@dataclass(frozen=True)
class Drop:
    """Row `row` goes for `reason`; `against` is the id of what it would give away or repeats."""

    row: int
    reason: str
    against: str


def example_drops(
    rows: Sequence[Row], sides: Mapping[str, Side], golden: Sequence[Row], params: Params
) -> list[Drop]:
    """What of train and validation is connected to golden or test, validation connected to what is left of
    train, and of each side all but one of the rows that ask and answer the same.

    The test is compared whole, with what goes from it for standing twice.
    """
    of_side: dict[Side, list[int]] = {"train": [], "validation": [], "test": []}
    for number, row in enumerate(rows):
        of_side[sides[row["group_id"]]].append(number)
    texts = {n: of_example(rows[n]) for n in of_side["train"] + of_side["validation"]}
    drops = _connected(texts, golden, "golden", params)
    test = [rows[number] for number in of_side["test"]]
    drops += _connected(_left(texts, drops), test, "held_out", params)
    left = {side: _without(numbers, drops) for side, numbers in of_side.items()}
    taught = {number: texts[number] for number in left["train"]}
    drops += _validation_drops(taught, rows, left["validation"], params)
    for numbers in left.values():
        drops += repeats(rows, _without(numbers, drops), params)
    return sorted(drops, key=lambda drop: drop.row)


def corpus_drops(
    corpus: Sequence[Row],
    rows: Sequence[Row],
    sides: Mapping[str, Side],
    golden: Sequence[Row],
    drops: Sequence[Drop],
    params: Params,
) -> list[Drop]:
    """Documents of a group that is held out or gave an example away, and those that repeat or quote one.

    `drops` are those of the examples `rows`.
    """
    given_away = {rows[d.row]["group_id"]: d for d in drops if d.reason.startswith(("golden", "held_out"))}
    found = []
    for number, document in enumerate(corpus):
        group = document["group_id"]
        if document["origin"] == "dialogue" and sides[group] != "train":
            found.append(Drop(number, REASONS["held_out", "group"], group))
        elif group in given_away:
            found.append(Drop(number, given_away[group].reason, given_away[group].against))
    texts = {number: of_document(document) for number, document in enumerate(corpus)}
    found += _connected(_left(texts, found), golden, "golden", params)
    gone = {drop.row for drop in drops if drop.reason.startswith("validation")}
    held = [r for n, r in enumerate(rows) if sides[r["group_id"]] != "train" and n not in gone]
    found += _connected(_left(texts, found), held, "held_out", params)
    return sorted(found, key=lambda drop: drop.row)


def repeats(rows: Sequence[Row], numbers: Sequence[int], params: Params) -> list[Drop]:
    """All but one of the rows that ask and answer nearly the same, knowing the same of the order.

    An FAQ wording stays before a log's turn, an answer with key facts before one without, then by the surer
    intent and the smaller id.
    """
    dedup = params.dedup

    def cluster(texts: Iterable[str]) -> list[int]:
        return near_clusters(list(texts), dedup.ngram, dedup.jaccard, dedup.bands, dedup.rows)

    asked = cluster(normalise("\n".join(said(rows[n]))) for n in numbers)
    answered = cluster(normalise(rows[n]["messages"][-1]["content"] or "") for n in numbers)
    members: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for number, *clusters in zip(numbers, asked, answered, strict=True):
        members[clusters[0], clusters[1], rows[number]["context"] or "{}"].append(number)
    found = []
    for same in members.values():
        kept, *others = sorted(same, key=lambda number: preference(rows[number]))
        found += [Drop(number, "side_duplicate", rows[kept]["example_id"]) for number in others]
    return found


def preference(row: Row) -> tuple[Any, ...]:
    """Smaller is better."""
    return (
        row["origin"] != "faq",
        not row["key_facts"],
        -(row["intent_confidence"] or 0),
        row["example_id"],
    )


def _validation_drops(
    taught: Mapping[int, Text], rows: Sequence[Row], validation: Sequence[int], params: Params
) -> list[Drop]:
    """Rows of validation that train gives away: train is dearer. A text gives at most one away at a time."""
    numbers = {rows[number]["example_id"]: number for number in validation}
    found: dict[str, Drop] = {}
    texts = dict(taught)
    while texts:
        order = list(texts)
        held = [rows[number] for name, number in numbers.items() if name not in found]
        leaks = find_leaks([texts[number] for number in order], held, params)
        for leak in leaks:
            by = texts[order[leak.row]].name
            reason = REASONS["validation", leak.kind]
            found.setdefault(leak.against, Drop(numbers[leak.against], reason, by))
        texts = {order[leak.row]: texts[order[leak.row]] for leak in leaks}
    return list(found.values())


def _connected(texts: Mapping[int, Text], held: Sequence[Row], what: str, params: Params) -> list[Drop]:
    order = list(texts)
    leaks = find_leaks([texts[number] for number in order], held, params)
    return [Drop(order[leak.row], REASONS[what, leak.kind], leak.against) for leak in leaks]


def _left(texts: Mapping[int, Text], drops: Sequence[Drop]) -> dict[int, Text]:
    return {number: texts[number] for number in _without(list(texts), drops)}


def _without(numbers: Sequence[int], drops: Sequence[Drop]) -> list[int]:
    gone = {drop.row for drop in drops}
    return [number for number in numbers if number not in gone]
