"""What a run starts from, and whether it trains: functions of parameters, champion and news."""

from __future__ import annotations

from typing import Literal

from pipelines.evaluate.champion import Champion
from pipelines.news.count import News
from pipelines.params.sections import Retrain

Train = Literal["auto", "always"]
Because = tuple[bool, str]


def goes_on(section: Retrain, champion: Champion | None, why_none: str, misfit: str, news: News) -> Because:
    """(goes on from the champion, why or why it starts from the base)."""
    if champion is None:
        return False, why_none
    if section.from_ == "base":
        return False, "retrain.from is base"
    if section.base_every and champion.generation + 1 >= section.base_every:
        return False, f"every {section.base_every}th version starts from the base (retrain.base_every)"
    if misfit:
        return False, misfit
    if not news.any:
        return False, "the champion has seen every row"
    return True, f"{news.examples:,} examples and {news.documents:,} documents are new to the champion"


def enough(
    section: Retrain, champion: Champion | None, why_none: str, misfit: str, news: News, train: Train
) -> Because:
    """(the news are worth a training, why or why not)."""
    if train == "always":
        return True, "asked for (train: always)"
    if champion is None:
        return True, why_none
    if misfit:
        return True, misfit
    if news.knowledge:
        return True, f"{news.knowledge:,} rows of FAQ, policies and products are new or changed"
    least = section.min_new_conversations
    if news.conversations >= least and news.any:
        return True, f"{news.conversations:,} new conversations, {least:,} are enough"
    drifted = news.beyond_chance and news.drift >= section.min_drift
    what = f"what is asked has moved by {news.drift:.2f}"
    if drifted and news.any:
        return True, f"{what}, {section.min_drift:g} is enough"
    quiet = f"{what}, of {section.min_drift:g}" if news.drift < section.min_drift else f"{what}, as by chance"
    return False, f"{news.conversations:,} new conversations, of {least:,} that are enough; {quiet}"
