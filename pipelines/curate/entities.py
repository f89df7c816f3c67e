"""What a customer names, by the labels of the taxonomy: order number, SKU, product, carrier, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipelines.knowledge import Product, Taxonomy
from pipelines.knowledge.taxonomy import Entity
from pipelines.mask.labels import LABELS

PRODUCT = "product"  # the label that takes the names of products.csv too


class EntityFinder:
    """Finds the entities of a masked text; what is personal is found by its placeholder."""

    def __init__(self, taxonomy: Taxonomy, products: Sequence[Product] = ()) -> None:
        self._patterns = {
            label: re.compile("|".join(_ways(entity, products if label == PRODUCT else ())), re.IGNORECASE)
            for label, entity in taxonomy.entities.items()
        }

    def find(self, text: str) -> list[dict[str, str]]:
        """{"label", "text"} of each entity, as written, in the order of the text, each once.

        Of entities that overlap the longest stays, whatever its label.
        """
        taken: list[tuple[int, int]] = []
        found = []
        for start, end, label in sorted(self._spans(text), key=lambda span: (span[0] - span[1], span)):
            if all(end <= other or start >= until for other, until in taken):
                taken.append((start, end))
                found.append((start, {"label": label, "text": text[start:end]}))
        in_order = [entity for _, entity in sorted(found, key=lambda pair: pair[0])]
        return [entity for place, entity in enumerate(in_order) if entity not in in_order[:place]]

    def _spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        for label, pattern in self._patterns.items():
            for match in pattern.finditer(text):
                if match.group():
                    yield match.start(), match.end(), label


def _ways(entity: Entity, products: Sequence[Product]) -> Iterator[str]:
    """Expressions, those of longer names first."""
    if entity.masked_as:
        yield _placeholder_of(entity.masked_as)
    if entity.pattern:
        yield f"(?:{entity.pattern})"
    for name in sorted({p.name_zh for p in products} | set(entity.words_zh), key=len, reverse=True):
        yield re.escape(name)
    for name in sorted({p.name_en for p in products} | set(entity.words_en), key=len, reverse=True):
        yield rf"(?<![0-9A-Za-z]){re.escape(name)}(?:e?s)?(?![0-9A-Za-z])"  # the plural too


def _placeholder_of(kind: str, labels: Mapping[str, tuple[str, str]] = LABELS) -> str:
    """Both languages' placeholders of a type; a type of the company's own has its name for a label."""
    zh, en = labels.get(kind, (kind, kind))
    return rf"<(?:{re.escape(zh)}|{re.escape(en)}_)\d{{1,4}}>"
