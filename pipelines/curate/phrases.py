"""phrases.yaml and emotions.yaml as compiled patterns."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from pipelines.mask.labels import PLACEHOLDER

MAX_CHARS = 160  # nobody greets or asks to wait at such length
FILES = tuple(Path(__file__).with_name(name) for name in ("phrases.yaml", "emotions.yaml"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Any of the expressions listed under `name` in either file."""
    return re.compile("|".join(f"(?:{expression})" for expression in _lists()[name]), re.IGNORECASE)


@cache
def _lists() -> dict[str, list[str]]:
    held = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES)
    return {name: listed for lists in held for name, listed in lists.items()}


def only(text: str, *names: str) -> bool:
    """Is `text` nothing but placeholders and phrases of these lists? Not if it is long."""
    if len(text) > MAX_CHARS:
        return False
    text = PLACEHOLDER.sub(" ", text)
    for name in names:
        text = pattern(name).sub(" ", text)
    return not has_words(text)


def has_words(text: str) -> bool:
    """A letter, digit or Chinese character, placeholders of masked data left aside."""
    return re.search(r"[^\W_]", PLACEHOLDER.sub(" ", text)) is not None
