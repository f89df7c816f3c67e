"""`python -m pipelines enough-news`: decides, writes data/start.json, and tells the DAG."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.base.load import BaseInfo, resolve
from pipelines.evaluate.champion import Champion, pinned
from pipelines.home import ROOT
from pipelines.news.count import News, count
from pipelines.news.decide import Train, enough, goes_on
from pipelines.params import Params
from pipelines.params.sections import Lora
from pipelines.start.pinned import Start, seen_by, write_start
from pipelines.start.seen import Seen
from pipelines.training.adapter import misfit_of

RESULT = "news"
UNKNOWN = "the champion does not say what it was trained on"


def enough_news(params: Params, run_id: str, train: Train, root: Path = ROOT) -> dict[str, Any]:
    """Leaves {"train", "why", "start", "start_why", "news"} for the DAG, data/start.json for the stages."""
    from pipelines.results import write_result

    base = resolve(params.model)
    champion, note = pinned(root, base.sha256)
    seen = seen_by(champion) if champion else None
    misfit = _misfit(champion, seen, base, params.lora)
    news = count(root, seen or Seen())
    on, start_why = goes_on(params.retrain, champion, note, misfit, news)
    worth, why = enough(params.retrain, champion, note, misfit, news, train)
    start = Start(champion, champion.generation + 1) if champion and on else Start()
    write_start(root, start)
    named = f"{champion.name} version {champion.version}" if champion and on else "base"
    result = {"train": worth, "why": why, "start": named, "start_why": start_why, "news": asdict(news)}
    write_result(run_id, RESULT, result)
    print("\n".join(told(result, news)), flush=True)
    return result


def told(result: dict[str, Any], news: News) -> list[str]:
    """What the log says."""
    verdict = "trains" if result["train"] else "does not train"
    talks = f"{news.conversations:,} of {news.all_conversations:,} conversations"
    rows = f"{news.examples:,} examples, {news.documents:,} documents, {news.knowledge:,} of them knowledge"
    lines = [
        f"news: {talks}, {rows}; drift {news.drift:.3f}",
        f"this run {verdict}: {result['why']}",
    ]
    return [*lines, f"it starts from {result['start']}: {result['start_why']}"] if result["train"] else lines


def _misfit(champion: Champion | None, seen: Seen | None, base: BaseInfo, lora: Lora) -> str:
    """Why the champion cannot be gone on from, "" where it can."""
    if champion is None:
        return ""
    if seen is None:
        return UNKNOWN
    return misfit_of(champion.adapter(), base.path, lora.model_dump())
