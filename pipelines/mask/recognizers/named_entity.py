"""Persons that the NER names. Places and organisations are left: a city is not personal."""

from __future__ import annotations

import regex

from pipelines.mask.language import HAN
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.records import LANGUAGES

_SCORES = {"PER": 0.75, "PERSON": 0.65}
_NAME = regex.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]*(?: [A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]*){0,3}")


class NamedEntity(LocalRecognizer):
    languages = LANGUAGES

    def __init__(self, language: str = "zh") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        found = nlp_artifacts.entities if nlp_artifacts else []
        return [
            RecognizerResult("PERSON", entity.start, entity.end, _SCORES[entity.label])
            for entity in found
            if entity.label in _SCORES and _plausible(text[entity.start : entity.end], entity.label)
        ]


def _plausible(value: str, label: str) -> bool:
    """A Chinese name is two characters or more; an English one capitalised words that are no common ones."""
    if label == "PER":
        return len(HAN.findall(value)) >= 2
    words = value.replace("'s", "").split()
    return _NAME.fullmatch(value.removesuffix("'s")) is not None and not any(
        w.lower() in NOT_NAMES for w in words
    )
