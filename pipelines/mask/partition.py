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


def mask_partition(
    table: pa.Table, params: Mask, workers: Workers, progress: Progress | None = None
) -> tuple[pa.Table, Counter[str]]:
    """(CONVERSATIONS with masked messages, findings by type). Each distinct text is analysed once."""
    conversations = [messages or [] for messages in table.column("messages").to_pylist()]
    texts = (message["content"] or "" for messages in conversations for message in messages)
    known = workers.find(texts)
    counts: Counter[str] = Counter()
    masked: list[list[dict[str, Any]]] = []
    for messages in conversations:
        turns = [(message["role"], message["content"] or "") for message in messages]
        result = mask_conversation(turns, known, workers.policy)
        counts.update(finding.type for findings in result.findings for finding in findings)
        masked.append(
            [{**message, "content": text} for message, text in zip(messages, result.texts, strict=True)]
        )
        if progress:
            progress.add()
    column = pa.array(masked, CONVERSATIONS.field("messages").type)
    return table.set_column(table.schema.get_field_index("messages"), "messages", column), counts
