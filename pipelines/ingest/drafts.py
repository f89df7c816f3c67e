"""Conversations while they are gathered, and the table they become."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pyarrow as pa

from pipelines.ingest.language import detect
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.records import CONVERSATIONS, MESSAGE, TIME

REF_HEX = 32
Refer = Callable[[str], str]


@dataclass(slots=True)
class Message:
    role: str
    content: str
    sent_ms: int | None
    row: int


@dataclass(slots=True)
class Draft:
    """A conversation while its rows are read."""

    row: int
    fields: dict[str, Any] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    started_ms: int | None = None
    messages: list[Message] = field(default_factory=list)


def referrer(key: bytes) -> Callable[[str], str]:
    """Customer id to `customer_ref`: HMAC-SHA256, 32 hex digits; "" stays ""."""

    def refer(customer_id: str) -> str:
        return (
            hmac.new(key, customer_id.encode(), hashlib.sha256).hexdigest()[:REF_HEX] if customer_id else ""
        )

    return refer


def in_order(messages: list[Message]) -> list[Message]:
    """By time sent, rows of one time as they stood; a message without a time follows the row before it."""
    latest = float("-inf")
    times: list[float] = []
    for message in messages:
        latest = latest if message.sent_ms is None else message.sent_ms
        times.append(latest)
    order = sorted(range(len(messages)), key=times.__getitem__)
    return [messages[i] for i in order]


def _language(draft: Draft, default: str) -> str:
    if draft.languages:
        return draft.languages.pop() if len(draft.languages) == 1 else "mixed"
    return default if default != "detect" else detect(message.content for message in draft.messages)


def conversation_table(
    drafts: dict[str, Draft], language: str, refer: Refer, policy: Policy = DEFAULT
) -> pa.Table:
    """CONVERSATIONS of the drafts by conversation id; `language` is detect, or what the log does not say.

    An id that looks personal is replaced by its HMAC: ids travel unmasked.
    """
    listed = list(drafts.values())
    columns: dict[str, Any] = {
        "conversation_id": [refer(name) if find_simple(name, policy) else name for name in drafts],
        "customer_ref": [refer(draft.fields.get("customer_id", "")) for draft in listed],
        "channel": [_impersonal(draft.fields.get("channel"), policy) or "" for draft in listed],
        "language": [_language(draft, language) for draft in listed],
        "started_at": pa.array([draft.started_ms for draft in listed], pa.int64()).cast(TIME),
        "messages": _message_column([draft.messages for draft in listed]),
        "intent": [_impersonal(draft.fields.get("intent"), policy) for draft in listed],
        "resolved": [draft.fields.get("resolved") for draft in listed],
        "satisfaction": [draft.fields.get("satisfaction") for draft in listed],
        "source_file": [""] * len(listed),
        "source_row": [draft.row for draft in listed],
    }
    return pa.table(columns, schema=CONVERSATIONS)


def _impersonal(label: str | None, policy: Policy) -> str | None:
    """A label of the log, unless it holds a phone number or the like: labels are not masked later."""
    return None if label and find_simple(label, policy) else label


def _message_column(conversations: list[list[Message]]) -> pa.Array:
    """A list of MESSAGE structs a conversation, built by column."""
    messages = list(chain.from_iterable(conversations))
    offsets = [0]
    for conversation in conversations:
        offsets.append(offsets[-1] + len(conversation))
    values = pa.StructArray.from_arrays(
        [
            pa.array([message.role for message in messages], pa.string()),
            pa.array([message.content for message in messages], pa.string()),
            pa.array([message.sent_ms for message in messages], pa.int64()).cast(TIME),
        ],
        fields=list(MESSAGE),
    )
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)
