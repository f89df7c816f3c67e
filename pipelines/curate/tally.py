"""What curate says of its own work: reasons with samples, and the figures of its metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipelines.curate.judge import Verdict
from pipelines.curate.turns import Turn
from pipelines.knowledge import FaqEntry
from pipelines.knowledge.brand import LANGUAGES
from pipelines.stage import StageRun

SAMPLE_CHARS = 120
MOST_ASKED = 10  # questions listed in the metrics

Row = dict[str, Any]


def count_turn(run: StageRun, turn: Turn, verdict: Verdict, soothing: str) -> None:
    """Counts the turn under the reason for which it was dropped or its reply changed, with a sample."""
    if verdict.kind == "handed_over":
        run.drop(f"handed_over_{verdict.code}", sample=_sample(turn, verdict.answer))
    elif verdict.kind in ("dropped", "corrected"):
        run.drop(verdict.code, sample=_sample(turn, verdict.answer))
    if soothing:
        run.drop("soothed", sample=_sample(turn, soothing))


def count_links(run: StageRun, faq: Sequence[FaqEntry]) -> None:
    """Says, in the metrics and in the log, which FAQ entries stand in one language only."""
    written = {lang: {entry.link_id for entry in faq if entry.language == lang} for lang in LANGUAGES}
    both = set.intersection(*written.values())
    missing = {lang: sorted(set.union(*written.values()) - written[lang]) for lang in LANGUAGES}
    run.metrics["faq"] = {"linked": len(both), "missing": missing}
    print(f"{run.name}: {len(both):,} FAQ entries in both languages", flush=True)
    for lang, names in missing.items():
        if names:
            print(f"{run.name}: {len(names):,} FAQ entries lack {lang}: {', '.join(names)}", flush=True)


def figures(examples: Sequence[Row], corpus: Sequence[Row], replies: Counter[str]) -> dict[str, Any]:
    most = sorted(examples, key=lambda row: (-row["asked"], row["example_id"]))[:MOST_ASKED]
    entities = Counter(entity["label"] for row in examples for entity in row["entities"])
    return {
        "replies": dict(sorted(replies.items())),  # turns of the log: kept, corrected, handed over, dropped
        "examples": _counted(f"{row['origin']}/{row['language']}" for row in examples),
        "most_asked": {row["example_id"]: row["asked"] for row in most},
        "hand_over": sum(row["hand_over"] for row in examples),
        "with_order_status": _counted(row["origin"] for row in examples if row["context"] != "{}"),
        "emotions": _counted(f"{row['origin']}/{row['emotion']}" for row in examples),
        "entities": dict(sorted(entities.items())),
        "intents": _counted(row["intent"] for row in examples),
        "corpus": _counted(f"{row['origin']}/{row['language']}" for row in corpus),
    }


def _counted(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _sample(turn: Turn, answer: str) -> dict[str, str]:
    return {
        "id": turn.example_id,
        "question": turn.question[:SAMPLE_CHARS],
        "reply": turn.reply[:SAMPLE_CHARS],
        "answer": answer,
    }
