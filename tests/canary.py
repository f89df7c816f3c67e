"""Looks for planted values in whatever a run leaves: any container, any usual way of writing a text down.

A `Searcher` knows every form of every value. `search_files` opens what it finds (tables, archives, databases,
compressed cells) and `search_git` reads every object of a repository, reachable or not.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import sqlite3
import subprocess
import urllib.parse
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

WINDOW = 8  # bytes that a form must have at least
BITS = 20
MIX = np.uint64(0x9E3779B97F4A7C15)
MAX_DEPTH = 4  # of containers within containers
SHORTEST_STREAM = 24  # bytes of a compressed cell that are worth a try


class Hit(NamedTuple):
    value: str
    place: str


def forms(value: str) -> set[bytes]:
    """`value` as UTF-8, UTF-16, escaped for JSON (once and twice), HTML and URLs, and inside base64."""
    escaped = json.dumps(value)[1:-1]
    utf8 = value.encode()
    written = {value, html.escape(value), repr(utf8)[2:-1]}
    written |= {escaped, escaped.replace("\\u", "\\U"), json.dumps(escaped)[1:-1]}
    written |= {urllib.parse.quote(value), urllib.parse.quote(value, safe=""), urllib.parse.quote_plus(value)}
    written |= {form.upper() for form in written if "\\u" in form}
    plain = {form.encode() for form in written}
    plain |= {value.encode("utf-16-le"), value.encode("utf-16-be"), utf8.hex().encode()}
    encoded = set().union(*(_in_base64(raw) for raw in (utf8, escaped.encode(), value.encode("utf-16-le"))))
    return {form for form in plain | encoded if len(form) >= WINDOW}


def _in_base64(raw: bytes) -> set[bytes]:
    """The characters that `raw` certainly gives at each of its three places in a longer text."""
    found = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw)
        start, cut = (0, 2, 3)[before], (0, 3, 2)[(before + len(raw)) % 3]
        kept = text[start : len(text) - cut]
        found |= {kept, kept.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


class Searcher:
    """Finds which values stand in some bytes; the time hardly depends on how many there are."""

    def __init__(self, values: Iterable[str]) -> None:
        self._forms: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        self._table = np.zeros(1 << BITS, bool)
        for value in values:
            known = forms(value)
            assert known, f"a planted value is too short to look for: {len(value)} characters"
            for form in known:
                self._forms[form[:WINDOW]].append((form, value))
        starts = np.frombuffer(b"".join(self._forms), "<u8")
        self._table[_slots(starts)] = True

    def find(self, raw: bytes) -> set[str]:
        return {value for shift in range(WINDOW) for value in self._find(raw, shift)}

    def _find(self, raw: bytes, shift: int) -> Iterator[str]:
        """Values that begin at every WINDOW-th byte, from `shift` on."""
        count = (len(raw) - shift) // WINDOW
        if count <= 0:
            return
        windows = np.frombuffer(raw, "<u8", count, shift)
        for index in np.flatnonzero(self._table[_slots(windows)]).tolist():
            at = shift + index * WINDOW
            for form, value in self._forms.get(raw[at : at + WINDOW], ()):
                if raw.startswith(form, at):
                    yield value


def _slots(windows: np.ndarray) -> np.ndarray:
    return (windows * MIX) >> np.uint64(64 - BITS)


def search_files(searcher: Searcher, files: Iterable[Path]) -> list[Hit]:
    """Every value in the files' names, their bytes, and what they hold when opened."""
    hits = []
    for path in files:
        hits += [Hit(value, f"the name of {path}") for value in searcher.find(str(path).encode())]
        try:
            hits += search_bytes(searcher, path.read_bytes(), str(path))
        except FileNotFoundError:  # a server's own, such as a journal: it lasts as long as a transaction
            continue
        if path.suffix == ".db":
            hits += search_bytes(searcher, _live_database(path), f"{path}, as SQLite reads it")
    return hits


def search_bytes(searcher: Searcher, raw: bytes, place: str, depth: int = 0) -> list[Hit]:
    hits = [Hit(value, place) for value in searcher.find(raw)]
    if depth < MAX_DEPTH:
        for name, inner in opened(raw):
            hits += search_bytes(searcher, inner, f"{place} > {name}", depth + 1)
    return hits


def search_git(searcher: Searcher, repository: Path) -> list[Hit]:
    """Every object of the repository, whether or not a ref still leads to it, and the files beside them."""
    command = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    done = subprocess.run(command, cwd=repository, capture_output=True, check=True)
    hits = search_bytes(searcher, done.stdout, "git objects")
    folder = repository / ".git"
    others = [p for p in folder.rglob("*") if p.is_file() and "objects" not in p.relative_to(folder).parts]
    return hits + search_files(searcher, others)


def opened(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, content) of what `raw` contains, if it is a table, an archive, a database or compressed."""
    if raw[:4] == b"PAR1" and raw[-4:] == b"PAR1":
        yield "table", _table(raw)
    elif raw[:4] == b"PK\x03\x04":
        yield from _zip(raw)
    elif raw[:16] == b"SQLite format 3\0":
        yield from _cells(raw)
    else:
        for magic, name, decompress in COMPRESSED:
            if raw.startswith(magic) and (inner := _attempt(decompress, raw)):
                yield name, inner


def _zstd(raw: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as stream:
        return stream.read()


COMPRESSED: tuple[tuple[bytes, str, Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.decompress),
    (b"\x78", "zlib", zlib.decompress),
    (b"BZh", "bzip2", bz2.decompress),
    (b"\xfd7zXZ", "xz", lzma.decompress),
    (b"\x28\xb5\x2f\xfd", "zstd", _zstd),
)


def _attempt(decompress: Callable[[bytes], bytes], raw: bytes) -> bytes:
    """b"" where `raw` only begins like this compression."""
    try:
        return decompress(raw)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, pa.ArrowException):
        return b""


def _table(raw: bytes) -> bytes:
    """Cells and schema metadata of a Parquet file."""
    table = pq.read_table(pa.BufferReader(raw))
    metadata = b"\n".join(chain_items(table.schema.metadata or {}))
    return json.dumps(table.to_pylist(), ensure_ascii=False, default=str).encode() + metadata


def chain_items(metadata: dict[bytes, bytes]) -> Iterator[bytes]:
    for name, value in metadata.items():
        yield name
        yield value


def _zip(raw: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for member in archive.infolist():
            yield member.filename, archive.read(member)


def _cells(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """All texts of each table as one, and each blob or compressed text by itself."""
    connection = sqlite3.connect(":memory:")
    connection.text_factory = bytes
    connection.deserialize(_without_wal(raw))
    names = [
        row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    for name in names:
        texts = []
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            for cell in row:
                texts.append(cell if isinstance(cell, bytes) else str(cell).encode())
                if len(texts[-1]) > SHORTEST_STREAM and texts[-1].startswith(
                    tuple(m for m, _, _ in COMPRESSED)
                ):
                    yield f"{name}, a cell", texts[-1]
        yield name, b"\n".join(texts)
    connection.close()


def _without_wal(raw: bytes) -> bytes:
    """A database in memory cannot have a write-ahead log: bytes 18 and 19 say that it has none."""
    return raw[:18] + b"\1\1" + raw[20:]


def _live_database(path: Path) -> bytes:
    """The database with what still stands in its write-ahead log."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        copy = connection.serialize()
    connection.close()
    return copy
