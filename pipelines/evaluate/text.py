"""What can be said of an answer by looking at its text alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipelines.knowledge import Brand

SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
TOKEN = re.compile(r"[0-9A-Za-z']+|[^\s0-9A-Za-z]")


def chrf(said: str, reference: str) -> float:
    """chrF, 0 to 100 (Popović 2015, by sacrebleu): character n-grams, so that Chinese needs no words."""
    from sacrebleu.metrics.chrf import CHRF

    return round(float(CHRF().sentence_score(said, [reference]).score), 2)


def rouge_l(said: str, reference: str) -> float:
    """ROUGE-L F1, 0 to 100 (Lin 2004), over characters in Chinese and words in English.

    A run of Latin letters or digits is one word in either language.
    """
    ours, theirs = tokens(said), tokens(reference)
    common = longest_common(ours, theirs)
    return round(200 * common / (len(ours) + len(theirs)), 2) if common else 0.0


def tokens(text: str) -> list[str]:
    """Characters, and words of Latin letters and digits; punctuation is left out."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [token for token in TOKEN.findall(plain) if token[0].isalnum() or token[0] == "'"]


def longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for token in first:
        before = 0
        for place, other in enumerate(second, start=1):
            kept = row[place]
            row[place] = before + 1 if token == other else max(kept, row[place - 1])
            before = kept
    return row[-1]


def in_style(said: str, brand: Brand, language: str) -> bool:
    """Not empty, no longer than brand.yaml's sentence_style allows, and 您 where it asks for it, never 你."""
    style = brand.sentence_style
    if language == "en":
        return 0 < len(said.split()) <= style.max_words_en
    polite = style.address.zh != "您" or "你" not in said
    return 0 < len(said) <= style.max_chars_zh and polite


def soothes(said: str, brand: Brand, opens_with: Sequence[str], language: str) -> bool:
    """Does the first sentence soothe: one of the brand's phrases, or a word of `opens_with`?"""
    first = SENTENCE_END.split(said.strip(), maxsplit=1)[0].lower()
    phrases = [SENTENCE_END.split(one, maxsplit=1)[0] for one in brand.soothing.of(language)]
    return any(phrase.lower() in first for phrase in [*phrases, *opens_with] if phrase)
