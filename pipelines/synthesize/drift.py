"""Candidates that have become a question of another intent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.curate.match import NGRAMS
from pipelines.dedup.normalise import normalise

MARGIN = 0.1  # of cosine by which another intent's question must be nearer than the source
BATCH = 512  # candidates compared at a time


def drifting(asked: Sequence[tuple[str, str, str]], standing: Sequence[tuple[str, str, str]]) -> list[bool]:
    """For each (candidate, its source, intent): is a question of another intent nearer than the source?

    `standing` are (question, intent, language) of the training rows, held-out ones not among them. Nearness
    is the cosine of TF-IDF over character n-grams, an index a language, as in curate.
    """
    found = [False] * len(asked)
    known = {question: language for question, _, language in standing}
    for language, ngrams in NGRAMS.items():
        places = [i for i, (_, source, _) in enumerate(asked) if known.get(source) == language]
        rows = [(question, intent) for question, intent, other in standing if other == language]
        if places and rows:
            verdicts = _verdicts([asked[i] for i in places], rows, ngrams)
            for place, verdict in zip(places, verdicts, strict=True):
                found[place] = verdict
    return found


def _verdicts(
    asked: Sequence[tuple[str, str, str]], rows: Sequence[tuple[str, str]], ngrams: tuple[int, int]
) -> Iterator[bool]:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer: Any = TfidfVectorizer(
        analyzer="char", ngram_range=ngrams, sublinear_tf=True, preprocessor=normalise
    )
    questions = vectorizer.fit_transform([question for question, _ in rows])
    alike = {row: place for place, row in enumerate(rows)}  # of equal rows one is enough
    by_intent = sorted(alike, key=lambda row: row[1])
    questions = questions[[alike[row] for row in by_intent]]
    intents, starts = np.unique([intent for _, intent in by_intent], return_index=True)
    number = {intent: place for place, intent in enumerate(intents.tolist())}
    for start in range(0, len(asked), BATCH):
        part = asked[start : start + BATCH]
        said = vectorizer.transform([candidate for candidate, _, _ in part])
        sources = vectorizer.transform([source for _, source, _ in part])
        to_source = np.asarray(said.multiply(sources).sum(axis=1)).ravel()
        near = (said @ questions.T).toarray()  # (candidates, questions)
        nearest = np.maximum.reduceat(near, starts, axis=1)  # (candidates, intents)
        own = [(row, number[intent]) for row, (_, _, intent) in enumerate(part) if intent in number]
        if own:
            nearest[tuple(zip(*own, strict=True))] = 0.0
        yield from (nearest.max(axis=1) > to_source + MARGIN).tolist()
