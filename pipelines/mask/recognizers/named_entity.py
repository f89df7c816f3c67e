"""Persons that the NER names. Places and organisations are left: a city is not personal."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipelines.mask.entity import Entity
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.recognizers.named_zh import person
from pipelines.records import LANGUAGES

_SCORES = {"PER": 0.75, "PERSON": 0.65}
_ENGLISH = regex.compile(
    r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]*[A-Za-zÀ-ÿ](?<!'s)(?: [A-ZÀ-Þ](?:[A-Za-zÀ-ÿ'’.-]*[A-Za-zÀ-ÿ])?(?<!'s)){0,3}"
)
_SENTENCE_START = regex.compile(r"(?:^|[.!?。！？→>:]\s*|\n\s*)$")


_CAPITALISED = regex.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]*[A-Za-zÀ-ÿ]")
_PART = regex.compile(r"(?<![A-Za-zÀ-ÿ])[A-ZÀ-Þ][A-Za-zÀ-ÿ]+")  # the NER may mark a part: Mary-Jane
_CAPITAL_AFTER_JOINT = regex.compile(r"['’.-].*[A-ZÀ-Þ]")
_NEXT_CAPITAL = regex.compile(r" [A-ZÀ-Þ]")


class NamedEntity(LocalRecognizer):
    languages = LANGUAGES

    def __init__(self, language: str = "zh") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        results = []
        for entity in _joined(nlp_artifacts.entities if nlp_artifacts else ()):
            span = _name(text, entity)
            if span:
                results.append(RecognizerResult("PERSON", *span, _SCORES[entity.label]))
        return results


def _name(text: str, entity: Entity) -> tuple[int, int] | None:
    """The name within what the NER marked, without line ends and signs at its sides; None if it is none."""
    if entity.label == "PER":
        return person(text, entity.start, entity.end)
    match = _ENGLISH.search(text, entity.start, entity.end) if entity.label == "PERSON" else None
    if not match:
        return None
    words = match.group().split()
    if any(word.strip(".").lower() in NOT_NAMES for word in words):
        return None
    if len(words) == 1 and _SENTENCE_START.search(text[: match.start()]):
        return None
    return match.span()


def _joined(entities: Iterable[Entity]) -> list[Entity]:
    """`entities` with the pieces of one Chinese name put together: 老/PER 李/PER."""
    joined: list[Entity] = []
    for entity in entities:
        last = joined[-1] if joined else None
        if (
            last
            and entity.label == last.label == "PER"
            and last.end == entity.start
            and entity.end - last.start <= 3
        ):
            joined[-1] = last._replace(end=entity.end)
        else:
            joined.append(entity)
    return joined


def can_hold_name(text: str) -> bool:
    """Whether a name of the English NER in `text` could pass `_name`, whatever the NER marks.

    It can't where each capitalised word is in NOT_NAMES or stands alone where a sentence starts; such a text
    (two of three English ones) need not be read.
    """
    return any(_can_be_name(text, match) for match in _CAPITALISED.finditer(text))


def _can_be_name(text: str, match: regex.Match[str]) -> bool:
    run = match.group()
    if all(word.lower() in NOT_NAMES for word in (run, *_PART.findall(run))):
        return False
    more = _CAPITAL_AFTER_JOINT.search(run) or _NEXT_CAPITAL.match(text, match.end())
    return more is not None or not _SENTENCE_START.search(text[: match.start()])
