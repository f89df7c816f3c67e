"""Which conversations say the same, and which one of them stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dedup.near import near_clusters
from pipelines.dedup.normalise import normalise
from pipelines.params import Dedup
from pipelines.progress import Progress

Row = dict[str, Any]  # a row of CONVERSATIONS
SATISFIED = 4  # of 5


@dataclass(frozen=True)
class Cluster:
    """Conversations of one text, by their row; `kept` is one of `members`."""

    cluster_id: str
    kept: int
    members: list[int]


def text_of(row: Row) -> str:
    """What customer and agent said, normalised; a system's notices are the same in every conversation."""
    return "".join(normalise(m["content"] or "") for m in row["messages"] or () if m["role"] != "system")


def preference(row: Row) -> tuple[Any, ...]:
    """Smaller is better: resolved and satisfied, then the longest agent text, the oldest, the smallest id."""
    good = (row["resolved"] is True) + ((row["satisfaction"] or 0) >= SATISFIED)
    agent = sum(len(m["content"] or "") for m in row["messages"] or () if m["role"] == "agent")
    age = row["started_at"]
    return (-good, -agent, age is None, age or 0, *identity(row))


def identity(row: Row) -> tuple[str, str, int]:
    return row["conversation_id"], row["source_file"] or "", row["source_row"] or 0


def clusters(
    rows: Sequence[Row], texts: Sequence[str], params: Dedup, progress: Progress | None = None
) -> list[Cluster]:
    """The clusters, sorted by the id of the kept row.

    Rows belong together when their texts are equal or near, or when they are one conversation that two
    exports hold. Conversations without text are near nothing.
    """
    parents = near_clusters(texts, params.ngram, params.jaccard, params.bands, params.rows, progress)
    members: dict[int, list[int]] = defaultdict(list)
    for row, parent in enumerate(_with_same_ids(rows, parents)):
        members[parent].append(row)
    found = [_cluster(rows, group) for group in members.values()]
    return sorted(found, key=lambda cluster: identity(rows[cluster.kept]))


def _cluster(rows: Sequence[Row], members: list[int]) -> Cluster:
    members = sorted(members, key=lambda row: preference(rows[row]))
    return Cluster(min(rows[row]["conversation_id"] for row in members), members[0], members)


def _with_same_ids(rows: Sequence[Row], parents: list[int]) -> list[int]:
    """`parents` with the clusters joined that hold the same conversation id."""
    joined = {parent: parent for parent in parents}

    def root(parent: int) -> int:
        while joined[parent] != parent:
            parent = joined[parent]
        return parent

    first: dict[str, int] = {}
    for row, parent in zip(rows, parents, strict=True):
        other = root(first.setdefault(row["conversation_id"], parent))
        low, high = sorted((other, root(parent)))
        joined[high] = low
    return [root(parent) for parent in parents]
