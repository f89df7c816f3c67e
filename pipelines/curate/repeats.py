"""One example of each question-answer turn of the log, and how often its question came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.curate.turns import Turn
from pipelines.dedup.clusters import NEVER, Clusters, best_first
from pipelines.dedup.index import SATISFIED
from pipelines.dedup.near import near_clusters
from pipelines.dedup.normalise import normalise
from pipelines.dedup.shingles import Rows
from pipelines.params.sections import Dedup
from pipelines.progress import Progress
from pipelines.stage import StageRun

SAMPLE_CHARS = 120

Row = dict[str, Any]  # a row of EXAMPLES


def without_repeats(run: StageRun, rows: Sequence[Row], turns: Sequence[Turn], params: Dedup) -> list[Row]:
    """`rows`, examples of some of `turns`, less those that say what a better one says; `asked` is set.

    Rows belong together when their questions are in one cluster of near questions and their answers in one
    of near answers: a new wording of a question stays, and so does another answer. A question was asked as
    often as turns of its cluster stand in the log, whatever became of their replies, those of the duplicate
    conversations that dedup dropped included.
    """
    if not rows:
        return []
    progress = run.progress(2 * params.bands, "bands of turns")
    place = {turn.example_id: number for number, turn in enumerate(turns)}
    held = np.array([place[row["example_id"]] for row in rows], np.int64)
    questions = _near([turn.question for turn in turns], params, progress)
    answers = _near([row["messages"][-1]["content"] for row in rows], params, progress)
    progress.close()
    asked = np.bincount(questions, [turn.times for turn in turns])[questions[held]].astype(int).tolist()
    rows = [row | {"asked": times} for row, times in zip(rows, asked, strict=True)]
    found = best_first(questions[held] * len(rows) + answers, _preference(rows, [turns[i] for i in held]))
    _count(run, rows, found)
    return [rows[row] for row in found.kept]


def _near(texts: Sequence[str], params: Dedup, progress: Progress) -> Rows:
    """The cluster of each text; one without words is near nothing."""
    normal = [normalise(text) for text in texts]
    return np.array(
        near_clusters(normal, params.ngram, params.jaccard, params.bands, params.rows, progress), np.int64
    )


def _preference(rows: Sequence[Row], turns: Sequence[Turn]) -> tuple[Rows, ...]:
    """As for conversations: resolved and satisfied first, then the longest reply, then the oldest."""
    good = [(turn.resolved is True) + ((turn.satisfaction or 0) >= SATISFIED) for turn in turns]
    chars = [len(row["messages"][-1]["content"]) for row in rows]
    age = [int(turn.started_at.timestamp() * 1000) if turn.started_at else NEVER for turn in turns]
    return -np.array(good, np.int64), -np.array(chars, np.int64), np.array(age, np.int64)


def _count(run: StageRun, rows: Sequence[Row], found: Clusters) -> None:
    stays = np.repeat(found.kept, found.sizes)
    for number, kept in zip(found.order.tolist(), stays.tolist(), strict=True):
        if number != kept:
            run.drop("repeated_turn", sample=_sample(rows[number]) | {"kept_id": rows[kept]["example_id"]})


def _sample(row: Row) -> dict[str, str]:
    question, reply = (message["content"][:SAMPLE_CHARS] for message in row["messages"][-2:])
    return {"id": row["example_id"], "question": question, "reply": reply}
