"""Language of a conversation: zh, en, or mixed when both carry real content.

Counted by script first: about two Han characters make a word, and so does a run of Latin letters that is
not part of a code, an address or a brand in capitals. Only where the counts leave it open does py3langid
(Naive Bayes over byte n-grams, here limited to zh and en) decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
LATIN_WORD = re.compile(r"(?<![0-9A-Za-z@/_.'-])[A-Za-z][A-Za-z']*+(?![0-9@/_-]|\.[A-Za-z])")
HAN_PER_WORD = 2
MIXED_SHARE, MIXED_WORDS = 0.15, 3
CLEAR_SHARE = 0.05
TAGS = {"zh": "zh", "cn": "zh", "chinese": "zh", "中文": "zh", "cmn": "zh", "en": "en", "english": "en"}
CLASSIFIED_CHARS = 2000


def from_tag(tag: str) -> str | None:
    """zh, en or mixed for a log's own value, such as zh-CN, en_US or English; None for any other."""
    tag = tag.strip().lower()
    return "mixed" if tag == "mixed" else TAGS.get(re.split(r"[-_ ]", tag)[0])


def detect(texts: Iterable[str]) -> str:
    """zh | en | mixed for the messages of one conversation; zh where nothing is written in letters."""
    text = "\n".join(texts)
    han, latin = word_counts(text)
    total, fewer = han + latin, min(han, latin)
    if not total:
        return "zh"
    if fewer >= MIXED_WORDS and fewer >= MIXED_SHARE * total:
        return "mixed"
    if fewer <= CLEAR_SHARE * total:
        return "zh" if han > latin else "en"
    return str(_classifier().classify(text[:CLASSIFIED_CHARS])[0])


def word_counts(text: str) -> tuple[float, float]:
    """(Chinese words, English words) of `text`, roughly."""
    han = len(HAN.findall(text)) / HAN_PER_WORD
    latin = LATIN_WORD.findall(text)
    return han, float(sum(not word.isupper() for word in latin) if han else len(latin))


@lru_cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    classifier.set_languages(["zh", "en"])
    return classifier
