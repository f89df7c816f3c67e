"""Questions that differ from others by next to nothing: they teach what stands already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.dedup.near import near_clusters, near_matches
from pipelines.dedup.normalise import normalise
from pipelines.params.sections import Dedup


def copies(texts: Sequence[str], standing: Iterable[str], params: Dedup) -> set[str]:
    """Those of `texts` whose n-grams are `dedup.jaccard` those of a standing question, or more.

    `standing` are normalised.
    """
    asked = sorted(set(texts))
    plain, others = [normalise(text) for text in asked], sorted(set(standing))
    near = near_matches(plain, others, params.ngram, params.jaccard, params.bands, params.rows)
    return {asked[row] for row in near}


def repeated(texts: Sequence[str], params: Dedup) -> list[int]:
    """The places of those that nearly repeat one before them."""
    plain = [normalise(text) for text in texts]
    first = near_clusters(plain, params.ngram, params.jaccard, params.bands, params.rows)
    return [place for place, smallest in enumerate(first) if smallest != place]
