"""What dedup knows of a conversation without its words: who it is, how good it is, and hashes of its text.

An index is made of one masked partition alone, and `join` puts those of all partitions together, so that the
words of a week are read once, whatever the number of weeks that follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.dedup.near import band_keys
from pipelines.dedup.normalise import normalise
from pipelines.dedup.shingles import Hashes, Rows, Shingles, offsets_of, ranges, shingles
from pipelines.params.sections import Dedup
from pipelines.progress import Progress
from pipelines.records import TIME

SATISFIED = 4  # of 5
PIECE_ROWS = 8192
HASHES = pa.large_list(pa.uint64())
IDENTITY = ("conversation_id", "source_file", "source_row")

INDEX = pa.schema(
    [
        ("conversation_id", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
        ("good", pa.int8()),  # 0 to 2: resolved, satisfied
        ("agent_chars", pa.int64()),
        ("started_at", TIME),
        ("text", pa.binary(16)),  # digest of the normalised text; null where nothing was said
        ("shingles", HASHES),  # null where a row before it in the partition has the same text
        ("bands", HASHES),  # as `shingles`
    ]
)


@dataclass(frozen=True)
class Known:
    """The indexes of all partitions. A text that several rows have is one row of `grams`."""

    rows: pa.Table  # INDEX without the hashes, with `partition` and `place` in it; sorted by IDENTITY
    text: Rows  # (rows,) number of the row's text, -1 where nothing was said
    grams: Shingles  # (texts,)
    keys: Hashes  # (bands, texts)


def index_of(table: pa.Table, params: Dedup, progress: Progress | None = None) -> pa.Table:
    """The INDEX of a table of CONVERSATIONS, row by row."""
    seen: set[bytes] = set()
    pieces = []
    for start in range(0, table.num_rows, PIECE_ROWS):
        pieces.append(_piece(table.slice(start, PIECE_ROWS).combine_chunks(), params, seen))
        if progress:
            progress.add(pieces[-1].num_rows)
    return pa.concat_tables(pieces) if pieces else INDEX.empty_table()


def _piece(table: pa.Table, params: Dedup, seen: set[bytes]) -> pa.Table:
    texts, agent_chars = _said(table)
    digests = [blake2b(text.encode(), digest_size=16).digest() if text else None for text in texts]
    fresh = _first_of_each(digests, seen)
    grams = shingles([texts[i] for i in fresh], params.ngram)
    keys = band_keys(grams, params.bands, params.rows)
    place = np.full(len(texts), -1)
    place[fresh] = np.arange(len(fresh))
    bands = Shingles(keys.T.ravel(), np.arange(len(fresh) + 1) * params.bands)
    good = pc.add(
        pc.fill_null(table.column("resolved"), False).cast(pa.int8()),
        pc.greater_equal(pc.fill_null(table.column("satisfaction"), 0), SATISFIED).cast(pa.int8()),
    )
    columns = {
        "conversation_id": table.column("conversation_id"),
        "source_file": pc.fill_null(table.column("source_file"), ""),
        "source_row": pc.fill_null(table.column("source_row"), 0),
        "good": good,
        "agent_chars": agent_chars,
        "started_at": table.column("started_at"),
        "text": pa.array(digests, pa.binary(16)),
        "shingles": _column(grams, place),
        "bands": _column(bands, place),
    }
    return pa.table(columns).select(INDEX.names).cast(INDEX)


def _first_of_each(digests: Sequence[bytes | None], seen: set[bytes]) -> list[int]:
    """The rows whose text is not in `seen`, which grows by them."""
    fresh = []
    for row, name in enumerate(digests):
        if name is not None and name not in seen:
            seen.add(name)
            fresh.append(row)
    return fresh


def _said(table: pa.Table) -> tuple[list[str], Rows]:
    """Of each row: what customer and agent said, normalised, and how many characters the agent wrote.

    A system's notices are left out: they are the same in every conversation.
    """
    messages = pc.fill_null(table.column("messages"), [])
    row = np.repeat(np.arange(table.num_rows), pc.list_value_length(messages).to_numpy())
    flat = pc.list_flatten(messages)
    role = np.asarray(pc.fill_null(pc.struct_field(flat, "role"), "").to_pylist(), object)
    content = pc.fill_null(pc.struct_field(flat, "content"), "")
    chars = pc.utf8_length(content).to_numpy() * (role == "agent")
    words = [
        normalise(text) if who != "system" else ""
        for who, text in zip(role, content.to_pylist(), strict=True)
    ]
    ends = np.cumsum(np.bincount(row, minlength=table.num_rows)).tolist()
    texts = ["".join(words[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
    return texts, np.bincount(row, chars, table.num_rows).astype(np.int64)


def join(indexes: Sequence[pa.Table], bands: int) -> Known:
    """All rows of all partitions. The order of the partitions tells equal identities apart, nothing else."""
    table = pa.concat_tables([INDEX.empty_table(), *indexes])
    sizes = np.array([index.num_rows for index in indexes], np.int64)
    text = codes(table.column("text"))
    _, first = np.unique(text[table.column("shingles").is_valid().to_numpy()], return_index=True)
    grams, keys = (_lists(table.column(name)).take(first) for name in ("shingles", "bands"))
    rows = table.drop_columns(["shingles", "bands", "text"])
    rows = rows.append_column("partition", pa.array(np.repeat(np.arange(len(sizes)), sizes)))
    rows = rows.append_column("place", pa.array(ranges(np.zeros_like(sizes), sizes)))
    order = pc.sort_indices(rows, [(name, "ascending") for name in IDENTITY])
    by_band = np.ascontiguousarray(keys.hashes.reshape(len(first), bands).T)
    return Known(rows.take(order), text[order.to_numpy()], grams, by_band)


def codes(column: pa.ChunkedArray) -> Rows:
    """For each value the number of values that came before its first; -1 for null."""
    indices = column.combine_chunks().dictionary_encode().indices
    return pc.fill_null(indices, -1).to_numpy().astype(np.int64)


def _column(lists: Shingles, place: Rows) -> pa.Array:
    """The list at each place, null where it is -1."""
    column = pa.LargeListArray.from_arrays(lists.offsets, lists.hashes)
    return column.take(pa.array(place, mask=place < 0))


def _lists(column: pa.ChunkedArray) -> Shingles:
    """The lists of a column that are not null."""
    column = column.drop_null()
    sizes = pc.list_value_length(column).to_numpy().astype(np.int64)
    return Shingles(pc.list_flatten(column).to_numpy(), offsets_of(sizes))
