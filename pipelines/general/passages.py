"""A little text about everything but the shop: some to train on again, some to see what was forgotten.

Every third passage is held out: perplexity on it before and after training says how much of its general
knowledge of language a model has lost. The others may be mixed into training (`replay.general`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
HELD_OUT_EVERY = 3


@cache
def passages(language: str) -> tuple[str, ...]:
    text = (Path(__file__).parent / f"{language}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def replayed() -> list[str]:
    """Those that may be trained on, the languages in turn."""
    return _taken(held_out=False)


def held_out() -> list[str]:
    """Those that no training sees, the languages in turn."""
    return _taken(held_out=True)


def _taken(held_out: bool) -> list[str]:
    columns = [
        [p for i, p in enumerate(passages(language)) if (i % HELD_OUT_EVERY == 0) == held_out]
        for language in LANGUAGES
    ]
    return [passage for pair in zip(*columns, strict=True) for passage in pair]
