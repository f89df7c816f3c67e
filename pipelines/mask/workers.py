"""The analyzer over many distinct texts: in this process when they are few, else in several."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING

from pipelines.mask.labels import Finding
from pipelines.progress import Progress

if TYPE_CHECKING:
    from pipelines.mask.engine import Analyzer

_analyzer: Analyzer | None = None
REMEMBERED = 100_000  # distinct texts whose findings a run keeps: about 50 MB
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Workers:
    """`find` over `processes` worker processes, each with its own engine, loaded once; 1 works inline.

    As a context manager: nothing starts before the first text, and nothing outlives the block.
    """

    def __init__(self, score_threshold: float, processes: int, batch_size: int) -> None:
        self._threshold, self._processes, self._size = score_threshold, processes, batch_size
        self._pool: ProcessPoolExecutor | None = None
        self._known: dict[str, list[Finding]] = {}  # what was met last stands last

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def find(self, texts: Iterable[str], progress: Progress | None = None) -> dict[str, list[Finding]]:
        """The findings of each distinct text; texts of one length share a batch, as the Chinese NER needs.

        A text that an earlier call met is not analysed again, as long as it is among the last REMEMBERED.
        """
        distinct = {text for text in texts if text.strip()}
        found = {text: self._known.pop(text) for text in distinct & self._known.keys()}
        new = sorted(distinct - found.keys(), key=lambda text: (len(text), text))
        batches = [new[i : i + self._size] for i in range(0, len(new), self._size)]
        for batch, results in zip(batches, self._results(batches), strict=True):
            found.update(zip(batch, results, strict=True))
            if progress:
                progress.add(len(batch))
        self._remember(found)
        return found

    def _remember(self, found: dict[str, list[Finding]]) -> None:
        self._known.update(found)
        for text in list(islice(self._known, max(0, len(self._known) - REMEMBERED))):
            del self._known[text]

    def _results(self, batches: Sequence[list[str]]) -> Iterator[list[list[Finding]]]:
        if self._processes == 1:
            for batch in batches:
                yield _find(batch, self._threshold)
            return
        waiting = iter(batches)
        running = [self._submit(batch) for batch in islice(waiting, 2 * self._processes)]
        while running:  # in order, and only a few batches ahead: memory does not grow with the input
            yield running.pop(0).result()
            running += [self._submit(batch) for batch in islice(waiting, 1)]

    def _submit(self, batch: list[str]) -> Future[list[list[Finding]]]:
        if self._pool is None:
            for name in _THREADS:
                os.environ.setdefault(name, "1")
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, _load, (self._threshold,))
        return self._pool.submit(_find, batch, self._threshold)


def _load(score_threshold: float) -> None:
    global _analyzer
    from pipelines.mask.engine import Analyzer

    _analyzer = Analyzer(score_threshold)


def _find(batch: list[str], score_threshold: float) -> list[list[Finding]]:
    if _analyzer is None or _analyzer.score_threshold != score_threshold:
        _load(score_threshold)
    assert _analyzer is not None
    return _analyzer.find(batch)
