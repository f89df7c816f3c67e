"""Count, rate and time left of anything longer than ten seconds, one line at a time."""

from __future__ import annotations

import sys
import time
from typing import TextIO


class Progress:
    """Prints `label: 1,200/5,000 rows, 310 rows/s, 12 s left` at most every `every_s` seconds.

    A line a time and no cursor movement, since the reader is mostly a task log.
    """

    def __init__(
        self, label: str, total: int, unit: str = "rows", every_s: float = 5.0, out: TextIO | None = None
    ) -> None:
        self.label, self.total, self.unit, self.every_s = label, total, unit, every_s
        self.out = out or sys.stdout
        self.done = 0
        self.started = self.last = time.monotonic()

    def add(self, count: int = 1) -> None:
        self.done += count
        now = time.monotonic()
        if now - self.last >= self.every_s:
            self.last = now
            print(self.line(now), file=self.out, flush=True)

    def line(self, now: float) -> str:
        spent = max(now - self.started, 1e-9)
        rate = self.done / spent
        left = f", {(self.total - self.done) / rate:.0f} s left" if rate and self.total else ""
        return f"{self.label}: {self.done:,}/{self.total:,} {self.unit}, {rate:,.1f} {self.unit}/s{left}"

    def close(self) -> None:
        spent = time.monotonic() - self.started
        print(f"{self.label}: {self.done:,} {self.unit} in {spent:.1f} s", file=self.out, flush=True)
