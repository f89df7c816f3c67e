"""Which rows an adapter's training had, as 64-bit keys of their content: no id, no text.

`tune` leaves the list beside its adapter, and the version in the registry carries it. A row is new to an
adapter when its content is not on the list: a corrected conversation or a changed FAQ answer is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.fingerprint import digest, sha256_of

FILE = "seen.parquet"
SCHEMA = pa.schema([("side", pa.string()), ("key", pa.uint64())])
TABLES = {  # side: the tables whose rows it has
    "train": ("data/synthesized/train.parquet",),
    "held_out": ("data/split/validation.parquet", "data/split/test.parquet"),
    "corpus": ("data/split/corpus.parquet",),
}
Row = dict[str, Any]
Side = Literal["train", "held_out", "corpus"]


@dataclass(frozen=True)
class Seen:
    keys: dict[str, frozenset[int]] = field(default_factory=dict)  # by side

    def parted(self, rows: Iterable[Row], side: Side) -> tuple[list[Row], list[Row]]:
        """(new rows, known rows) of a side, each in the order given."""
        known = self.keys.get(side, frozenset())
        parts: tuple[list[Row], list[Row]] = ([], [])
        for row in rows:
            parts[key_of(row) in known].append(row)
        return parts


def key_of(row: Row) -> int:
    """Of an example its messages, of a document its text."""
    content = row["messages"] if "messages" in row else row["text"]
    return int(digest(content)[:16], 16)


def read_seen(path: Path, sha256: str) -> Seen | None:
    """None where there is no list, or another than the sha256 says."""
    if not sha256 or not path.exists() or sha256_of(path) != sha256:
        return None
    keys: dict[str, set[int]] = {}
    for row in pq.read_table(path, schema=SCHEMA).to_pylist():
        keys.setdefault(row["side"], set()).add(row["key"])
    return Seen({side: frozenset(found) for side, found in keys.items()})


def write_seen(path: Path, rows: Mapping[str, Sequence[Row]]) -> str:
    """The list of {side: rows}; returns its sha256. Same rows in any order, same bytes."""
    pairs = sorted({(side, key_of(row)) for side, found in rows.items() for row in found})
    columns = list(zip(*pairs, strict=True)) or [(), ()]
    pq.write_table(pa.table(dict(zip(SCHEMA.names, columns, strict=True)), SCHEMA), path, compression="zstd")
    return sha256_of(path)


def sides() -> Iterator[tuple[Side, str]]:
    """(side, table) of every table that the list is made of."""
    for side, tables in TABLES.items():
        for table in tables:
            yield side, table  # type: ignore[misc]
