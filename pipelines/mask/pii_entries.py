"""The entries of pii.yaml, as they are written; the file itself says what each field means."""

from __future__ import annotations

from pydantic import Field

from pipelines.knowledge.reading import Record


class Type(Record):
    mask: bool
    threshold: float | None = Field(None, ge=0, le=1)


class Deny(Record):
    text: str
    type: str


class Label(Record):
    zh: str
    en: str


class Examples(Record):
    find: tuple[str, ...] = Field(min_length=1)
    leave: tuple[str, ...] = ()


class Pattern(Record):
    name: str = Field(min_length=1)
    type: str
    label: Label | None = None
    pattern: str
    score: float = Field(gt=0, le=1)
    near: tuple[str, ...] = ()
    near_before: int = Field(16, ge=0, le=200)
    near_after: int = Field(8, ge=0, le=200)
    examples: Examples
