"""Chinese or English, by what is written."""

from __future__ import annotations

import re

from pipelines.mask.labels import PLACEHOLDER

HAN = re.compile(r"[㐀-鿿]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def language_of(text: str, default: str = "zh") -> str:
    """zh | en; a text of both is the one of which it has more, counting two characters as a word."""
    text = PLACEHOLDER.sub(" ", text)
    han, words = len(HAN.findall(text)), len(LATIN_WORD.findall(text))
    if not han and not words:
        return default
    return "zh" if han >= 2 * words or (han and han >= words) else "en"


def is_other_language(text: str, language: str) -> bool:
    """Is `text` clearly not in `language`? A name or a unit in the other one does not make it so."""
    text = PLACEHOLDER.sub(" ", text)
    han, words = len(HAN.findall(text)), len(LATIN_WORD.findall(text))
    if language == "zh":
        return han == 0 and words >= 3
    return han >= 4 and han > 2 * words
