"""One model under all its questions: answers, losses, latencies, repeated samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.evaluate.contender import Contender
from pipelines.evaluate.figures import is_headline, share
from pipelines.evaluate.forgetting import perplexity
from pipelines.evaluate.judge import Judge
from pipelines.evaluate.questions import Question, rank
from pipelines.params.sections import Evaluate
from pipelines.progress import Progress

Row = dict[str, Any]


def ask(
    contender: Contender, questions: Sequence[Question], judge: Judge, settings: Evaluate
) -> tuple[list[Row], Row]:
    """(a judged row a question, {"loss", "general_perplexity", "latency", "repeats"} of the model).

    Rows of the questions whose loss was measured hold `loss`: (nats, tokens). Latency is the candidate's
    alone, since it is the machine's; pass^k is not asked of the base.
    """
    chats = [question.example["messages"] for question in questions]
    progress = Progress(f"evaluate {contender.role}", len(chats), "answers")
    said = contender.answers(chats, progress.add)
    progress.close()
    rows = [judge.sample(q, a.text, a.tokens) for q, a in zip(questions, said, strict=True)]
    losses = _few([i for i, q in enumerate(questions) if not q.suite.plain], settings.max_loss_examples)
    for i, loss in zip(losses, contender.losses([chats[i] for i in losses]), strict=True):
        rows[i]["loss"] = loss
    order = sorted(range(len(rows)), key=lambda i: (not is_headline(rows[i]), rank(rows[i]["example_id"], 0)))
    timed = order[: settings.latency_examples] if contender.role == "candidate" else []
    took = contender.latencies([chats[i] for i in timed])
    for i, one in zip(timed, took, strict=True):
        rows[i]["latency_s"] = one["seconds"]
    return rows, {
        "loss": _loss(rows),
        "general_perplexity": perplexity(contender),
        "latency": latency(took, settings.latency_target_s),
        "repeats": _repeats(contender, questions, rows, order, judge, settings),
    }


def _repeats(
    contender: Contender,
    questions: Sequence[Question],
    rows: Sequence[Row],
    order: Sequence[int],
    judge: Judge,
    settings: Evaluate,
) -> Row | None:
    """pass^k (Yao et al., tau-bench, 2024): the share of questions answered right in all of k samples."""
    how = settings.repeats
    again = [i for i in order if is_headline(rows[i])][: how.examples] if contender.role != "base" else []
    if not again:
        return None
    drawn = contender.repeats([questions[i].example["messages"] for i in again])
    right = [
        ["right" not in judge.sample(questions[i], text)["failed"] for text in texts]
        for i, texts in zip(again, drawn, strict=True)
    ]
    single = [one for each in right for one in each]
    return {
        "k": how.k,
        "temperature": how.temperature,
        "pass_all": share([all(each) for each in right]),
        "pass_one": share(single),
    }


def _few(places: list[int], most: int) -> list[int]:
    """Every n-th, so that all kinds stay in."""
    return places[:: max(1, -(-len(places) // most))]


def _loss(rows: Sequence[Row]) -> Row:
    """Mean nats per token of the reference answers."""
    measured = [row["loss"] for row in rows if "loss" in row]
    tokens = sum(count for _, count in measured)
    return {"loss": round(sum(n for n, _ in measured) / tokens, 4) if tokens else None, "tokens": tokens}


def latency(took: list[Row], target_s: float) -> Row | None:
    """One answer at a time on this machine; None where it was not measured."""
    if not took:
        return None
    seconds = [t["seconds"] for t in took]
    p50, p95 = np.percentile(seconds, [50, 95])
    return {
        "n": len(took),
        "p50_s": round(float(p50), 3),
        "p95_s": round(float(p95), 3),
        "target_s": target_s,
        "met": bool(p95 <= target_s),
        "tokens_per_s": round(sum(t["tokens"] for t in took) / sum(seconds), 2),
    }
