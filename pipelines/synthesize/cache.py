"""Answers that were paid for, in SQLite: a killed run goes on, and nothing is paid for twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from pipelines.errors import KefuError

WAIT_S = 60  # for another run that writes
COLUMNS = (
    "key TEXT PRIMARY KEY, wordings TEXT, personal INTEGER, settings TEXT, "
    "input_tokens INTEGER, output_tokens INTEGER"
)


@dataclass(frozen=True)
class Answer:
    """What a model said to one prompt. A wording with personal data is counted and not kept."""

    wordings: tuple[str, ...]
    personal: int = 0
    tokens: tuple[int, int] = (0, 0)  # input, output: what it cost


class Cache:
    """Answers by key; every one is on the disk when `put` returns. May be used from several threads."""

    def __init__(self, path: Path) -> None:
        self.path, self._lock = path, Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._readable():
            self._table = sqlite3.connect(path, timeout=WAIT_S, check_same_thread=False)
            self._table.execute(f"CREATE TABLE IF NOT EXISTS paraphrases ({COLUMNS})")

    def get(self, key: str) -> Answer | None:
        asked = "SELECT wordings, personal, input_tokens, output_tokens FROM paraphrases WHERE key = ?"
        with self._readable(), self._lock:
            row = self._table.execute(asked, (key,)).fetchone()
        return Answer(tuple(json.loads(row[0])), row[1], (row[2], row[3])) if row else None

    def put(self, key: str, answer: Answer, settings: dict[str, object]) -> None:
        """`settings` (model, temperature, seed and so on) are kept beside the answer, for who asks later."""
        said, by = json.dumps(answer.wordings, ensure_ascii=False), json.dumps(settings, sort_keys=True)
        row = (key, said, answer.personal, by, *answer.tokens)
        with self._readable(), self._lock, self._table:
            self._table.execute("INSERT OR IGNORE INTO paraphrases VALUES (?, ?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        self._table.close()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise KefuError(
                f"the kept answers cannot be used: {error}",
                str(self.path),
                "see whether the disk is full or another run holds the file, then run again",
            ) from None
        except sqlite3.DatabaseError as error:
            raise KefuError(
                f"the kept answers are damaged: {error}",
                str(self.path),
                "restore the file, or move it away: the questions are then asked and paid for again",
            ) from None
