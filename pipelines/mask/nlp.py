"""The NlpEngine behind Presidio: LAC reads Chinese, spaCy English, both a mixed text, and our reader all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.mask.entity import Entity
from pipelines.mask.lac import NOTHING, Lac, Token
from pipelines.mask.language import has_words
from pipelines.mask.presidio import NlpArtifacts, NlpEngine
from pipelines.mask.reader import Reader
from pipelines.mask.reader.net import Seen
from pipelines.records import LANGUAGES

if TYPE_CHECKING:
    from pipelines.mask.english import EnglishNer


class Artifacts(NlpArtifacts):
    """What Presidio's recognizers are given of a text, and what our reader read in it."""

    def __init__(self, tokens: list[Token], english: list[Entity], seen: Seen, language: str) -> None:
        chinese = [Entity(*token) for token in tokens if token.tag in ("PER", "LOC", "ORG")]
        super().__init__(
            entities=chinese + english,
            tokens=tokens,
            tokens_indices=[token.start for token in tokens],
            lemmas=[],
            nlp_engine=None,  # no lemma context: our recognizers look at the characters before a match
            language=language,
        )
        self.seen = seen


class TwoLanguages(NlpEngine):
    """Languages: zh (LAC), en (spaCy), mixed (both). `tokens` of the artifacts are LAC's words.

    `worth_reading` says which texts spaCy gets to see: what it would find in the rest is of no use.
    """

    def __init__(self, worth_reading: Callable[[str], bool] = has_words) -> None:
        self._worth_reading = worth_reading
        self._lac: Lac | None = None
        self._english: EnglishNer | None = None
        self._reader: Reader | None = None

    def load(self) -> None:
        from pipelines.mask.english import EnglishNer

        self._lac, self._english, self._reader = Lac(), EnglishNer(), Reader()

    def is_loaded(self) -> bool:
        return self._lac is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return next(self.process_batch([text], language))[1]

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 256, n_process: int = 1, **_: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """(text, artifacts) in the order of `texts`; `n_process` is ignored: the stage has its own."""
        source = iter(texts)
        while batch := list(islice(source, batch_size)):
            words = self._words(batch, language)
            entities = self._entities(batch, language)
            states = [state for _, state in words]
            seen = self._reader.read(batch, language, entities, states) if self._reader else []
            for text, tokens, english, one in zip(
                batch, [pair[0] for pair in words], entities, seen, strict=True
            ):
                yield text, Artifacts(tokens, english, one, language)

    def _words(self, texts: Sequence[str], language: str) -> list[tuple[list[Token], np.ndarray]]:
        if language == "en" or self._lac is None:
            return [([], NOTHING) for _ in texts]
        return self._lac.read(texts)

    def _entities(self, texts: Sequence[str], language: str) -> list[list[Entity]]:
        found: list[list[Entity]] = [[] for _ in texts]
        if language == "zh" or self._english is None:
            return found
        chosen = [index for index, text in enumerate(texts) if self._worth_reading(text)]
        for index, entities in zip(chosen, self._english.find([texts[i] for i in chosen]), strict=True):
            found[index] = entities
        return found

    def is_stopword(self, word: str, language: str) -> bool:
        return False

    def is_punct(self, word: str, language: str) -> bool:
        return not any(char.isalnum() for char in word)

    def get_supported_entities(self) -> list[str]:
        return ["PERSON"]

    def get_supported_languages(self) -> list[str]:
        return list(LANGUAGES)
