"""One partition masked: conversations in, conversations out, with a tally of what was done."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.tally import Tally
from pipelines.mask.workers import Workers
from pipelines.params import Mask
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS


def mask_partition(
    table: pa.Table, params: Mask, workers: Workers, progress: Progress | None = None
) -> tuple[pa.Table, Tally]:
    """(CONVERSATIONS with masked messages, what was masked). Each distinct text is analysed once."""
    conversations = [messages or [] for messages in table.column("messages").to_pylist()]
    texts = (message["content"] or "" for messages in conversations for message in messages)
    known = workers.find(texts)
    tally = Tally()
    masked: list[list[dict[str, Any]]] = []
    ids = table.column("conversation_id").to_pylist()
    for conversation_id, messages in zip(ids, conversations, strict=True):
        turns = [(message["role"], message["content"] or "") for message in messages]
        result = mask_conversation(turns, known, workers.policy)
        tally.add(conversation_id, turns, result.texts, result.findings)
        masked.append(
            [{**message, "content": text} for message, text in zip(messages, result.texts, strict=True)]
        )
        if progress:
            progress.add()
    column = pa.array(masked, CONVERSATIONS.field("messages").type)
    return table.set_column(table.schema.get_field_index("messages"), "messages", column), tally
