"""Which intent an answer serves: that of the FAQ answer nearest to it.

A generative model names no intent, so intent accuracy is read off the answer: cosine of character n-grams
(1 to 3, weighted by inverse document frequency) between what was said and each FAQ answer of the language.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

import numpy as np

NGRAMS = (1, 2, 3)
Entry = tuple[str, str, str]  # intent, language, answer


class NearestIntent:
    """Raises ValueError without entries."""

    def __init__(self, entries: list[Entry]) -> None:
        if not entries:
            raise ValueError("no FAQ answers to compare with")
        counts = [ngrams(answer) for _, _, answer in entries]
        documents = Counter(gram for count in counts for gram in count)
        self.intents = [intent for intent, _, _ in entries]
        self.languages = np.array([language for _, language, _ in entries])
        self.index = {gram: i for i, gram in enumerate(sorted(documents))}
        self.idf = np.array([np.log(1 + len(entries) / documents[gram]) for gram in self.index])
        self.matrix = np.stack([self._vector(count) for count in counts])  # (entries, grams)

    def predict(self, answer: str, language: str) -> str | None:
        """The intent of the nearest FAQ answer; None where nothing is shared with any."""
        scores = self.matrix @ self._vector(ngrams(answer))
        if language in self.languages:
            scores = np.where(self.languages == language, scores, -1.0)
        best = int(np.argmax(scores))
        return self.intents[best] if scores[best] > 0 else None

    def _vector(self, counts: Counter[str]) -> np.ndarray:
        vector = np.zeros(len(self.index))
        for gram, count in counts.items():
            if gram in self.index:
                vector[self.index[gram]] = count
        vector *= self.idf
        norm = np.linalg.norm(vector)
        return vector / norm if norm else vector


def ngrams(text: str) -> Counter[str]:
    """Character n-grams after NFKC, in lower case, without white space."""
    plain = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return Counter(plain[i : i + n] for n in NGRAMS for i in range(len(plain) - n + 1))
