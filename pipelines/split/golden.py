"""Golden questions and those of the evaluation suites as examples: a side that no hash decides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.curate.entities import EntityFinder
from pipelines.curate.examples import example
from pipelines.knowledge import (
    Brand,
    GoldenQuestion,
    load_asked,
    load_brand,
    load_golden,
    load_products,
    load_taxonomy,
)
from pipelines.knowledge.suites import Asked
from pipelines.split.leaks import Row

PLAIN = {"zh": "你是一个乐于助人的助手。", "en": "You are a helpful assistant."}  # where no brand speaks


def held_questions(knowledge: Path) -> list[Row]:
    """All that the knowledge base says must never be trained on: golden.jsonl, then suites/*.yaml."""
    brand = load_brand(knowledge)
    finder = EntityFinder(load_taxonomy(knowledge), load_products(knowledge))
    golden = golden_rows(load_golden(knowledge), brand, finder)
    return golden + suite_rows(load_asked(knowledge), brand, finder)


def golden_rows(
    questions: Sequence[GoldenQuestion], brand: Brand, finder: EntityFinder | None = None
) -> list[Row]:
    """One row of EXAMPLES a question, by id; its parent is what its answer rests on."""
    rows = [
        _row(one, f"golden/{one.golden_id}", [message.model_dump() for message in one.history], brand, finder)
        for one in questions
    ]
    return sorted(rows, key=lambda row: row["example_id"])


def suite_rows(asked: Sequence[Asked], brand: Brand, finder: EntityFinder | None = None) -> list[Row]:
    """One row of EXAMPLES a question of a suite, by id."""
    rows = []
    for one in asked:
        row = _row(one, one.name, one.history, brand, finder)
        if one.plain:
            row["messages"][0]["content"] = PLAIN[one.language]
        rows.append(row)
    return sorted(rows, key=lambda row: row["example_id"])


def _row(
    one: GoldenQuestion | Asked,
    name: str,
    history: Sequence[dict[str, str]],
    brand: Brand,
    finder: EntityFinder | None,
) -> Row:
    return example(
        brand,
        example_id=name,
        group_id=name,
        origin="golden",
        intent=one.intent,
        language=one.language,
        question=one.question,
        answer=one.answer,
        parent_ids=[one.source],
        context=one.context,
        hand_over=one.hand_over,
        key_facts=one.key_facts,
        history=history,
        finder=finder,
    )
