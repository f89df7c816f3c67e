"""One partition masked: conversations in, conversations out, with a tally of what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipelines.mask.conversation import Masked, mask_conversation
from pipelines.mask.labels import Finding
from pipelines.mask.replacement import Replacement
from pipelines.mask.tally import Tally
from pipelines.mask.vault import Row
from pipelines.mask.vaulting import Vaulting
from pipelines.mask.workers import Workers
from pipelines.params.sections import Mask
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS

COLUMNS = ["conversation_id", "customer_ref", "language", "messages"]
PIECE_ROWS = 2000  # conversations masked at a time: memory does not grow with the partition


def mask_partition(
    table: pa.Table,
    params: Mask,
    workers: Workers,
    progress: Progress | None = None,
    vaulting: Vaulting | None = None,
) -> tuple[pa.Table, Tally]:
    """(CONVERSATIONS with masked messages, what was masked). Each distinct text is analysed once.

    What is masked is added to `vaulting`.
    """
    piece = Piece(workers, Replacement.from_params(params), Tally(), vaulting)
    kind = CONVERSATIONS.field("messages").type
    masked = []
    for first in range(0, table.num_rows, PIECE_ROWS):
        rows = table.slice(first, PIECE_ROWS).select(COLUMNS)
        masked.append(pa.array(piece.mask(rows.to_pylist()), kind))
        if progress:
            progress.add(rows.num_rows)
    column = pa.chunked_array(masked, kind)
    return table.set_column(table.schema.get_field_index("messages"), "messages", column), piece.tally


@dataclass
class Piece:
    """Some conversations at a time: what they are masked with, and what is told of it."""

    workers: Workers
    replacement: Replacement
    tally: Tally
    vaulting: Vaulting | None

    def mask(self, conversations: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """The masked messages of each conversation."""
        held = [row["messages"] or [] for row in conversations]
        known = self.workers.find(message["content"] or "" for messages in held for message in messages)
        return [self._one(row, messages, known) for row, messages in zip(conversations, held, strict=True)]

    def _one(
        self, row: dict[str, Any], messages: list[dict[str, Any]], known: Mapping[str, list[Finding]]
    ) -> list[dict[str, Any]]:
        turns = [(message["role"], message["content"] or "") for message in messages]
        scope = row["customer_ref"] or row["conversation_id"]
        policy, language = self.workers.policy, row["language"]
        result = mask_conversation(turns, known, policy, self.replacement, scope, language)
        self.tally.add(row["conversation_id"], turns, result)
        if self.vaulting:
            self.vaulting.add(_rows(row["conversation_id"], [text for _, text in turns], result))
        return [{**message, "content": text} for message, text in zip(messages, result.texts, strict=True)]


def _rows(conversation_id: str, texts: Sequence[str], result: Masked) -> Iterator[Row]:
    for turn, (text, findings, replacements) in enumerate(
        zip(texts, result.findings, result.replacements, strict=True)
    ):
        for finding, replacement in zip(findings, replacements, strict=True):
            value = text[finding.start : finding.end]
            yield Row(conversation_id, turn, finding.type, value, replacement)
