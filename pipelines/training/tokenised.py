"""Chats as token ids, remembered: a stage that is taken up again does not tokenise again."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.fingerprint import digest, fingerprint_code, sha256_of
from pipelines.home import home
from pipelines.store import read_sound, write_whole
from pipelines.training.encode import Message, Segment, encode_chat

CHATS = pa.schema([("input_ids", pa.list_(pa.int32())), ("answer_from", pa.int32())])
"""A row a chat; both null where even one turn is too long."""


def encode_chats(tokenizer: Any, chats: Sequence[Sequence[Message]], max_tokens: int) -> list[Segment | None]:
    """`encode_chat` of each, from the store where the same tokenizer has encoded the same chats before."""
    if not Path(tokenizer.name_or_path).is_dir():
        return [encode_chat(tokenizer, chat, max_tokens) for chat in chats]
    path = home() / "store/tokenised" / f"{_key(tokenizer, chats, max_tokens)}.parquet"
    known = _recall(path)
    if known is None:
        known = [encode_chat(tokenizer, chat, max_tokens) for chat in chats]
        _remember(path, known)
    return known


def _key(tokenizer: Any, chats: Sequence[Sequence[Message]], max_tokens: int) -> str:
    """64 hex digits over all that the token ids are a function of; weights of the base are not among it."""
    files = sorted(Path(tokenizer.name_or_path).glob("tokenizer*"))
    return digest(
        [(file.name, sha256_of(file)) for file in files],
        tokenizer.chat_template,
        [list(chat) for chat in chats],
        max_tokens,
        fingerprint_code(Path(__file__).with_name("encode.py")),
        {name: version(name) for name in ("transformers", "tokenizers")},
    )


def _recall(path: Path) -> list[Segment | None] | None:
    table = read_sound(path, CHATS)
    if table is None:
        return None
    return [None if row["input_ids"] is None else Segment(**row) for row in table.to_pylist()]


def _remember(path: Path, segments: Sequence[Segment | None]) -> None:
    rows = [{"input_ids": s and s.input_ids, "answer_from": s and s.answer_from} for s in segments]
    write_whole(path, pa.Table.from_pylist(rows, CHATS))
