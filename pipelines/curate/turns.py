"""A conversation as turns: what the customer asked, and what the agent replied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from pipelines.curate.context import order_status
from pipelines.curate.language import language_of
from pipelines.curate.phrases import only
from pipelines.mask.labels import PLACEHOLDER

SENTENCE = re.compile(r"(?<=[。！？!?])|(?<=[.~～])(?=\s)|(?<=\n)")
NAMED = r"<(?:姓名|NAME_)\d+>"
SALUTATION = re.compile(
    rf"(?:(?<=\n)|^)(?:{NAMED}(?:先生|女士|小姐|您好|你好|[，,：:！!\s])*"
    rf"|(?:hi|hello|dear)\s+(?:mr\.?|mrs\.?|ms\.?|miss)?\s*{NAMED}[,!.\s]*)",
    re.IGNORECASE,
)


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
    resolved: bool | None = None
    started_at: datetime | None = None  # of the conversation
    times: int = 1  # conversations of the log that say this
    order_status: str = ""  # as the seller's system knew it when the agent replied, "" if it did not

    @property
    def example_id(self) -> str:
        return f"{self.conversation_id}#{self.index}"


class Exchange(NamedTuple):
    question: str
    reply: str
    order_status: str


def turns_of(conversation: dict[str, Any]) -> list[Turn]:
    """The turns of one row of DEDUPED. What the agent says before any question belongs to none."""
    exchanges = _answered(_exchanges(conversation["messages"]))
    return [
        Turn(
            conversation_id=conversation["conversation_id"],
            index=index,
            question=said.question,
            reply=tidy(said.reply),
            language=_language(said.question, conversation["language"]),
            customer_ref=conversation["customer_ref"] or "",
            intent=conversation["intent"] or None,
            satisfaction=conversation["satisfaction"],
            resolved=conversation["resolved"],
            started_at=conversation["started_at"],
            times=conversation["cluster_size"],
            order_status=said.order_status,
        )
        for index, said in enumerate(exchanges)
    ]


def tidy(reply: str) -> str:
    """`reply` without an address by masked name, and without sentences that only greet or ask to wait.

    Those stay where nothing else was said.
    """
    sentences = [s for s in SENTENCE.split(SALUTATION.sub("", reply)) if s.strip()]
    told = [s for s in sentences if not only(s, "holds", "greetings")]
    kept = [s.strip() for s in told or sentences]
    return "".join(f"{s} " if s.isascii() or s[-1].isascii() else s for s in kept).strip()


def sentences_of(text: str) -> list[str]:
    return [s.strip() for s in SENTENCE.split(text) if s.strip()]


def _answered(exchanges: Iterator[Exchange]) -> list[Exchange]:
    """Where the agent asks back and the customer gives details, what follows answers the question."""
    answered: list[Exchange] = []
    for said in exchanges:
        if answered and is_detail(said.question) and is_hold(answered[-1].reply):
            before = answered[-1]
            answered[-1] = Exchange(before.question, said.reply or before.reply, said.order_status)
        else:
            answered.append(said)
    return answered


def is_detail(question: str) -> bool:
    """Masked details with nothing but labels beside them, or a bare yes."""
    lists = ["acknowledgements"] + ["details"] * bool(PLACEHOLDER.search(question))
    return only(question, *lists)


def is_hold(reply: str) -> bool:
    return bool(reply) and only(reply, "holds", "greetings")


def _exchanges(messages: list[dict[str, Any]]) -> Iterator[Exchange]:
    question = status = ""
    for role, text, status in _blocks(messages):
        if role == "customer":
            question = text
        elif question:
            yield Exchange(question, text, status)
            question = ""
    if question:
        yield Exchange(question, "", status)


def _blocks(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """(role, text, order status known when it begins) of consecutive messages of customer or agent."""
    for role, group in groupby(_spoken(messages), key=lambda said: said[0]):
        said = list(group)
        yield role, "\n".join(text for _, text, _ in said), said[0][2]


def _spoken(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    status = ""
    for message in messages:
        text = (message["content"] or "").strip()
        if message["role"] == "system":
            status = order_status(text) or status
        elif text:
            yield message["role"], text, status


def _language(question: str, conversation: str | None) -> str:
    default = conversation if conversation in ("zh", "en") else "zh"
    return language_of(question, default)
