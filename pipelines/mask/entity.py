"""What either NER names."""

from __future__ import annotations

from typing import NamedTuple


class Entity(NamedTuple):
    """A named entity: [start, end) in characters, label PER, LOC, ORG (LAC) or PERSON, GPE, ... (spaCy)."""

    start: int
    end: int
    label: str
