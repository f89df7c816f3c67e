"""Near duplicates of short texts: MinHash finds candidates, exact Jaccard decides.

A text is the set of its character n-grams (Broder 1997); signatures come from rensa in native code, and rows
that agree in all positions of one band are candidates (Leskovec, Rajaraman, Ullman, *Mining of Massive
Datasets*, 3.4). No pair is reported on its signature alone. Nothing depends on the order of the rows but
their numbers. Texts are expected as `normalise` leaves them; an empty one is near nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.dedup.shingles import Hashes, Rows, Shingles, mix, shingles, similar
from pipelines.progress import Progress

SEED = 20260907
SIGNATURE_ROWS = 8192  # rows whose signatures stand as Python lists at a time
BATCH_PAIRS = 1_000_000


def near_pairs(
    texts: Sequence[str], ngram: int, jaccard: float, bands: int, rows: int, progress: Progress | None = None
) -> list[tuple[int, int]]:
    """Pairs (i, j), i < j, of rows whose n-gram sets share at least `jaccard` of their union.

    Equal texts are paired with the first of them only, so that a text said a million times costs a million
    pairs; their connected components are those of all pairs.
    """
    distinct, equal = _distinct(texts)
    grams = shingles([texts[i] for i in distinct], ngram)
    seen = np.empty(0, np.int64)
    for low, high in _candidates(band_keys(grams, bands, rows), progress):
        seen = np.union1d(seen, low * len(distinct) + high)
    low, high = np.divmod(seen, max(len(distinct), 1))
    near = similar(grams, low, grams, high, jaccard)
    numbers = np.asarray(distinct, np.int64)
    found = np.sort(np.stack([numbers[low[near]], numbers[high[near]]], axis=1), axis=1)
    return sorted([*map(tuple, found.tolist()), *equal])


def near_clusters(
    texts: Sequence[str], ngram: int, jaccard: float, bands: int, rows: int, progress: Progress | None = None
) -> list[int]:
    """For each row the smallest row of its cluster: the connected components of `near_pairs`.

    Candidates that are connected already are not verified, which keeps clusters of thousands cheap.
    """
    distinct, equal = _distinct(texts)
    grams = shingles([texts[i] for i in distinct], ngram)
    parents = np.arange(len(distinct))
    for low, high in _candidates(band_keys(grams, bands, rows), progress):
        apart = parents[low] != parents[high]
        low, high = low[apart], high[apart]
        near = similar(grams, low, grams, high, jaccard)
        parents = _joined(parents, low[near], high[near])
    smallest = list(range(len(texts)))
    for row, parent in zip(distinct, parents.tolist(), strict=True):
        smallest[row] = distinct[parent]
    for first, row in equal:
        smallest[row] = smallest[first]
    return smallest


def near_matches(
    texts: Sequence[str],
    against: Sequence[str],
    ngram: int,
    jaccard: float,
    bands: int,
    rows: int,
    progress: Progress | None = None,
) -> dict[int, int]:
    """For each row of `texts` that is equal or near to a row of `against`: that row of `against`.

    Of several it is an equal one, else one of the first band that shows any, the smallest number first.
    """
    first = {text: row for row, text in reversed(list(enumerate(against))) if text}
    matches = {row: first[text] for row, text in enumerate(texts) if text in first}
    left, right = shingles(texts, ngram), shingles(against, ngram)
    unmatched = np.ones(len(texts), bool)
    unmatched[list(matches)] = False
    for mine, theirs in zip(band_keys(left, bands, rows), band_keys(right, bands, rows), strict=True):
        for row, other in _joins(mine, theirs, unmatched & (left.sizes > 0), right.sizes > 0):
            near = similar(left, row, right, other, jaccard)
            for i, j in zip(row[near].tolist(), other[near].tolist(), strict=True):
                matches[i] = min(j, matches.get(i, j))
        unmatched[list(matches)] = False
        if progress:
            progress.add()
    return dict(sorted(matches.items()))


def banding(jaccard: float, permutations: int = 160, miss: float = 1e-4) -> tuple[int, int]:
    """(bands, rows) that overlook a pair at exactly `jaccard` with a chance of at most `miss`.

    The most rows a band that allow it: more rows mean fewer candidates to verify. Pairs above `jaccard` are
    overlooked more seldom still.
    """
    for rows in range(permutations, 1, -1):
        if (1 - jaccard**rows) ** (permutations // rows) <= miss:
            return permutations // rows, rows
    return permutations, 1


def band_keys(grams: Shingles, bands: int, rows: int) -> Iterator[Hashes]:
    """Band after band, a 64-bit key for each row; rows of one key are candidates.

    A row without n-grams gets a key that no other row has.
    """
    signed = _signatures(grams, bands * rows)  # (rows of the table, bands * rows)
    empty = np.flatnonzero(grams.sizes == 0)
    for band in range(bands):
        keys = np.zeros(len(signed), np.uint64)
        for column in range(band * rows, (band + 1) * rows):
            keys = mix(keys + signed[:, column])
        keys[empty] = empty.astype(np.uint64)
        yield keys


def _signatures(grams: Shingles, permutations: int) -> NDArray[np.uint32]:
    from rensa import RMinHash

    signed = np.empty((len(grams.sizes), permutations), np.uint32)
    for start in range(0, len(signed), SIGNATURE_ROWS):
        offsets = grams.offsets[start : start + SIGNATURE_ROWS + 1]
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.ascontiguousarray(grams.hashes[offsets[0] : offsets[-1]]),
            (offsets - offsets[0]).astype(np.uint64),
            permutations,
            SEED,
        )
        signed[start : start + len(offsets) - 1] = matrix.to_rows()
    return signed


def _candidates(bands: Iterator[Hashes], progress: Progress | None) -> Iterator[tuple[Rows, Rows]]:
    """Batches of (low, high): rows that share a band's key. Pairs may come again in another band."""
    for keys in bands:
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        start, distance = np.arange(len(keys)), 0
        waiting: list[Rows] = []
        while True:
            distance += 1
            start = start[start + distance < len(keys)]
            start = start[ordered[start] == ordered[start + distance]]
            waiting.append(np.stack([order[start], order[start + distance]]))
            if not len(start) or sum(pairs.shape[1] for pairs in waiting) > BATCH_PAIRS:
                pairs = np.sort(np.concatenate(waiting, axis=1), axis=0)
                yield pairs[0], pairs[1]
                waiting = []
            if not len(start):
                break
        if progress:
            progress.add()


def _joins(
    mine: Hashes, theirs: Hashes, wanted: NDArray[np.bool_], offered: NDArray[np.bool_]
) -> Iterator[tuple[Rows, Rows]]:
    """Batches of (row, other row) with equal keys, of the wanted rows and the offered others."""
    rows, others = np.flatnonzero(wanted), np.flatnonzero(offered)
    others = others[np.argsort(theirs[others], kind="stable")]
    low = np.searchsorted(theirs[others], mine[rows], "left")
    counts = np.searchsorted(theirs[others], mine[rows], "right") - low
    rows, low, counts = rows[counts > 0], low[counts > 0], counts[counts > 0]
    load = np.cumsum(counts)
    cuts = np.searchsorted(load, np.arange(BATCH_PAIRS, load[-1] if len(load) else 0, BATCH_PAIRS))
    for part in np.split(np.arange(len(rows)), cuts):
        count = counts[part]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        yield np.repeat(rows[part], count), others[np.repeat(low[part], count) + within]


def _joined(parents: Rows, low: Rows, high: Rows) -> Rows:
    """The components after these edges; the parent of a row is the smallest row of its component."""
    parents = parents.copy()
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        a, b = _root(parents, a), _root(parents, b)
        parents[max(a, b)] = min(a, b)
    while (parents[parents] != parents).any():
        parents = parents[parents]
    return parents


def _root(parents: Rows, row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = int(parents[row])
    return row


def _distinct(texts: Sequence[str]) -> tuple[list[int], list[tuple[int, int]]]:
    """(the first row of each text, pairs of the first row and a later one of the same text)."""
    first: dict[str, int] = {}
    equal = [(first[text], row) for row, text in enumerate(texts) if first.setdefault(text, row) != row]
    return list(first.values()), [(a, b) for a, b in equal if texts[a]]
