"""What the seller's system knew of an order, from the system's own messages in the log."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from pipelines.knowledge.taxonomy import phrase_pattern

FILE = Path(__file__).with_name("statuses.yaml")
ABOUT = "about"


def order_status(message: str) -> str:
    """unpaid | paid | shipped | signed | refunding, the last that a system message names, "" if none."""
    patterns = _patterns()
    if not patterns[ABOUT].search(message):
        return ""
    named = [
        (match.end(), match.end() - match.start(), status)
        for status, pattern in patterns.items()
        if status != ABOUT
        for match in pattern.finditer(message)
    ]
    return max(named)[2] if named else ""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    held = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {status: phrase_pattern(words["zh"], words["en"]) for status, words in held.items()}
