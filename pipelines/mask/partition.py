"""One partition masked: conversations in, conversations out, with counts by type."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.workers import Workers
from pipelines.params import Mask
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS

PIECE_ROWS = 2000  # conversations masked at a time: memory does not grow with the partition


def mask_partition(
    table: pa.Table, params: Mask, workers: Workers, progress: Progress | None = None
) -> tuple[pa.Table, Counter[str]]:
    """(CONVERSATIONS with masked messages, findings by type). Each distinct text is analysed once."""
    kind = CONVERSATIONS.field("messages").type
    counts: Counter[str] = Counter()
    pieces = []
    for first in range(0, table.num_rows, PIECE_ROWS):
        rows = table.column("messages").slice(first, PIECE_ROWS).to_pylist()
        masked = _mask_piece([messages or [] for messages in rows], params, workers, counts)
        pieces.append(pa.array(masked, kind))
        if progress:
            progress.add(len(masked))
    column = pa.chunked_array(pieces, kind)
    return table.set_column(table.schema.get_field_index("messages"), "messages", column), counts


def _mask_piece(
    conversations: list[list[dict[str, Any]]], params: Mask, workers: Workers, counts: Counter[str]
) -> list[list[dict[str, Any]]]:
    """The conversations, masked; adds to `counts`."""
    texts = (message["content"] or "" for messages in conversations for message in messages)
    known = workers.find(texts)
    masked = []
    for messages in conversations:
        turns = [(message["role"], message["content"] or "") for message in messages]
        result = mask_conversation(turns, known, params.keep_types)
        counts.update(finding.type for findings in result.findings for finding in findings)
        masked.append(
            [{**message, "content": text} for message, text in zip(messages, result.texts, strict=True)]
        )
    return masked
