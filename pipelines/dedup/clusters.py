"""Which conversations say the same, and which one of them stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.dedup.index import Known, codes
from pipelines.dedup.near import connected, near_components
from pipelines.dedup.shingles import Rows
from pipelines.progress import Progress

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Clusters:
    """Rows of `Known`, cluster after cluster in the order of the kept rows, the best row of each first."""

    order: Rows  # (rows,)
    starts: Rows  # (clusters,) where in `order` each begins

    @property
    def kept(self) -> Rows:
        return self.order[self.starts]

    @property
    def sizes(self) -> Rows:
        return np.diff(self.starts, append=len(self.order))

    @property
    def smallest(self) -> Rows:
        """The smallest row of each cluster; rows are sorted by id, so it has the smallest id."""
        return np.minimum.reduceat(self.order, self.starts) if len(self.starts) else self.starts


def clusters(known: Known, jaccard: float, progress: Progress | None = None) -> Clusters:
    """Rows belong together when their texts are equal or near, or when they are one conversation that two
    exports hold. Conversations without text are near nothing.
    """
    texts = near_components(known.grams, known.keys, jaccard, progress)
    silent = known.text < 0
    labels = np.where(silent, len(texts) + np.arange(len(silent)), np.append(texts, 0)[known.text])
    ids = codes(known.rows.column("conversation_id"))
    repeats = np.flatnonzero(ids[1:] == ids[:-1])
    labels = connected(np.arange(labels.max(initial=-1) + 1), labels[repeats], labels[repeats + 1])[labels]
    return best_first(labels, preference(known))


def preference(known: Known) -> tuple[Rows, ...]:
    """Smaller is better: resolved and satisfied, then the longest agent text, then the oldest."""
    age = pc.fill_null(known.rows.column("started_at").cast(pa.int64()), NEVER).to_numpy()
    good, agent = (known.rows.column(name).to_numpy() for name in ("good", "agent_chars"))
    return -good.astype(np.int64), -agent, age


def best_first(cluster: Rows, preferred: tuple[Rows, ...]) -> Clusters:
    """Clusters of the rows with equal `cluster`; the smaller row is better where `preferred` does not say."""
    order = np.lexsort((*preferred[::-1], cluster))
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    kept = np.repeat(order[starts], np.diff(starts, append=len(order)))
    by_kept = np.argsort(kept, kind="stable")
    return Clusters(order[by_kept], np.flatnonzero(np.diff(kept[by_kept], prepend=-1)))


def reasons(known: Known, found: Clusters) -> NDArray[np.str_]:
    """Why each row of `found.order` goes; "" for the kept ones.

    Exact where a row before it in the cluster, and so a better one, has the same text.
    """
    cluster = np.repeat(np.arange(len(found.starts)), found.sizes)
    ids, text = codes(known.rows.column("conversation_id"))[found.order], known.text[found.order]
    _, first = np.unique(np.stack([cluster, text], axis=1), axis=0, return_index=True)
    again = np.ones(len(text), bool)
    again[first] = False
    repeated = ids == np.repeat(ids[found.starts], found.sizes)
    reason = ("repeated_id", "exact_duplicate", "near_duplicate")
    why = np.select([repeated, again], reason[:2], reason[2])
    why[found.starts] = ""
    return why
