"""What goes into the vault, gathered while a partition is masked and written when it is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from pipelines.ingest.restricted import write_encrypted
from pipelines.mask.vault import KEY, SCHEMA, Row, path_of

LOOSE_ROWS = 10_000  # more are packed: as Arrow a value takes a tenth of what it takes as a row


class Vaulting:
    """The values masked out of one partition."""

    def __init__(self) -> None:
        self._loose: list[Row] = []
        self._packed = [SCHEMA.empty_table()]

    def add(self, rows: Iterable[Row]) -> None:
        self._loose += rows
        if len(self._loose) >= LOOSE_ROWS:
            self._pack()

    def write(self, key: str) -> Path:
        """Of the partition that the store remembers under `key`; KefuError without the vault's key."""
        self._pack()
        return write_encrypted(path_of(key), pa.concat_tables(self._packed), KEY)

    def _pack(self) -> None:
        if self._loose:
            columns = zip(*self._loose, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            self._packed.append(pa.table(arrays, schema=SCHEMA))
            self._loose = []
