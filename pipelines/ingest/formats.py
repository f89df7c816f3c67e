"""From a file's bytes to its rows. A row that cannot be read is its reason code, in its place.

Rows are named by the 1-based line on which they begin (Parquet and readers: the 1-based row). A text file
is held in memory whole: a log of a million messages needs about two gigabytes.
"""

from __future__ import annotations

import codecs
import csv
import importlib
import io
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import KefuError
from pipelines.ingest import readers

Record = tuple[int, dict[str, Any] | str]  # (line, row or reason code)

SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
DELIMITERS = {"csv": ",", "tsv": "\t"}
NEWLINE = b"\n"
LIKELY_ENCODINGS = ("utf-8", "gb18030", "utf-16")


@dataclass
class Rows:
    """The rows of one file; `columns` is None where each row names its own (JSONL, readers)."""

    records: Iterator[Record]
    columns: list[str] | None
    expected: int  # roughly how many records follow


def reader_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(readers.__path__))


def format_of(name: str, given: str, where: str) -> str:
    """`given`, or for `auto` what the suffix of `name` says; KefuError if nothing reads it."""
    known = sorted({*SUFFIXES.values(), *reader_names()})
    kind = SUFFIXES.get(PurePosixPath(name).suffix.lower(), "") if given == "auto" else given
    if kind not in known:
        shown = f"file ending {PurePosixPath(name).suffix!r}" if given == "auto" else repr(given)
        raise KefuError(
            f"unknown format: {shown}",
            where,
            f"set `format` of the source to one of: {', '.join(known)}; or narrow `glob`; "
            "or add a reader in pipelines/ingest/readers/",
        )
    return kind


def check_encoding(encoding: str, where: str) -> None:
    try:
        usable = codecs.lookup(encoding)._is_text_encoding
    except LookupError:
        usable = False
    if not usable:
        raise KefuError(
            f"unknown encoding: {encoding!r}",
            where,
            "set `encoding` of the source, for example utf-8 or gb18030",
        )


def rows(kind: str, data: bytes, encoding: str, where: str, wanted: set[str]) -> Rows:
    """The rows of `data`, of Parquet only the columns `wanted`.

    Errors: KefuError for what spoils the whole file (encoding, header, container).
    """
    if kind == "parquet":
        return _parquet(data, where, wanted)
    if kind in DELIMITERS:
        return _delimited(decode(data, encoding, where), DELIMITERS[kind], where)
    if kind == "jsonl":
        text = decode(data, encoding, where)
        return Rows(_jsonl(text), None, text.count("\n") + 1)
    reader = importlib.import_module(f"{readers.__name__}.{kind}").read
    return Rows(reader(decode(data, encoding, where), where), None, 0)


def decode(data: bytes, encoding: str, where: str) -> str:
    """`data` as text, without a byte order mark; the error says the line and which encoding would do."""
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        fitting = [name for name in LIKELY_ENCODINGS if _decodes(data, name)]
        advice = f"it does read as {' or '.join(fitting)}" if fitting else "export it again as utf-8"
        raise KefuError(
            f"bytes that are not {encoding}",
            f"{where}:{data.count(NEWLINE, 0, start) + 1}, byte {start:,} of the file",
            f"set `encoding` of the source: {advice}",
        ) from None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _jsonl(text: str) -> Iterator[Record]:
    for number, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "not_json"
            continue
        yield number, value if isinstance(value, dict) else "not_an_object"


def _delimited(text: str, delimiter: str, where: str) -> Rows:
    lines = list(io.StringIO(text, newline=""))
    found = _split_rows(lines, delimiter)
    header = next(found, None)
    if header is None:
        return Rows(iter(()), [], 0)
    if isinstance(header[1], str):
        raise KefuError("the header line cannot be read", where, "mend its quotes, or set `format`")
    names = [name.strip() for name in header[1]]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise KefuError(f"columns stand twice: {', '.join(twice)}", where, "rename one in the export")
    return Rows(_named(found, names), names, len(lines))


def _named(found: Iterator[tuple[int, list[str] | str]], names: list[str]) -> Iterator[Record]:
    width = len(names)
    for number, cells in found:
        if isinstance(cells, str):
            yield number, cells
        elif len(cells) != width:
            yield number, "misaligned_row"
        else:
            yield number, dict(zip(names, cells, strict=True))


def _split_rows(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Rows by the CSV rules, quoted line breaks included.

    A stray quote would swallow the lines after it: when the rules break, only the line on which the row
    began is given up, and reading goes on at the next one. (csv's own field limit of 131,072 characters
    bounds how far a stray quote is followed.)
    """
    start = 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
        begun = 0
        try:
            for cells in reader:
                if cells:
                    yield start + begun + 1, cells
                begun = reader.line_num
            return
        except csv.Error:
            yield start + begun + 1, "broken_quotes"
            start += begun + 1


def _parquet(data: bytes, where: str, wanted: set[str]) -> Rows:
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise KefuError(
            f"a Parquet file is corrupt ({type(error).__name__})", where, "fetch or export it again"
        ) from None
    names = file.schema_arrow.names
    records = _parquet_rows(file, [name for name in names if name in wanted], where)
    return Rows(records, names, file.metadata.num_rows)


def _parquet_rows(file: pq.ParquetFile, columns: list[str], where: str) -> Iterator[Record]:
    number = 0
    try:
        for batch in file.iter_batches(columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (pa.ArrowException, OSError) as error:
        raise KefuError(
            f"a Parquet file is corrupt ({type(error).__name__})",
            f"{where}, after row {number}",
            "fetch or export it again",
        ) from None
