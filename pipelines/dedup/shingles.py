"""Texts as sets of character n-grams, and their exact Jaccard similarity, many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

BATCH_SHINGLES = 4_000_000
HASH_BITS = 51  # of an n-gram's hash; the other bits number the rows of a piece, so that one sort orders both
BITMAP_WORDS = 4  # of 64 bits
PIECE_ROWS = 1 << (64 - HASH_BITS)

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

    @cached_property
    def bitmaps(self) -> Hashes:
        """(rows, BITMAP_WORDS) the bits that a row's hashes set, a bit a hash."""
        held = np.flatnonzero(self.sizes)
        maps = np.zeros((len(self.sizes), BITMAP_WORDS), np.uint64)
        if len(held):
            word = (self.hashes >> np.uint64(6)) % np.uint64(BITMAP_WORDS)
            bit = np.uint64(1) << (self.hashes & np.uint64(63))
            for number in range(BITMAP_WORDS):
                set_here = np.where(word == number, bit, np.uint64(0))
                maps[held, number] = np.bitwise_or.reduceat(set_here, self.offsets[held])
        return maps

    def take(self, rows: Rows) -> Shingles:
        sizes = self.sizes[rows]
        return Shingles(self.hashes[ranges(self.offsets[rows], sizes)], offsets_of(sizes))


def shingles(texts: Sequence[str], ngram: int) -> Shingles:
    """The hashes of each text's character n-grams; a shorter text is one n-gram, an empty one none."""
    pieces = [_piece(texts[start : start + PIECE_ROWS], ngram) for start in range(0, len(texts), PIECE_ROWS)]
    hashes = [np.empty(0, np.uint64), *(hashes for hashes, _ in pieces)]
    sizes = [np.empty(0, np.int64), *(sizes for _, sizes in pieces)]
    return Shingles(np.concatenate(hashes), offsets_of(np.concatenate(sizes)))


def _piece(texts: Sequence[str], ngram: int) -> tuple[Hashes, Rows]:
    """(hashes, how many of each row) of at most `PIECE_ROWS` texts."""
    padded = [text.ljust(ngram, "\0") if text else "" for text in texts]
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    hashes = np.zeros(max(len(codes) - ngram + 1, 0), np.uint64)
    for place in range(ngram):
        hashes = mix(hashes + codes[place : place + len(hashes)])
    counts = np.maximum(lengths - ngram + 1, 0)
    row = np.repeat(np.arange(len(texts), dtype=np.uint64), counts)
    own = hashes[ranges(np.cumsum(lengths) - lengths, counts)] >> np.uint64(64 - HASH_BITS)
    ordered = np.sort(row << np.uint64(HASH_BITS) | own)
    ordered = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    sizes = np.bincount((ordered >> np.uint64(HASH_BITS)).astype(np.int64), minlength=len(texts))
    return ordered & np.uint64((1 << HASH_BITS) - 1), sizes


def ranges(starts: Rows, counts: Rows) -> Rows:
    """start, start + 1, ... of each range, one after the other."""
    return np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)


def offsets_of(sizes: Rows) -> Rows:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def similar(left: Shingles, i: Rows, right: Shingles, j: Rows, jaccard: float) -> NDArray[np.bool_]:
    """For each pair of rows (i of left, j of right): is the Jaccard similarity of their n-grams enough?

    Most pairs that are not are told by a bound that needs no look at the n-grams: each bit in which two
    bitmaps differ is an n-gram that the two do not share.
    """
    a, b = left.sizes[i], right.sizes[j]
    enough = np.minimum(a, b) + 1e-9 >= jaccard * np.maximum(a, b)  # no overlap could make up for the lengths
    apart = np.zeros(len(i), np.int64)
    for word in range(BITMAP_WORDS):
        apart += np.bitwise_count(left.bitmaps[i, word] ^ right.bitmaps[j, word])
    enough &= (a + b - apart) + 1e-9 >= jaccard * (a + b + apart)
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
    wanted = left.hashes[ranges(left.offsets[i], sizes)]
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


def mix(value: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014), on a whole array."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
