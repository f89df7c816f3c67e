"""How the customer feels, by what is written, and whether a reply answers that first."""

from __future__ import annotations

import re
from typing import Literal

from pipelines.curate.phrases import pattern
from pipelines.curate.turns import sentences_of
from pipelines.knowledge import Brand
from pipelines.mask.labels import PLACEHOLDER

Emotion = Literal["calm", "anxious", "angry"]
SHOUTED_WORDS = 4  # English words in capitals, one after the other
_SHOUTED = r"(?:[A-Z']{2,}|[AI])"
SHOUTING = re.compile(rf"(?<![A-Za-z]){_SHOUTED}(?:[ ,.!?]+{_SHOUTED}){{{SHOUTED_WORDS - 1},}}")
SOOTHED_WITHIN = 2  # sentences


def emotion_of(message: str) -> Emotion:
    """The customer's emotion by the lexicon of emotions.yaml, insults, capitals and marks."""
    text = PLACEHOLDER.sub(" ", message)
    if any(pattern(name).search(text) for name in ("angry", "insults")) or SHOUTING.search(text):
        return "angry"
    return "anxious" if pattern("anxious").search(text) else "calm"


def soothes(reply: str) -> bool:
    """Does one of the first sentences of `reply` apologise or show understanding?"""
    return pattern("soothing").search(" ".join(sentences_of(reply)[:SOOTHED_WITHIN])) is not None


def soothed(reply: str, emotion: str, language: str, brand: Brand) -> str:
    """`reply`; for an angry customer, after the brand's first soothing phrase, unless it soothes already."""
    if emotion != "angry" or not brand.soothing.of(language) or soothes(reply):
        return reply
    return f"{_opening(language, brand)}{reply}"


def unsoothed(reply: str, language: str, brand: Brand) -> str:
    """`reply` without the phrase that `soothed` put before it."""
    return reply.removeprefix(_opening(language, brand)) if brand.soothing.of(language) else reply


def _opening(language: str, brand: Brand) -> str:
    return brand.soothing.of(language)[0] + (" " if language == "en" else "")
