"""taxonomy.yaml: intents of two levels and entity labels."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pydantic import Field

from pipelines.knowledge.reading import Fault, Record, line_of, parse, read_yaml, refusal

OTHER = "other"  # the group of what is no business of the company's
OUT_OF_SCOPE = f"{OTHER}/out_of_scope"
SMALL_TALK = f"{OTHER}/small_talk"


class Intent(Record):
    label_zh: str
    label_en: str
    keywords_zh: list[str] = Field(default_factory=list)
    keywords_en: list[str] = Field(default_factory=list)


class Group(Record):
    label_zh: str
    label_en: str
    intents: dict[str, Intent]


class Entity(Record):
    """A label with what finds it: a regular expression, words, or the placeholder of a masked type."""

    label_zh: str
    label_en: str
    pattern: str | None = None
    masked_as: str | None = None  # the type of pii.yaml whose placeholder stands for it, such as ORDER_NUMBER
    words_zh: list[str] = Field(default_factory=list)
    words_en: list[str] = Field(default_factory=list)


class Taxonomy(Record):
    intents: dict[str, Group]
    entities: dict[str, Entity]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every intent as "group/name"."""
        return frozenset(f"{group}/{name}" for group, held in self.intents.items() for name in held.intents)

    def names_business(self, text: str) -> bool:
        """Does a keyword of any group but `other` stand in `text` (no regard to case)?"""
        ours = (pattern for name, pattern in self._keywords.items() if name.partition("/")[0] != OTHER)
        return any(pattern.search(text) for pattern in ours)

    def without_small_talk(self, text: str) -> str:
        """`text` without greetings and thanks, and without the marks that end or begin with them."""
        return self._keywords[SMALL_TALK].sub("", text).strip(" ,，.。!！~～\n")

    @cached_property
    def _keywords(self) -> dict[str, re.Pattern[str]]:
        return {
            f"{group}/{name}": _any_of(intent.keywords_zh, intent.keywords_en)
            for group, held in self.intents.items()
            for name, intent in held.intents.items()
        }


def load_taxonomy(folder: Path) -> Taxonomy:
    """taxonomy.yaml of `folder`; one KefuError lists its faults with their lines."""
    path = folder / "taxonomy.yaml"
    value, node = read_yaml(path)
    faults: list[Fault] = []
    taxonomy = parse(Taxonomy, value, node, faults)
    if taxonomy:
        for label, entity in taxonomy.entities.items():
            if fault := _pattern_fault(entity):
                faults.append((line_of(node, ["entities", label, "pattern"]), f"entities.{label}: {fault}"))
        missing = {OUT_OF_SCOPE, SMALL_TALK} - taxonomy.names
        faults += [(line_of(node, ["intents"]), f"the intent {name} is missing") for name in sorted(missing)]
    if faults or taxonomy is None:
        raise refusal(path, faults)
    return taxonomy


def phrase_pattern(zh: list[str], en: list[str]) -> re.Pattern[str]:
    """Chinese phrases as plain substrings, English ones as whole words, no regard to case."""
    return _any_of(zh, en)


def _any_of(zh: list[str], en: list[str]) -> re.Pattern[str]:
    latin = [rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])" for word in en]
    return re.compile("|".join([*map(re.escape, zh), *latin]) or r"(?!)", re.IGNORECASE)


def _pattern_fault(entity: Entity) -> str:
    if not (entity.pattern or entity.masked_as or entity.words_zh or entity.words_en):
        return "neither a pattern nor words nor masked_as"
    try:
        re.compile(entity.pattern or "")
    except re.error as error:
        return f"pattern: not a regular expression ({error})"
    return ""
