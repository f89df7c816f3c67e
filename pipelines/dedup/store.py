"""Indexes of masked partitions, remembered by what they depend on, so that a new week costs a week."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.dedup.index import INDEX
from pipelines.fingerprint import digest, fingerprint_code
from pipelines.home import home
from pipelines.params.sections import Dedup

ROOM = Path(__file__).parent
NOT_IN_KEY = {"jaccard"}  # it decides on candidates, which are no part of an index


def index_key(partition: Path, params: Dedup) -> str:
    """64 hex digits over all that the index of the masked partition (a file) is a function of."""
    with partition.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    code = fingerprint_code(ROOM, ROOM.parent / "mask/labels.py", ROOM.parent / "records.py")
    return digest(
        "dedup", content, params.model_dump(mode="json", exclude=NOT_IN_KEY), code, version("rensa")
    )


def recall(key: str) -> pa.Table | None:
    """The index, if it was remembered; a damaged file counts as absent."""
    path = _path(key)
    if not path.exists():
        return None
    try:
        return pq.read_table(path, schema=INDEX, page_checksum_verification=True)
    except (pa.ArrowInvalid, OSError):
        path.unlink(missing_ok=True)
        return None


def remember(key: str, index: pa.Table) -> None:
    """Writes whole or not at all; two runs that write the same key write the same bytes."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        pq.write_table(index, partial, compression="zstd", use_dictionary=False, write_page_checksum=True)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _path(key: str) -> Path:
    return home() / "store/dedup" / f"{key}.parquet"
