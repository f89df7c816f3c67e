"""The golden questions as examples: a side of their own, which no hash decides."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.curate.entities import EntityFinder
from pipelines.curate.examples import example
from pipelines.knowledge import Brand, GoldenQuestion
from pipelines.split.leaks import Row


def golden_rows(
    questions: Sequence[GoldenQuestion], brand: Brand, finder: EntityFinder | None = None
) -> list[Row]:
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
            finder=finder,
        )
        for one in questions
    ]
    return sorted(rows, key=lambda row: row["example_id"])
