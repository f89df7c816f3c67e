"""Chats and documents as token ids, remembered: a stage that is taken up again does not tokenise again."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.base import templates
from pipelines.fingerprint import digest, fingerprint_code, sha256_of
from pipelines.home import home
from pipelines.store import read_sound, write_whole
from pipelines.training.encode import Message, Segment, encode_chat, pack_documents

CHATS = pa.schema([("input_ids", pa.list_(pa.int32())), ("answer_from", pa.int32())])
"""A row a chat; both null where even one turn is too long."""
BLOCKS = pa.schema([("documents", pa.list_(pa.list_(pa.int32())))])
"""A row a block, with the documents, or parts of them, that it holds."""


def encode_chats(tokenizer: Any, chats: Sequence[Sequence[Message]], max_tokens: int) -> list[Segment | None]:
    """`encode_chat` of each, from the store where the same tokenizer has encoded the same chats before."""
    if not _has_folder(tokenizer):
        return [encode_chat(tokenizer, chat, max_tokens) for chat in chats]
    path = _place(tokenizer, [list(chat) for chat in chats], max_tokens)
    known = _recall(path)
    if known is None:
        known = [encode_chat(tokenizer, chat, max_tokens) for chat in chats]
        _remember(path, known)
    return known


def encode_blocks(
    tokenizer: Any, texts: Sequence[str], block_tokens: int, max_tokens: int
) -> list[list[Segment]]:
    """`pack_documents`, from the store where the same tokenizer has packed the same texts before."""
    if not _has_folder(tokenizer):
        return pack_documents(tokenizer, texts, block_tokens, max_tokens)
    path = _place(tokenizer, list(texts), block_tokens, max_tokens)
    table = read_sound(path, BLOCKS)
    if table is not None:
        return [[Segment(ids, 1) for ids in block] for block in table["documents"].to_pylist()]
    blocks = pack_documents(tokenizer, texts, block_tokens, max_tokens)
    rows = [{"documents": [segment.input_ids for segment in block]} for block in blocks]
    write_whole(path, pa.Table.from_pylist(rows, BLOCKS))
    return blocks


def _has_folder(tokenizer: Any) -> bool:
    """Its files can be looked at, so that ids can be remembered as this tokenizer's."""
    name = getattr(tokenizer, "name_or_path", "")
    return bool(name) and Path(name).is_dir()


def _place(tokenizer: Any, *content: Any) -> Path:
    """The file named by all that the token ids are a function of; weights of the base are not among it."""
    files = sorted(Path(tokenizer.name_or_path).glob("tokenizer*"))
    key = digest(
        [(file.name, sha256_of(file)) for file in files],
        tokenizer.chat_template,
        *content,
        fingerprint_code(Path(__file__).with_name("encode.py")),
        fingerprint_code(Path(templates.__file__)),
        {name: version(name) for name in ("transformers", "tokenizers")},
    )
    return home() / "store/tokenised" / f"{key}.parquet"


def _recall(path: Path) -> list[Segment | None] | None:
    table = read_sound(path, CHATS)
    if table is None:
        return None
    return [None if row["input_ids"] is None else Segment(**row) for row in table.to_pylist()]


def _remember(path: Path, segments: Sequence[Segment | None]) -> None:
    rows = [{"input_ids": s and s.input_ids, "answer_from": s and s.answer_from} for s in segments]
    write_whole(path, pa.Table.from_pylist(rows, CHATS))
