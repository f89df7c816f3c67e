"""Presidio's AnalyzerEngine with our two NERs and our recognizers, over many texts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pipelines.mask.labels import Finding
from pipelines.mask.language import language_of
from pipelines.mask.nlp import TwoLanguages
from pipelines.mask.normalise import Normalised
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.mask.presidio import (
    AnalyzerEngine,
    ContextAwareEnhancer,
    RecognizerRegistry,
    RecognizerResult,
)
from pipelines.mask.recognizers import ALL
from pipelines.mask.recognizers.named_entity import can_hold_name
from pipelines.mask.recognizers.own import Own
from pipelines.mask.recognizers.read import doubt
from pipelines.mask.search import Search
from pipelines.records import LANGUAGES


class OwnContext(ContextAwareEnhancer):
    """Leaves scores alone: our recognizers weigh their own context (`Recognizer.enhance_using_context`)."""

    def __init__(self) -> None:
        super().__init__(
            context_similarity_factor=0,
            min_score_with_context_similarity=0,
            context_prefix_count=0,
            context_suffix_count=0,
        )

    def enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        return raw_results


def build_engine(policy: Policy = DEFAULT) -> AnalyzerEngine:
    """The engine; it loads the models, and none of Presidio's stock recognizers.

    Those use `\\b`, which never matches beside a Chinese character, and some misfire on shop logs (dates,
    URLs); the e-mail one would fetch the public-suffix list.
    """
    recognizers = [
        recognizer(language)
        for recognizer in ALL
        for language in LANGUAGES
        if language in recognizer.languages
    ]
    if policy.deny or policy.patterns:
        recognizers += [Own(policy, language) for language in LANGUAGES]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=list(LANGUAGES)),
        nlp_engine=TwoLanguages(can_hold_name),
        supported_languages=list(LANGUAGES),
        context_aware_enhancer=OwnContext(),
    )


class Analyzer:
    """Finds personal data in texts, without regard to the dialogue around them."""

    def __init__(self, policy: Policy = DEFAULT) -> None:
        self._engine = build_engine(policy)
        registry = self._engine.registry
        self._search = {
            language: Search(registry.get_recognizers(language, all_fields=True)) for language in LANGUAGES
        }
        self.policy = policy

    def find(self, texts: Sequence[str]) -> list[list[Finding]]:
        """The findings of each text, overlapping ones included, offsets in the text as given."""
        found: list[list[Finding]] = [[] for _ in texts]
        plain = [Normalised(text) for text in texts]
        by_language: dict[str, list[int]] = defaultdict(list)
        for index, normalised in enumerate(plain):
            by_language[language_of(normalised.text)].append(index)
        for language, indexes in by_language.items():
            batch = self._engine.nlp_engine.process_batch([plain[i].text for i in indexes], language)
            search = self._search[language]
            for index, (text, artifacts) in zip(indexes, batch, strict=True):
                results = search.analyze(text, artifacts, self.policy.lowest)
                doubt(results, artifacts, language)
                found[index] = list(
                    filter(self.policy.accepts, (_finding(plain[index], result) for result in results))
                )
        return found


def _finding(text: Normalised, result: RecognizerResult) -> Finding:
    start, end = text.span(result.start, result.end)
    metadata = result.recognition_metadata or {}
    return Finding(
        start, end, result.entity_type, round(result.score, 3), metadata.get("recognizer_name", "")
    )
