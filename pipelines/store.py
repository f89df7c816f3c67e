"""Tables that are remembered: written whole or not at all, and not read again once they are damaged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def write_whole(path: Path, table: pa.Table, **options: Any) -> None:
    """Whole or not at all, each page with a checksum; same table and options, same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        pq.write_table(table, partial, compression="zstd", write_page_checksum=True, **options)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_sound(path: Path, schema: pa.Schema | None = None) -> pa.Table | None:
    """The table; None where there is none, and where it is damaged or lacks a column: then it is removed."""
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        if schema is not None and table.schema.names != schema.names:
            raise pa.ArrowInvalid("it has other columns")
        return table if schema is None else table.cast(schema)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):  # Arrow's own errors, and a name that is no text
        path.unlink(missing_ok=True)
        return None
