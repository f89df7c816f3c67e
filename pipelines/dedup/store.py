"""Indexes of masked partitions, remembered by what they depend on, so that a new week costs a week."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from pipelines.dedup.index import INDEX
from pipelines.fingerprint import digest, fingerprint_code, sha256_of
from pipelines.home import home
from pipelines.packages import deciding
from pipelines.params.sections import Dedup
from pipelines.store import read_sound, write_whole

ROOM = Path(__file__).parent
NOT_IN_KEY = {"jaccard"}  # it decides on candidates, which are no part of an index


def index_key(partition: Path, params: Dedup) -> str:
    """64 hex digits over all that the index of the masked partition (a file) is a function of."""
    code = fingerprint_code(ROOM, ROOM.parent / "mask/labels.py", ROOM.parent / "records.py")
    return digest(
        "dedup",
        sha256_of(partition),
        params.model_dump(mode="json", exclude=NOT_IN_KEY),
        code,
        deciding("dedup"),
    )


def recall(key: str) -> pa.Table | None:
    """The index, if it was remembered; a damaged file counts as absent."""
    return read_sound(_path(key), INDEX)


def remember(key: str, index: pa.Table) -> None:
    """Two runs that write the same key write the same bytes."""
    write_whole(_path(key), index, use_dictionary=False)


def _path(key: str) -> Path:
    return home() / "store/dedup" / f"{key}.parquet"
