"""The FAQ entry nearest to a question, and the intent of a question that the log does not label.

TF-IDF over character n-grams, compared by cosine: no model to fetch, and it stands typing slips. The nearest
wording says whether a question is that of an entry; the intent comes from the entries' profiles (the mean of
an entry's wordings and a tenth of its answer, after Rocchio 1971), which name the entry of a left-out wording
about twice as often as its nearest wording does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.curate.turns import sentences_of
from pipelines.dedup.normalise import normalise
from pipelines.knowledge import Brand, FaqEntry
from pipelines.knowledge.brand import LANGUAGES
from pipelines.knowledge.taxonomy import OUT_OF_SCOPE

NGRAMS = {"zh": (1, 2), "en": (2, 4)}  # characters
ANSWER_WEIGHT = 0.1
SURE = 0.4  # profile similarity at which 94 of 100 left-out wordings and more got the right intent
LIKELY = 3  # intents named as candidates
MIN_SENTENCE = 5  # characters
BATCH = 4096  # questions compared at a time


@dataclass(frozen=True)
class Match:
    entry: FaqEntry  # of the nearest wording
    similarity: float  # 0 to 1, to that wording
    intent: str  # of the nearest profile
    confidence: float  # 0 to 1, in `intent`
    likely: tuple[tuple[str, float], ...] = ()  # the likeliest intents with their confidences, best first


class Matcher:
    """An index of all wordings, one a language; with a brand, of its out-of-scope questions too."""

    def __init__(self, faq: Sequence[FaqEntry], brand: Brand | None = None) -> None:
        faq = [*faq, *(_outside(brand, language) for language in LANGUAGES if brand)]
        self._indexes = {
            language: _Index([e for e in faq if e.language == language], ngrams)
            for language, ngrams in NGRAMS.items()
            if any(e.language == language for e in faq)
        }

    def match(self, questions: Sequence[str], languages: Sequence[str]) -> list[Match | None]:
        """For each question the match of its language; None where nothing at all is shared."""
        found: list[Match | None] = [None] * len(questions)
        for language, index in self._indexes.items():
            places = [i for i, other in enumerate(languages) if other == language]
            for place, match in zip(places, index.match([questions[i] for i in places]), strict=True):
                found[place] = match
            for place, match in _parts(index, questions, places):
                best = found[place]
                if best and match and match.similarity > best.similarity:
                    found[place] = replace(best, entry=match.entry, similarity=match.similarity)
        return found


def _outside(brand: Brand, language: str) -> FaqEntry:
    """The questions whose right answer is the fallback, as an entry."""
    fallback = brand.fallback_reply.of(language)
    return FaqEntry.model_validate(
        {
            "faq_id": f"out_of_scope.{language}",
            "link_id": "out_of_scope",
            "language": language,
            "intent": OUT_OF_SCOPE,
            "context": {},
            "questions": brand.out_of_scope_questions.of(language),
            "answer": fallback,
            "key_facts": [brand.hand_over_markers.of(language)],
        }
    )


def _parts(
    index: _Index, questions: Sequence[str], places: Sequence[int]
) -> Iterator[tuple[int, Match | None]]:
    """The matches of single sentences: a greeting or a story before a question must not hide it."""
    parts = [(place, part) for place in places for part in _sentences(questions[place])]
    yield from zip((place for place, _ in parts), index.match([part for _, part in parts]), strict=True)


def _sentences(text: str) -> list[str]:
    found = [part for part in sentences_of(text) if len(part) >= MIN_SENTENCE]
    return found if len(sentences_of(text)) > 1 else []


class _Index:
    def __init__(self, entries: Sequence[FaqEntry], ngrams: tuple[int, int]) -> None:
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import normalize

        self.entries = entries
        self.owner = np.array([place for place, entry in enumerate(entries) for _ in entry.questions])
        self.vectorizer: Any = TfidfVectorizer(
            analyzer="char", ngram_range=ngrams, sublinear_tf=True, preprocessor=normalise
        )
        self.wordings = self.vectorizer.fit_transform([q for entry in entries for q in entry.questions])
        answers = self.vectorizer.transform([entry.answer for entry in entries]) * ANSWER_WEIGHT
        self.profiles = normalize(_means(self.wordings, self.owner) + answers)

    def match(self, questions: Sequence[str]) -> Iterator[Match | None]:
        for start in range(0, len(questions), BATCH):
            vectors = self.vectorizer.transform(questions[start : start + BATCH])
            near = (vectors @ self.wordings.T).toarray()  # (questions, wordings)
            like = (vectors @ self.profiles.T).toarray()  # (questions, entries)
            for row, scores in zip(near, like, strict=True):
                best = int(row.argmax())
                if row[best] <= 0:
                    yield None
                    continue
                likely = self._likely(scores)
                entry = self.entries[self.owner[best]]
                yield Match(entry, min(float(row[best]), 1.0), *likely[0], likely)

    def _likely(self, scores: Any) -> tuple[tuple[str, float], ...]:
        """The intents of the nearest profiles, each once. scores: (entries,)"""
        found: dict[str, float] = {}
        for place in (-scores).argsort(kind="stable").tolist():
            found.setdefault(self.entries[place].intent, min(float(scores[place]) / SURE, 1.0))
            if len(found) == LIKELY:
                break
        return tuple(found.items())


def _means(rows: Any, owner: Any) -> Any:
    """The mean row of each owner, sparse. (wordings, terms) -> (owners, terms)"""
    import numpy as np
    from scipy.sparse import csr_matrix

    weights = 1.0 / np.bincount(owner)[owner]
    spread = csr_matrix((weights, (owner, np.arange(len(owner)))))
    return spread @ rows
