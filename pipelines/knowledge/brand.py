"""brand.yaml: how the assistant speaks, and when it stops speaking and calls a person."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from pathlib import Path

from pydantic import Field

from pipelines.knowledge.reading import Fault, Record, line_of, parse, read_yaml, refusal
from pipelines.knowledge.taxonomy import phrase_pattern

LANGUAGES = ("zh", "en")


class Text(Record):
    """The same text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Texts(Record):
    zh: list[str]
    en: list[str]

    def of(self, language: str) -> list[str]:
        return self.en if language == "en" else self.zh


class Style(Record):
    max_chars_zh: int = Field(gt=0)
    max_words_en: int = Field(gt=0)
    address: Text


class HandOver(Record):
    """A reason to call a person, and the phrases that show it."""

    code: str
    description: str
    phrases_zh: list[str]
    phrases_en: list[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return phrase_pattern(self.phrases_zh, self.phrases_en)


class Brand(Record):
    name: Text
    assistant: Text
    tone: Text
    sentence_style: Style
    forbidden_words: Texts
    fallback_reply: Text
    hand_over_when: list[HandOver]
    hand_over_markers: Texts
    system_prompt: Text
    soothing: Texts
    out_of_scope_questions: Texts

    def forbidden(self, text: str) -> list[str]:
        """The forbidden words in `text`, after NFKC and without regard to case."""
        return sorted(set(self._forbidden.findall(unicodedata.normalize("NFKC", text).lower())))

    def hands_over(self, reply: str) -> bool:
        """Does the reply connect the customer to a person?"""
        return bool(self._markers.search(unicodedata.normalize("NFKC", reply)))

    def hand_over_code(self, message: str) -> str | None:
        """The first reason of `hand_over_when` whose phrases stand in the customer's message."""
        text = unicodedata.normalize("NFKC", message)
        return next((when.code for when in self.hand_over_when if when.pattern.search(text)), None)

    @cached_property
    def _forbidden(self) -> re.Pattern[str]:
        return phrase_pattern(self.forbidden_words.zh, self.forbidden_words.en)

    @cached_property
    def _markers(self) -> re.Pattern[str]:
        return phrase_pattern(self.hand_over_markers.zh, self.hand_over_markers.en)


def load_brand(folder: Path) -> Brand:
    """brand.yaml of `folder`; one KefuError lists its faults with their lines."""
    path = folder / "brand.yaml"
    value, node = read_yaml(path)
    faults: list[Fault] = []
    brand = parse(Brand, value, node, faults)
    if brand:
        own = {"fallback_reply": brand.fallback_reply, "system_prompt": brand.system_prompt}
        for field, text in own.items():
            for language in LANGUAGES:
                if words := brand.forbidden(text.of(language)):
                    line = line_of(node, [field, language])
                    faults.append((line, f"{field}.{language}: forbidden words: {', '.join(words)}"))
        for language in LANGUAGES:
            if words := brand.forbidden(" ".join(brand.soothing.of(language))):
                line = line_of(node, ["soothing", language])
                faults.append((line, f"soothing.{language}: forbidden words: {', '.join(words)}"))
            if not brand.hands_over(brand.fallback_reply.of(language)):
                line = line_of(node, ["hand_over_markers", language])
                faults.append((line, f"hand_over_markers.{language}: none stands in the fallback reply"))
    if faults or brand is None:
        raise refusal(path, faults)
    return brand
