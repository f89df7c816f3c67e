"""Which language a message is in: it decides the NER that reads it."""

from __future__ import annotations

import re

HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2}")
_CAPITALISED = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{2}")


def is_chinese(text: str) -> bool:
    return HAN.search(text) is not None


def language_of(text: str) -> str:
    """zh | en | mixed; mixed is Chinese with a capitalised Latin word in it, so that both NERs look."""
    if not is_chinese(text):
        return "en"
    return "mixed" if _CAPITALISED.search(text) else "zh"


def has_words(text: str) -> bool:
    """Whether English NER could find anything: digits and punctuation alone hold no name."""
    return _WORD.search(text) is not None
