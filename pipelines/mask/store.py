"""Masked partitions, remembered by what they depend on, so that a new week costs a week."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from pipelines.fingerprint import digest, fingerprint_code
from pipelines.home import home
from pipelines.mask.policy import Policy
from pipelines.mask.tally import Tally
from pipelines.packages import deciding
from pipelines.params.sections import Mask
from pipelines.store import read_sound, write_whole

ROOM = Path(__file__).parent
NOT_IN_KEY = {"batch_size", "processes"}  # they change the time, not the result
_TALLY = b"tally"


def partition_key(ingest_key: str, params: Mask, policy: Policy) -> str:
    """`ingest_key`, a dash, and 64 hex digits over all that the masked partition is a function of."""
    read = sorted([*(ROOM / "words").glob("*.txt"), *(ROOM / "reader").glob("*.npz")])
    code = fingerprint_code(ROOM, *read, ROOM.parent / "records.py")
    chosen = params.model_dump(mode="json", exclude=NOT_IN_KEY)
    packages = deciding("mask")
    return f"{ingest_key}-{digest('mask', ingest_key, chosen, policy.key, code, packages)}"


def ingest_key_of(key: str) -> str:
    """Of the partition that was masked: its name in the restricted area and in ingest's manifest."""
    return key.rsplit("-", 1)[0]


def keys() -> list[str]:
    """Of all masked partitions that stand in the store."""
    return sorted(path.stem for path in folder().glob("*.parquet"))


def holds(key: str) -> bool:
    """Whether the masked partition stands in the store, sound or damaged."""
    return path_of(key).exists()


def recall(key: str) -> tuple[pa.Table, Tally] | None:
    """The masked partition and its tally, if it was remembered; a damaged file counts as absent."""
    table = read_sound(path_of(key))
    try:
        tally = Tally.parse((table.schema.metadata or {})[_TALLY]) if table is not None else None
    except (KeyError, ValueError, TypeError, AttributeError):
        path_of(key).unlink(missing_ok=True)
        return None
    return (table.replace_schema_metadata(None), tally) if table is not None and tally else None


def remember(key: str, table: pa.Table, tally: Tally) -> None:
    """Two runs that write the same key write the same bytes."""
    write_whole(path_of(key), table.replace_schema_metadata({_TALLY: tally.dump()}))


def folder() -> Path:
    return home() / "store/masked"


def path_of(key: str) -> Path:
    return folder() / f"{key}.parquet"
