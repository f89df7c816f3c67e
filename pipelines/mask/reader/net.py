"""The trained network, run with numpy over texts laid end to end.

No padding, and sums that are exact in any order: weights are whole multiples of 1/WEIGHT_STEPS, what they are
multiplied with of 1/STEPS, so float32 loses nothing and a text is read the same in whatever batch it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.errors import KefuError
from pipelines.mask.entity import Entity
from pipelines.mask.labels import LABELS
from pipelines.mask.reader.units import features, named, spaced, units

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
        none = [self.chances[i, 0] for i, (s, e) in enumerate(self.spans) if s < end and start < e]
        return 1 - float(min(none, default=0))


class Net:
    """The weights of one language. One that was trained with states is given them with every text."""

    def __init__(self, file: Path) -> None:
        with np.load(file) as stored:
            if (types := tuple(stored["types"].tolist())) != TYPES:
                raise KefuError(
                    f"weights for {', '.join(types)}", str(file), "run bench/reader/train.py again"
                )
            names = [name for name in stored.files if name != "types"]
            held = {name: _on_grid(stored[name].astype(np.float32), WEIGHT_STEPS) for name in names}
        self._seen = held["seen.weight"]  # (BUCKETS, width)
        self._states = _linear(held, "states") if "states.weight" in held else None
        self._near = [
            (_kernel(held[f"near.{at}.weight"]), held[f"near.{at}.bias"]) for at in range(len(DILATIONS))
        ]
        self._whole, self._tags = _linear(held, "whole"), _linear(held, "tags")
        self._rows: dict[tuple[int, int, str], np.ndarray] = {}

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
        x = np.array(
            [row for read in zip(texts, places, entities, strict=True) for row in self._of(*read)], np.float32
        )
        if self._states is not None:
            known = np.concatenate([between(*pair) for pair in zip(states, places, strict=True)])
            weights, bias = self._states
            x = np.concatenate([x, np.maximum(_on_grid(known) @ weights + bias, 0)], axis=1)
        chances = _softmax(self._scores(_on_grid(x), sizes[sizes > 0]))
        parts = np.split(chances, np.cumsum(sizes)[:-1])
        return [Seen(spans, part) for spans, part in zip(places, parts, strict=True)]

    def _of(self, text: str, spans: list[Span], entities: Sequence[Entity]) -> list[np.ndarray]:
        seen = zip(spans, spaced(text, spans), named(spans, entities), strict=True)
        return [self._row(text[start:end], gap, label) for (start, end), gap, label in seen]

    def _row(self, unit: str, gap: int, label: int) -> np.ndarray:
        key = gap, label, unit
        row = self._rows.get(key)
        if row is None:
            if len(self._rows) >= REMEMBERED:
                self._rows.clear()
            row = self._rows[key] = self._seen[[gap, label, *features(unit)]].sum(axis=0)
        return row

    def _scores(self, x: np.ndarray, sizes: np.ndarray) -> np.ndarray:
        """(N, in) -> (N, tags); `sizes`: the units of each text, none of them empty."""
        starts = np.cumsum(sizes) - sizes
        before = np.arange(len(x)) - np.repeat(starts, sizes)  # units of the text before each
        after = np.repeat(sizes, sizes) - 1 - before
        for at, (distance, (weights, bias)) in enumerate(zip(DILATIONS, self._near, strict=True)):
            y = np.maximum(_neighbours(x, distance, before, after) @ weights + bias, 0)
            if at:
                x = _on_grid(y + x)
            else:
                matrix, more = self._whole
                whole = _on_grid(np.maximum.reduceat(y, starts, axis=0)) @ matrix + more
                x = _on_grid(y + np.repeat(whole, sizes, axis=0))
        weights, bias = self._tags
        return x @ weights + bias


def _on_grid(values: np.ndarray, steps: int = STEPS) -> np.ndarray:
    return np.rint(values * np.float32(steps)) / np.float32(steps)


def _linear(held: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    return np.ascontiguousarray(held[f"{name}.weight"].T), held[f"{name}.bias"]


def _kernel(weight: np.ndarray) -> np.ndarray:
    """(out, in, 3) -> (3 * in, out)."""
    return np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))


def between(states: np.ndarray, spans: list[Span]) -> np.ndarray:
    """The mean of the states of each unit's first and last character: (units, width)."""
    places = np.array(spans, np.intp).reshape(-1, 2)
    return (states[places[:, 0]] + states[places[:, 1] - 1]) / 2


def _neighbours(x: np.ndarray, distance: int, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Each unit between those `distance` before and behind it, zeros beyond its text: (N, 3 * in)."""
    width = x.shape[1]
    wide = np.zeros((len(x), 3 * width), np.float32)
    wide[distance:, :width] = x[:-distance]
    wide[:, width : 2 * width] = x
    wide[:-distance, 2 * width :] = x[distance:]
    wide[before < distance, :width] = 0
    wide[after < distance, 2 * width :] = 0
    return wide


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
