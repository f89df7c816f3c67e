"""One partition masked: conversations in, conversations out, with a tally of what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipelines.mask.conversation import Masked, mask_conversation
from pipelines.mask.replacement import Replacement
from pipelines.mask.tally import Tally
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
) -> tuple[pa.Table, Tally]:
    """(CONVERSATIONS with masked messages, what was masked). Each distinct text is analysed once.

    What is masked is added to `vaulted`.
    """
    conversations = [messages or [] for messages in table.column("messages").to_pylist()]
    texts = (message["content"] or "" for messages in conversations for message in messages)
    known = workers.find(texts)
    tally = Tally()
    masked: list[list[dict[str, Any]]] = []
    replacement = Replacement.from_params(params)
    ids, refs = (table.column(name).to_pylist() for name in ("conversation_id", "customer_ref"))
    for id_, ref, messages in zip(ids, refs, conversations, strict=True):
        turns = [(message["role"], message["content"] or "") for message in messages]
        result = mask_conversation(turns, known, workers.policy, replacement, ref or id_)
        tally.add(id_, turns, result.texts, result.findings)
        if vaulted is not None:
            vaulted += _rows(id_, [text for _, text in turns], result)
        masked.append(
            [{**message, "content": text} for message, text in zip(messages, result.texts, strict=True)]
        )
        if progress:
            progress.add()
    column = pa.array(masked, CONVERSATIONS.field("messages").type)
    return table.set_column(table.schema.get_field_index("messages"), "messages", column), tally


def _rows(conversation_id: str, texts: Sequence[str], result: Masked) -> Iterator[Row]:
    for turn, (text, findings, replacements) in enumerate(
        zip(texts, result.findings, result.replacements, strict=True)
    ):
        for finding, replacement in zip(findings, replacements, strict=True):
            value = text[finding.start : finding.end]
            yield Row(conversation_id, turn, finding.type, value, replacement)
