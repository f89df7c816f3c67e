"""Is a candidate fit for training? The reason code if not."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import SequenceMatcher

from pipelines.curate.language import is_other_language
from pipelines.dedup.normalise import normalise
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy

MAX_SIMILARITY = 0.95  # above it the wording is hardly another
MIN_SHARED = 0.12  # of the bigrams of the shorter text; below it the meaning is hardly kept
NUMBER = re.compile(r"\d+(?:\.\d+)?|(?<=[一-鿿])[一二三四五六七八九十两]+(?=[天次个元块件岁月年])")
NEGATION = re.compile(
    r"[不没未](?=[一-鿿])(?!不)|(?<![a-z])(?:not|never|no longer|cannot)(?![a-z])|n't(?![a-z])",
    re.IGNORECASE,
)
TAG_QUESTION = re.compile(
    r"([一-鿿])不\1|[一-鿿]没[一-鿿]?$|是否|可不可以|能不能|会不会|要不要|有没有|用不用|行不行|需不需要|能否"
)


def verdict(
    candidate: str, source: str, language: str, taken: Collection[str], policy: Policy = DEFAULT
) -> str | None:
    """None for a good candidate, else why not; `taken` are the questions that stand already, normalised."""
    plain, original = normalise(candidate), normalise(source)
    if similarity(plain, original) > MAX_SIMILARITY:
        return "unchanged"
    if plain in taken:
        return "duplicate"
    if is_other_language(candidate, language):
        return "wrong_language"
    if find_simple(candidate, policy):
        return "personal_data"
    return None if keeps_meaning(candidate, source) else "meaning_lost"


def keeps_meaning(candidate: str, source: str) -> bool:
    """The same numbers, as many negations, and enough of the same characters."""
    if set(NUMBER.findall(source)) - set(NUMBER.findall(candidate)):
        return False
    if negations(candidate) != negations(source):
        return False
    return _shared_bigrams(normalise(candidate), normalise(source)) >= MIN_SHARED


def negations(text: str) -> int:
    """How many words negate; "能不能" and its like ask and do not."""
    return len(NEGATION.findall(TAG_QUESTION.sub("", text.replace("’", "'"))))


def similarity(a: str, b: str) -> float:
    """0 to 1, over the characters in order (Ratcliff and Obershelp 1988)."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _shared_bigrams(a: str, b: str) -> float:
    left, right = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b))
    return len(left & right) / max(min(len(left), len(right)), 1)
