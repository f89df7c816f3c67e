"""Rows of EXAMPLES from FAQ entries, from the brand's out-of-scope questions, and from judged turns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.curate.emotion import emotion_of, soothed, unsoothed
from pipelines.curate.entities import EntityFinder
from pipelines.curate.judge import Verdict
from pipelines.curate.tokens import last_pairs
from pipelines.curate.turns import Turn
from pipelines.knowledge import Brand, FaqEntry
from pipelines.knowledge.brand import LANGUAGES
from pipelines.knowledge.taxonomy import OUT_OF_SCOPE

Row = dict[str, Any]
STATUS_LABELS = {
    "unpaid": "待付款",
    "paid": "已付款",
    "shipped": "已发货",
    "signed": "已签收",
    "refunding": "退款中",
}


def text_hash(text: str) -> str:
    """10 hex digits of the SHA-256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def system_message(brand: Brand, language: str, context: Mapping[str, str]) -> str:
    """The brand's system prompt, and a line with what the seller's system knew, if anything."""
    status = context.get("order_status")
    if not status:
        return brand.system_prompt.of(language)
    line = f"Order status: {status}" if language == "en" else f"订单状态：{STATUS_LABELS.get(status, status)}"
    return f"{brand.system_prompt.of(language)}\n{line}"


def example(
    brand: Brand,
    *,
    example_id: str,
    group_id: str,
    origin: str,
    intent: str,
    language: str,
    question: str,
    answer: str,
    parent_ids: Sequence[str] = (),
    confidence: float = 1.0,
    customer_ref: str = "",
    context: Mapping[str, str] | None = None,
    hand_over: bool = False,
    key_facts: Sequence[Sequence[str]] = (),
    history: Sequence[dict[str, str]] = (),
    finder: EntityFinder | None = None,
) -> Row:
    """One row of EXAMPLES; `history` are earlier messages, the first of them a user's.

    An angry customer's answer soothes first; golden answers stay as they were written.
    """
    emotion = emotion_of(question)
    answer = answer if origin == "golden" else soothed(answer, emotion, language, brand)
    system = {"role": "system", "content": system_message(brand, language, context or {})}
    asked = {"role": "user", "content": question}
    return {
        "example_id": example_id,
        "parent_ids": list(parent_ids),
        "group_id": group_id,
        "origin": origin,
        "intent": intent,
        "intent_confidence": confidence,
        "language": language,
        "customer_ref": customer_ref,
        "context": json.dumps(dict(context or {}), ensure_ascii=False, sort_keys=True),
        "hand_over": hand_over,
        "key_facts": [list(forms) for forms in key_facts],
        "messages": [system, *history, asked, {"role": "assistant", "content": answer}],
        "emotion": emotion,
        "entities": finder.find(question) if finder else [],
        "asked": 1,
    }


def relabelled(row: Row, brand: Brand, finder: EntityFinder) -> Row:
    """`row`, whose question was reworded, with the emotion and the entities of what it asks now."""
    *before, asked, answered = row["messages"]
    emotion = emotion_of(asked["content"])
    answer = answered["content"]
    if row["emotion"] == "angry":
        answer = unsoothed(answer, row["language"], brand)
    answer = soothed(answer, emotion, row["language"], brand)
    return {
        **row,
        "emotion": emotion,
        "entities": finder.find(asked["content"]),
        "messages": [*before, asked, {**answered, "content": answer}],
    }


def faq_examples(faq: Sequence[FaqEntry], brand: Brand, finder: EntityFinder) -> Iterator[Row]:
    """One example a wording; the wording is its group, so that each has a side of its own."""
    for entry in faq:
        for wording in entry.questions:
            name = f"{entry.faq_id}#{text_hash(wording)}"
            yield example(
                brand,
                example_id=name,
                group_id=name,
                origin="faq",
                intent=entry.intent,
                language=entry.language,
                question=wording,
                answer=entry.answer,
                parent_ids=[entry.faq_id],
                context=entry.context,
                key_facts=entry.key_facts,
                finder=finder,
            )


def out_of_scope_examples(brand: Brand, finder: EntityFinder | None = None) -> Iterator[Row]:
    """The brand's questions whose right answer is its fallback reply."""
    for language in LANGUAGES:
        for question in brand.out_of_scope_questions.of(language):
            source = f"out_of_scope.{language}"
            name = f"{source}#{text_hash(question)}"
            yield example(
                brand,
                example_id=name,
                parent_ids=[source],
                group_id=name,
                origin="rule",
                intent=OUT_OF_SCOPE,
                language=language,
                question=question,
                answer=brand.fallback_reply.of(language),
                hand_over=True,
                finder=finder,
            )


def log_examples(
    turns: Sequence[Turn],
    verdicts: Sequence[Verdict],
    brand: Brand,
    finder: EntityFinder,
    history_tokens: int,
) -> Iterator[Row]:
    """The examples of one conversation; earlier turns are its history as far as they were good."""
    history: list[dict[str, str]] = []
    for turn, verdict in zip(turns, verdicts, strict=True):
        if verdict.kind == "dropped":
            continue
        row = example(
            brand,
            example_id=turn.example_id,
            group_id=turn.conversation_id,
            origin="log",
            intent=verdict.intent,
            language=turn.language,
            question=turn.question,
            answer=verdict.answer,
            parent_ids=[turn.conversation_id],
            confidence=verdict.confidence,
            customer_ref=turn.customer_ref,
            hand_over=verdict.kind == "handed_over",
            key_facts=verdict.key_facts,
            context={"order_status": turn.order_status} if turn.order_status else None,
            history=last_pairs(history, history_tokens),
            finder=finder,
        )
        history += row["messages"][-2:]
        yield row
