"""lexicon.zh.yaml and lexicon.en.yaml, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
PATTERNS = ("goods", "dated", "general", "own_order", "an_order")
Rules = Sequence[tuple[re.Pattern[str], Sequence[str]]]


@dataclass(frozen=True)
class Lexicon:
    """How customers say the same thing in one language; the YAML file says what each part is."""

    language: str
    frames: Rules
    synonyms: Rules
    subjects: Sequence[re.Pattern[str]]
    fillers: Sequence[re.Pattern[str]]
    openers: Sequence[str]
    closers: Sequence[str]
    keyword_frames: Sequence[str]
    typos: Mapping[str, str]
    mixed: Mapping[str, str]
    situations: Mapping[str, Sequence[str]]
    orders: Sequence[str]
    order_gap: str  # between "my order" and its number
    days: Mapping[str, Sequence[str]]
    goods: re.Pattern[str]  # a question that names goods already
    dated: re.Pattern[str]  # words that name a day
    general: re.Pattern[str]  # a question about the rule, and not about one order
    own_order: re.Pattern[str]  # after which its number may stand
    an_order: re.Pattern[str]  # a question that speaks of an order already


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of zh or en."""
    raw: dict[str, Any] = yaml.safe_load((FOLDER / f"lexicon.{language}.yaml").read_text(encoding="utf-8"))
    raw |= {name: _compiled(raw[name]) for name in PATTERNS}
    return Lexicon(
        language=language,
        frames=_rules(raw.pop("frames")),
        synonyms=_rules(raw.pop("synonyms")),
        subjects=[_compiled(pattern) for pattern in raw.pop("subjects")],
        fillers=[_compiled(pattern) for pattern in raw.pop("fillers")],
        **raw,
    )


def _rules(listed: list[tuple[str, list[str]]]) -> Rules:
    return [(_compiled(pattern), replacements) for pattern, replacements in listed]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
