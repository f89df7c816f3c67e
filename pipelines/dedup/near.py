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

from pipelines.dedup.shingles import Hashes, Rows, Shingles, mix, ranges, shingles, similar
from pipelines.progress import Progress

SEED = 20260907
SIGNATURE_ROWS = 1024  # rows whose signatures stand as Python lists at a time
BATCH_PAIRS = 1_000_000


def near_clusters(
    texts: Sequence[str], ngram: int, jaccard: float, bands: int, rows: int, progress: Progress | None = None
) -> list[int]:
    """For each row the smallest row of its cluster: rows that are equal, or connected by near pairs."""
    distinct, equal = _distinct(texts)
    grams = shingles([texts[i] for i in distinct], ngram)
    smallest = list(range(len(texts)))
    parents = near_components(grams, band_keys(grams, bands, rows), jaccard, progress)
    for row, parent in zip(distinct, parents.tolist(), strict=True):
        smallest[row] = distinct[parent]
    for first, row in equal:
        smallest[row] = smallest[first]
    return smallest


def near_components(grams: Shingles, keys: Hashes, jaccard: float, progress: Progress | None = None) -> Rows:
    """For each row of `grams` the smallest row that near pairs connect it with; `keys` are its `band_keys`.

    Candidates that are connected already are not verified, which keeps clusters of thousands cheap.
    """
    parents = np.arange(len(grams.sizes))
    for low, high in candidates(keys, progress):
        apart = parents[low] != parents[high]
        low, high = low[apart], high[apart]
        near = similar(grams, low, grams, high, jaccard)
        parents = connected(parents, low[near], high[near])
    return parents


def connected(parents: Rows, low: Rows, high: Rows) -> Rows:
    """The components after the edges (low, high); a row's parent is the smallest row of its component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(low):
        return parents
    rows = len(parents)
    edges = np.concatenate([low, np.arange(rows)]), np.concatenate([high, parents])
    _, label = connected_components(coo_array((np.ones(len(edges[0]), np.int8), edges), (rows, rows)), False)
    return np.unique(label, return_index=True)[1][label]


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


def band_keys(grams: Shingles, bands: int, rows: int) -> Hashes:
    """(bands, rows of the table) 64-bit keys; rows that share one of them are candidates.

    A row without n-grams gets a key that no other row has.
    """
    keys = np.zeros((bands, len(grams.sizes)), np.uint64)
    for start, signed in _signatures(grams, bands * rows):
        for column in range(bands * rows):
            part = keys[column // rows, start : start + len(signed)]
            part[:] = mix(part + signed[:, column])
    empty = np.flatnonzero(grams.sizes == 0)
    keys[:, empty] = empty.astype(np.uint64)
    return keys


def _signatures(grams: Shingles, permutations: int) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """(first row, signatures (rows, permutations)), some rows at a time."""
    from rensa import RMinHash

    for start in range(0, len(grams.sizes), SIGNATURE_ROWS):
        offsets = grams.offsets[start : start + SIGNATURE_ROWS + 1]
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.ascontiguousarray(grams.hashes[offsets[0] : offsets[-1]]),
            (offsets - offsets[0]).astype(np.uint64),
            permutations,
            SEED,
        )
        yield start, np.array(matrix.to_rows(), np.uint32)


def candidates(bands: Hashes, progress: Progress | None = None) -> Iterator[tuple[Rows, Rows]]:
    """Batches of (low, high), low < high: rows of one band key. A pair may come again in a later band."""
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
        yield np.repeat(rows[part], count), others[ranges(low[part], count)]


def _distinct(texts: Sequence[str]) -> tuple[list[int], list[tuple[int, int]]]:
    """(the first row of each text, pairs of the first row and a later one of the same text)."""
    first: dict[str, int] = {}
    equal = [(first[text], row) for row, text in enumerate(texts) if first.setdefault(text, row) != row]
    return list(first.values()), [(a, b) for a, b in equal if texts[a]]
