"""Results for single rows, remembered in the store that all runs share, so that only new rows are worked on.

A result is JSON, and a function of its row and of what the memo depends on: parameters, knowledge, code.
The rows of one run that were new stand in a file of their own; many files become one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.fingerprint import canonical, digest
from pipelines.home import home
from pipelines.store import read_sound, write_whole

MOST_FILES = 24
SCHEMA = pa.schema([("row", pa.binary(16)), ("result", pa.large_string())])


def row_key(row: Any) -> bytes:
    """16 bytes over a row of JSON values."""
    return blake2b(canonical(row), digest_size=16).digest()


class Memo:
    """The results of one kind of work (`room`) under all that they depend on besides their row."""

    def __init__(self, room: str, *depends_on: Any) -> None:
        self.folder = home() / "store" / room / digest(room, *depends_on)
        self.reused = 0

    def map(self, keys: Sequence[bytes], work: Callable[[list[int]], Iterable[Any]]) -> list[Any]:
        """The result of each row; `work` yields those of the rows (numbers) that are not remembered."""
        files = sorted(self.folder.glob("*.parquet"))
        held = dict(pair for file in files for pair in _read(file))
        missing = [number for number, key in enumerate(keys) if key not in held]
        self.reused += len(keys) - len(missing)
        found = zip(missing, work(missing), strict=True) if missing else ()
        new = {keys[number]: json.dumps(result, ensure_ascii=False) for number, result in found}
        held |= new
        if len(files) >= MOST_FILES:
            self._write(held)
            for file in files:
                file.unlink(missing_ok=True)
        elif new:
            self._write(new)
        return [json.loads(held[key]) for key in keys]

    def _write(self, results: dict[bytes, str]) -> None:
        table = pa.table([list(results), list(results.values())], schema=SCHEMA)
        write_whole(self.folder / f"{digest(*results)}.parquet", table, use_dictionary=False)


def _read(file: Path) -> list[tuple[bytes, str]]:
    """(row, result) of each row; a damaged file counts as absent, and one that another run merged is."""
    table = read_sound(file, SCHEMA)
    if table is None:
        return []
    return list(zip(table["row"].to_pylist(), table["result"].to_pylist(), strict=True))
