"""The vault: what was masked, encrypted in the restricted area under its own key, KEFU_VAULT_KEY.

One file a masked partition, named by the store's key, written before the partition is remembered; so whatever
the store remembers was vaulted, unless the vault was destroyed. A remembered partition whose file is gone is
not masked again for it: that would undo a destruction without being asked. It serves one question: does a
model give any of it back (`leaks`)? Without a key there is no vault, and all else works as before.

A file's date says when a run last used that masking; `retention.places` collects by it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import home
from pipelines.errors import KefuError
from pipelines.ingest.restricted import read_encrypted, write_encrypted
from pipelines.mask.store import ingest_key_of
from pipelines.mask.telling import Texts

KEY = "KEFU_VAULT_KEY"
NONE = f"there is no vault: {KEY} is not set, so what is masked is not kept"
BACKUPS = "a backup made with --vault holds files and key still: remove such backups"
SCHEMA = pa.schema(
    [
        ("conversation_id", pa.string()),
        ("turn", pa.int32()),  # 0 is the first message
        ("type", pa.string()),
        ("value", pa.string()),  # as typed
        ("replacement", pa.string()),  # what stands in its place
    ]
)
_TODO = "it cannot be read again: `python -m pipelines vault destroy --yes` removes the vault"


class Row(NamedTuple):
    """One masked value; the columns of SCHEMA."""

    conversation_id: str
    turn: int
    type: str
    value: str
    replacement: str


class Status(NamedTuple):
    key: str  # environment | keys.env | none
    files: int
    values: int  # masked spans, repetitions included
    unreadable: int  # files under another key, or damaged


def folder() -> Path:
    return home.restricted() / "vault"


def path_of(key: str) -> Path:
    """Of the partition that the store remembers under `key`."""
    return folder() / f"{key}.parquet"


def has_key() -> bool:
    return key_source() != "none"


def key_source() -> str:
    """Where the key stands: environment | keys.env | none."""
    if os.environ.get(KEY):
        return "environment"
    return "keys.env" if home.keys_file().get(KEY) else "none"


def values(type: str | None = None) -> Iterator[Row]:
    """Every vaulted value (of one type), file by file; KefuError where a file cannot be opened."""
    for path in files():
        table = read_encrypted(path, KEY, _TODO)
        for batch in table.to_batches(max_chunksize=10_000):
            columns = [column.to_pylist() for column in batch.columns]
            for row in map(Row._make, zip(*columns, strict=True)):
                if type is None or row.type == type:
                    yield row


def leaks(texts: Iterable[str]) -> list[tuple[int, str]]:
    """(index, type), once each and sorted, where a text holds a vaulted value; never the value.

    Spelling does not hide it: both sides count without signs, spaces, width and case. Values that a text may
    hold by chance (a family name, a short code) are left aside (`telling.telling`). One pass over the
    vault, in which no value is compared with every text; memory follows the texts and one partition.
    """
    held = Texts(texts)
    found: set[tuple[int, str]] = set()
    for path in files():
        once = (
            read_encrypted(path, KEY, _TODO)
            .select(["type", "value"])
            .group_by(["type", "value"])
            .aggregate([])
        )
        pairs = zip(*(column.to_pylist() for column in once.columns), strict=True)
        found.update((index, type_) for type_, value in pairs for index in held.holding(type_, value))
    return sorted(found)


def status() -> Status:
    """What is there; nothing is opened without a key."""
    there = files()
    counted = [_rows(path) for path in there] if has_key() else [None] * len(there)
    return Status(
        key_source(),
        len(there),
        sum(count or 0 for count in counted),
        sum(count is None for count in counted),
    )


def without(keys: Iterable[str]) -> int:
    """How many of these masked partitions have no file in the vault."""
    return sum(not path_of(key).exists() for key in keys)


def used(keys: Iterable[str]) -> None:
    """Dates the files of these: a run has used this masking of the partition now."""
    for path in map(path_of, keys):
        if path.exists():
            os.utime(path)


def forget(conversation: str = "", partition: str = "") -> Counter[str]:
    """Removes the values of a conversation, or of a partition (ingest's key); how many, by partition.

    Files stay, with fewer rows and the date they had. KefuError without a key, or where one cannot be opened.
    """
    gone: Counter[str] = Counter()
    for path in files():
        ours = ingest_key_of(path.stem)
        if partition and partition != ours:
            continue
        table = read_encrypted(path, KEY, _TODO)
        kept = table.slice(0, 0) if partition else table.filter(_not_of(table, conversation))
        if removed := table.num_rows - kept.num_rows:
            at = path.stat()
            write_encrypted(path, kept, KEY)
            os.utime(path, (at.st_atime, at.st_mtime))
            gone[ours] += removed
    return gone


def destroy() -> str:
    """Removes the key from keys.env, then the files; says what is left for the user to do.

    Whoever has neither the key nor a copy of it cannot open a file that a backup may still hold. The name
    stays in keys.env without a value, so that `make setup` does not begin a new vault by itself.
    """
    said = "the vault is destroyed"
    emptied = [name for name in ("keys.env", "keys.env.replaced") if _empty(home.home() / name)]
    if emptied:
        said += f": {KEY} is gone from {' and '.join(emptied)}"
    for path in (removed := files()):
        path.unlink(missing_ok=True)
    said += f", {len(removed)} file(s) removed"
    if os.environ.get(KEY):
        said += f"; the environment still sets {KEY}: unset it there and wherever it is kept"
    return f"{said}; {BACKUPS}"


def files() -> list[Path]:
    return sorted(folder().glob("*.parquet"))


def _empty(path: Path) -> bool:
    """Takes the key's value out of a file of keys; whether there was one."""
    lines = path.read_text().splitlines() if path.exists() else []
    kept = [f"{KEY}=" if line.split("=")[0].strip() == KEY else line for line in lines]
    if kept != lines:
        home.write_private(path, "\n".join(kept) + "\n")
    return kept != lines


def _not_of(table: pa.Table, conversation: str) -> pa.ChunkedArray:
    return pc.not_equal(table["conversation_id"], conversation)


def _rows(path: Path) -> int | None:
    try:
        return int(read_encrypted(path, KEY, _TODO).num_rows)
    except KefuError:
        return None
