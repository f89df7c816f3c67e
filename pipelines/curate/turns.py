"""A conversation as turns: what the customer asked, and what the agent replied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pipelines.curate.language import language_of


@dataclass(frozen=True)
class Turn:
    """`question` and `reply` join the consecutive messages of one side; `reply` is "" where none came."""

    conversation_id: str
    index: int  # 0-based, among the turns of the conversation
    question: str
    reply: str
    language: str  # zh | en, of the question
    customer_ref: str = ""
    intent: str | None = None  # as the log had it
    satisfaction: int | None = None

    @property
    def example_id(self) -> str:
        return f"{self.conversation_id}#{self.index}"


def turns_of(conversation: dict[str, Any]) -> list[Turn]:
    """The turns of one row of DEDUPED. What the agent says before any question belongs to none."""
    return [
        Turn(
            conversation_id=conversation["conversation_id"],
            index=index,
            question=question,
            reply=reply,
            language=_language(question, conversation["language"]),
            customer_ref=conversation["customer_ref"] or "",
            intent=conversation["intent"] or None,
            satisfaction=conversation["satisfaction"],
        )
        for index, (question, reply) in enumerate(_pairs(conversation["messages"]))
    ]


def _pairs(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    question = ""
    for role, text in _blocks(messages):
        if role == "customer":
            question = text
        elif question:
            yield question, text
            question = ""
    if question:
        yield question, ""


def _blocks(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    spoken = [m for m in messages if m["role"] != "system" and (m["content"] or "").strip()]
    for role, group in groupby(spoken, key=lambda m: m["role"]):
        yield role, "\n".join(m["content"].strip() for m in group)


def _language(question: str, conversation: str | None) -> str:
    default = conversation if conversation in ("zh", "en") else "zh"
    return language_of(question, default)
