"""Texts as sets of character n-grams, and their exact Jaccard similarity, many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BATCH_SHINGLES = 4_000_000

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Shingles:
    """The n-gram hashes of all rows, one after the other, sorted and unique within a row."""

    hashes: Hashes  # (total,)
    offsets: Rows  # (rows + 1,)

    @property
    def sizes(self) -> Rows:
        return np.diff(self.offsets)


def shingles(texts: Sequence[str], ngram: int) -> Shingles:
    """The 64-bit hashes of each text's character n-grams; a shorter text is one n-gram, an empty one none."""
    padded = [text.ljust(ngram, "\0") if text else "" for text in texts]
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    hashes = np.zeros(max(len(codes) - ngram + 1, 0), np.uint64)
    for place in range(ngram):
        hashes = mix(hashes + codes[place : place + len(hashes)])
    counts = np.maximum(lengths - ngram + 1, 0)
    row = np.repeat(np.arange(len(texts)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return _sorted_unique(hashes[(np.cumsum(lengths) - lengths)[row] + within], row, len(texts))


def similar(left: Shingles, i: Rows, right: Shingles, j: Rows, jaccard: float) -> NDArray[np.bool_]:
    """For each pair of rows (i of left, j of right): is the Jaccard similarity of their n-grams enough?"""
    a, b = left.sizes[i], right.sizes[j]
    enough = np.minimum(a, b) + 1e-9 >= jaccard * np.maximum(a, b)  # no overlap could make up for the lengths
    pairs = np.flatnonzero(enough)
    load = np.cumsum(a[pairs])
    cuts = np.searchsorted(load, np.arange(BATCH_SHINGLES, load[-1] if len(load) else 0, BATCH_SHINGLES))
    for part in np.split(pairs, cuts):
        shared = _shared(left, i[part], right, j[part])
        enough[part] = shared + 1e-9 >= jaccard * (a[part] + b[part] - shared)
    return enough


def _shared(left: Shingles, i: Rows, right: Shingles, j: Rows) -> Rows:
    """How many n-grams each pair has in common: a binary search of all of them at once."""
    sizes = left.sizes[i]
    pair = np.repeat(np.arange(len(i)), sizes)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wanted = left.hashes[left.offsets[i][pair] + within]
    low, end = right.offsets[j][pair], right.offsets[j + 1][pair]
    high = end.copy()
    last = max(len(right.hashes) - 1, 0)
    while (searching := low < high).any():
        middle = (low + high) // 2
        less = searching & (right.hashes[np.minimum(middle, last)] < wanted)
        low = np.where(less, middle + 1, low)
        high = np.where(searching & ~less, middle, high)
    found = (low < end) & (right.hashes[np.minimum(low, last)] == wanted) if len(pair) else np.zeros(0, bool)
    return np.bincount(pair[found], minlength=len(i))


def _sorted_unique(hashes: Hashes, row: Rows, rows: int) -> Shingles:
    order = np.lexsort((hashes, row))
    hashes, row = hashes[order], row[order]
    fresh = np.ones(len(row), bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (row[1:] != row[:-1])
    counts = np.bincount(row[fresh], minlength=rows)
    return Shingles(hashes[fresh], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


def mix(value: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014), on a whole array."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
