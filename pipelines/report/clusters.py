"""Groups of questions that are new: no intent fits them for sure, or nothing asked before is like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dedup.normalise import normalise

ALIKE = 0.35  # cosine: in the sample shop's log, of later questions this near to an earlier one 79 of 100 had
# its intent, of the others 27
NGRAMS = (1, 3)  # characters
LOOKED_AT = 2000  # questions, the most asked first
SHOWN, SAMPLES = 12, 3

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A masked question of the log, and how often it came."""

    text: str
    language: str
    times: int = 1
    intent: str = ""  # what the pipeline took it for, or why it dropped it
    certain: bool = True


def new_groups(questions: Sequence[Asked], known: Sequence[str]) -> list[Row]:
    """{"questions", "asked", "languages", "intent", "samples"} of each group, the most asked first.

    New is a question that is like none of `known`. Questions belong together when a chain of likenesses leads
    from one to the other (TF-IDF over character n-grams, cosine of at least ALIKE).
    """
    asked = sorted(set(questions), key=lambda q: (-q.times, q.text, q.language))[:LOOKED_AT]
    if not asked:
        return []
    new, near = _compared([q.text for q in asked], sorted(set(known)))
    groups: dict[int, list[Asked]] = {}
    for question, is_new, group in zip(asked, new, near, strict=True):
        if is_new:
            groups.setdefault(group, []).append(question)
    return sorted(map(_row, groups.values()), key=lambda row: (-row["asked"], row["samples"][0]))


def _compared(texts: list[str], known: list[str]) -> tuple[list[bool], list[int]]:
    """Of each text: is it like none of `known`, and the group it belongs to among the new."""
    import numpy as np
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigh: Any = TfidfVectorizer(
        analyzer=lambda text: _ngrams(normalise(text) or text), sublinear_tf=True, lowercase=False
    )
    vectors = weigh.fit_transform([*texts, *known])
    own, others = vectors[: len(texts)], vectors[len(texts) :]
    new = np.ones(len(texts), bool)
    if known:
        new = (own @ others.T).max(axis=1).toarray().ravel() < ALIKE
    alike = own @ own.T
    alike.data = np.where(alike.data >= ALIKE, 1, 0)
    alike = alike.multiply(new[:, None]).multiply(new[None, :]).tocsr()
    alike.eliminate_zeros()
    _, groups = connected_components(alike, directed=False)
    return new.tolist(), groups.tolist()


def _ngrams(text: str) -> list[str]:
    low, high = NGRAMS
    return [text[i : i + n] for n in range(low, high + 1) for i in range(len(text) - n + 1)] or [text]


def _row(group: Sequence[Asked]) -> Row:
    """The first of the group is the most asked."""
    return {
        "questions": len(group),
        "asked": sum(question.times for question in group),
        "languages": sorted({question.language for question in group}),
        "intent": group[0].intent,
        "certain": all(question.certain for question in group),
        "samples": [question.text for question in group[:SAMPLES]],
    }
