"""The trained network, run with numpy over texts laid end to end.

No padding, and sums that are exact in any order: weights are whole multiples of 1/WEIGHT_STEPS, what they are
multiplied with of 1/STEPS, so float32 loses nothing and a text is read the same in whatever batch it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.errors import KefuError
from pipelines.mask.entity import Entity
from pipelines.mask.labels import LABELS
from pipelines.mask.reader.units import Row, features, rows_seen, units

TYPES = tuple(LABELS)
TAGS = 1 + 2 * len(TYPES)  # none; of each type its first unit, and the rest
DILATIONS = (1, 2, 4)
REMEMBERED = 50_000  # distinct units whose rows are kept
WEIGHT_STEPS = 256
STEPS = 64
Span = tuple[int, int]


class Seen(NamedTuple):
    """One text: its units, and the chance of each tag there."""

    spans: list[Span]  # [start, end) in characters
    chances: np.ndarray  # (units, tags)

    def personal(self, start: int, end: int) -> float:
        """The chance of any type, where it is highest within [start, end)."""
        none = [self.chances[i, 0] for i in self._within(start, end)]
        return 1 - float(min(none, default=0))

    def chance(self, kind: str, start: int, end: int) -> float:
        """The mean chance of type `kind` over the units within [start, end)."""
        at, within = 1 + 2 * TYPES.index(kind), self._within(start, end)
        return float(self.chances[within, at : at + 2].sum() / max(1, len(within)))

    def _within(self, start: int, end: int) -> list[int]:
        return [i for i, (s, e) in enumerate(self.spans) if s < end and start < e]


UNSEEN = Seen([], np.zeros((0, TAGS), np.float32))  # of what is not read


class Net:
    """The weights of one language. One that was trained with states is given them with every text."""

    def __init__(self, file: Path) -> None:
        held = _read(file)
        self._seen = held["seen.weight"]  # (BUCKETS, width)
        self._states = _linear(held, "states") if "states.weight" in held else None
        self._near = [_kernel(held, f"near.{at}") for at in range(len(DILATIONS))]
        self._whole, self._tags = _linear(held, "whole"), _linear(held, "tags")
        self._rows: dict[Row, np.ndarray] = {}

    def read(
        self,
        texts: Sequence[str],
        entities: Sequence[Sequence[Entity]],
        states: Sequence[np.ndarray] = (),
    ) -> list[Seen]:
        """What is seen of each text; `entities`: the English NER's; `states`: (characters, width) of each."""
        places = [units(text) for text in texts]
        sizes = np.array([len(spans) for spans in places])
        if not sizes.sum():
            return [Seen([], np.zeros((0, len(self._tags[1])), np.float32)) for _ in texts]
        x = self._table(
            [row for read in zip(texts, places, entities, strict=True) for row in rows_seen(*read)]
        )
        if self._states is not None:
            weights, bias = self._states
            known = _on_grid(_between(states, places)) @ weights + bias
            x = np.concatenate([x, _on_grid(np.maximum(known, 0))], axis=1)
        chances = _softmax(self._scores(x, sizes[sizes > 0]))
        ends = np.cumsum(sizes).tolist()
        return [Seen(spans, chances[end - len(spans) : end]) for spans, end in zip(places, ends, strict=True)]

    def _table(self, rows: Sequence[Row]) -> np.ndarray:
        """(N, width): each distinct row is summed once."""
        if len(self._rows) > REMEMBERED:
            self._rows.clear()
        numbers = {row: number for number, row in enumerate(dict.fromkeys(rows))}
        for row in numbers.keys() - self._rows.keys():
            gap, label, unit = row
            self._rows[row] = _on_grid(self._seen[[gap, label, *features(unit)]].sum(axis=0))
        distinct = np.array([self._rows[row] for row in numbers])
        return distinct[np.fromiter(map(numbers.__getitem__, rows), np.intp, len(rows))]

    def _scores(self, x: np.ndarray, sizes: np.ndarray) -> np.ndarray:
        """(N, in) -> (N, tags); `sizes`: the units of each text, none of them empty."""
        starts = np.cumsum(sizes) - sizes
        before = np.arange(len(x)) - np.repeat(starts, sizes)  # units of the text before each
        after = np.repeat(sizes, sizes) - 1 - before
        for at, (distance, (weights, bias)) in enumerate(zip(DILATIONS, self._near, strict=True)):
            y = _with_neighbours(x @ weights, distance, before, after) + bias
            np.maximum(y, 0, out=y)
            if at:
                y += x
            else:
                matrix, more = self._whole
                whole = _on_grid(np.maximum.reduceat(y, starts, axis=0)) @ matrix + more
                y += np.repeat(whole, sizes, axis=0)
            x = _on_grid(y)
        weights, bias = self._tags
        return x @ weights + bias


def _read(file: Path) -> dict[str, np.ndarray]:
    """The weights by name, on their grid; KefuError if they are of other types than LABELS has."""
    with np.load(file) as stored:
        if (types := tuple(stored["types"].tolist())) != TYPES:
            raise KefuError(f"weights for {', '.join(types)}", str(file), "run bench/reader/train.py again")
        names = [name for name in stored.files if name != "types"]
        return {name: _on_grid(stored[name].astype(np.float32), WEIGHT_STEPS) for name in names}


def _on_grid(values: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """The nearest whole multiples of 1/steps, a power of two."""
    scaled = values * np.float32(steps)
    np.rint(scaled, out=scaled)
    scaled *= np.float32(1 / steps)
    return scaled


def _linear(held: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    return np.ascontiguousarray(held[f"{name}.weight"].T), held[f"{name}.bias"]


def _kernel(held: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    """(weights (in, 3 * out): of the unit before, itself, the one behind; bias)."""
    return np.concatenate(held[f"{name}.weight"].transpose(2, 1, 0), axis=1), held[f"{name}.bias"]


def between(states: np.ndarray, spans: list[Span]) -> np.ndarray:
    """The mean of the states of each unit's first and last character: (units, width)."""
    return _between([states], [spans])


def _between(states: Sequence[np.ndarray], places: Sequence[list[Span]]) -> np.ndarray:
    """`between` of several texts, one after the other."""
    offsets = np.cumsum([0, *map(len, states)])[:-1]
    sizes = [len(spans) for spans in places]
    bounds = chain.from_iterable(chain.from_iterable(places))
    first, behind = np.fromiter(bounds, np.intp, 2 * sum(sizes)).reshape(-1, 2).T
    shift = np.repeat(offsets, sizes)
    together = np.concatenate(states)
    between = together[first + shift]
    between += together[behind + shift - 1]
    between *= np.float32(0.5)
    return between


def _with_neighbours(
    products: np.ndarray, distance: int, before: np.ndarray, after: np.ndarray
) -> np.ndarray:
    """The sum of each unit's product and those of the units `distance` away: (N, 3 * out) -> (N, out).

    It is made in the middle third of `products`, and what belongs to another text is set to 0 there.
    """
    left, total, right = np.split(products, 3, axis=1)
    left[:-distance][before[distance:] < distance] = 0
    right[distance:][after[:-distance] < distance] = 0
    total[distance:] += left[:-distance]
    total[:-distance] += right[distance:]
    return total


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
