"""How many bands of how many rows overlook few enough near pairs (Rajaraman and Ullman, 3.4.2)."""

from __future__ import annotations

PERMUTATIONS = 160
MIN_RECALL = 0.99  # of pairs at exactly the threshold; those above it are found more often


def recall(jaccard: float, bands: int, rows: int) -> float:
    """The chance that a pair at exactly `jaccard` shares the key of a band."""
    return float(1 - (1 - jaccard**rows) ** bands)


def banding(jaccard: float, permutations: int = PERMUTATIONS, miss: float = 1e-4) -> tuple[int, int]:
    """(bands, rows) that overlook a pair at exactly `jaccard` with a chance of at most `miss`.

    The most rows a band that allow it: more rows mean fewer candidates to verify. Pairs above `jaccard` are
    overlooked more seldom still.
    """
    for rows in range(permutations, 1, -1):
        if (1 - jaccard**rows) ** (permutations // rows) <= miss:
            return permutations // rows, rows
    return permutations, 1


def enough(jaccard: float) -> tuple[int, int]:
    """(bands, rows) that find `MIN_RECALL` of the pairs at `jaccard`, over as few permutations as double."""
    permutations = PERMUTATIONS
    while recall(jaccard, *banding(jaccard, permutations, 1 - MIN_RECALL)) < MIN_RECALL:
        permutations *= 2
    return banding(jaccard, permutations, 1 - MIN_RECALL)
