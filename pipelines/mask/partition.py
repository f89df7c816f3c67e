"""One partition masked: conversations in, conversations out, with counts by type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipelines.mask.conversation import Masked, mask_conversation
from pipelines.mask.replacement import Replacement
from pipelines.mask.vault import Row
from pipelines.mask.workers import Workers
from pipelines.params import Mask
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS


def mask_partition(
    table: pa.Table,
    params: Mask,
    workers: Workers,
    progress: Progress | None = None,
    vaulted: list[Row] | None = None,
) -> tuple[pa.Table, Counter[str]]:
    """(CONVERSATIONS with masked messages, findings by type). Each distinct text is analysed once.

    What is masked is added to `vaulted`.
    """
    conversations = [messages or [] for messages in table.column("messages").to_pylist()]
    texts = (message["content"] or "" for messages in conversations for message in messages)
    known = workers.find(texts)
    counts: Counter[str] = Counter()
    masked: list[list[dict[str, Any]]] = []
    replacement = Replacement.from_params(params)
    ids, refs = (table.column(name).to_pylist() for name in ("conversation_id", "customer_ref"))
    for id_, ref, messages in zip(ids, refs, conversations, strict=True):
        turns = [(message["role"], message["content"] or "") for message in messages]
        result = mask_conversation(turns, known, params.keep_types, replacement, ref or id_)
        counts.update(finding.type for findings in result.findings for finding in findings)
        if vaulted is not None:
            vaulted += _rows(id_, [text for _, text in turns], result)
        masked.append(
            [{**message, "content": text} for message, text in zip(messages, result.texts, strict=True)]
        )
        if progress:
            progress.add()
    column = pa.array(masked, CONVERSATIONS.field("messages").type)
    return table.set_column(table.schema.get_field_index("messages"), "messages", column), counts


def _rows(conversation_id: str, texts: Sequence[str], result: Masked) -> Iterator[Row]:
    for turn, (text, findings, replacements) in enumerate(
        zip(texts, result.findings, result.replacements, strict=True)
    ):
        for finding, replacement in zip(findings, replacements, strict=True):
            value = text[finding.start : finding.end]
            yield Row(conversation_id, turn, finding.type, value, replacement)
