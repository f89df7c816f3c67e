"""Golden questions and those of the suites as examples: a side of their own, which no hash decides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.curate.examples import example
from pipelines.knowledge import Brand, GoldenQuestion, load_asked, load_brand, load_golden
from pipelines.knowledge.suites import Asked
from pipelines.split.leaks import Row

PLAIN = {"zh": "你是一个乐于助人的助手。", "en": "You are a helpful assistant."}  # where no brand speaks


def held_questions(knowledge: Path) -> list[Row]:
    """All that the knowledge base says must never be trained on: golden.jsonl, then suites/*.yaml."""
    brand = load_brand(knowledge)
    return golden_rows(load_golden(knowledge), brand) + suite_rows(load_asked(knowledge), brand)


def golden_rows(questions: Sequence[GoldenQuestion], brand: Brand) -> list[Row]:
    """One row of EXAMPLES a question, by id; its parent is what its answer rests on."""
    rows = [
        example(
            brand,
            example_id=f"golden/{one.golden_id}",
            group_id=f"golden/{one.golden_id}",
            origin="golden",
            intent=one.intent,
            language=one.language,
            question=one.question,
            answer=one.answer,
            parent_ids=[one.source],
            context=one.context,
            hand_over=one.hand_over,
            key_facts=one.key_facts,
            history=[message.model_dump() for message in one.history],
        )
        for one in questions
    ]
    return sorted(rows, key=lambda row: row["example_id"])


def suite_rows(asked: Sequence[Asked], brand: Brand) -> list[Row]:
    """One row of EXAMPLES a question of a suite, by id."""
    return sorted((_suite_row(one, brand) for one in asked), key=lambda row: row["example_id"])


def _suite_row(one: Asked, brand: Brand) -> Row:
    row = example(
        brand,
        example_id=one.name,
        group_id=one.name,
        origin="golden",
        intent=one.intent,
        language=one.language,
        question=one.question,
        answer=one.answer,
        parent_ids=[one.source],
        context=one.context,
        hand_over=one.hand_over,
        key_facts=one.key_facts,
        history=one.history,
    )
    if one.plain:
        row["messages"][0]["content"] = PLAIN[one.language]
    return row
