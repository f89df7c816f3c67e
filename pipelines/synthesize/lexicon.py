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
    goods: re.Pattern[str]  # a question that names goods already


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of zh or en."""
    raw: dict[str, Any] = yaml.safe_load((FOLDER / f"lexicon.{language}.yaml").read_text(encoding="utf-8"))
    return Lexicon(
        language=language,
        frames=_rules(raw.pop("frames")),
        synonyms=_rules(raw.pop("synonyms")),
        subjects=[_compiled(pattern) for pattern in raw.pop("subjects")],
        fillers=[_compiled(pattern) for pattern in raw.pop("fillers")],
        goods=_compiled(raw.pop("goods")),
        **raw,
    )


def _rules(listed: list[tuple[str, list[str]]]) -> Rules:
    return [(_compiled(pattern), replacements) for pattern, replacements in listed]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
