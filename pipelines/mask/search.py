"""AnalyzerEngine.analyze over one language's recognizers, without what it costs a call.

Presidio's own call copies the registry, asks each recognizer for its entities, and filters all results once a
recognizer; on chat messages that takes longer than the patterns. Here a gate that several recognizers share
is tested once a text, and only what found something goes on. The results are the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from pipelines.mask.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.base import FLAGS, Recognizer

_DIGITS = regex.compile(r"\d+")
_DIGIT_GATE = regex.compile(r"\\d\{(\d+)\}")  # the gate `\d{4}`


class _Gated(NamedTuple):
    recognizer: EntityRecognizer
    digits: int  # so many in a row must stand in the text
    gate: regex.Pattern[str] | None


class Search:
    """The recognizers of one language, in the registry's order."""

    def __init__(self, recognizers: Sequence[EntityRecognizer]) -> None:
        self._gated = [_gated(recognizer) for recognizer in recognizers]

    def analyze(self, text: str, artifacts: NlpArtifacts, score_threshold: float) -> list[RecognizerResult]:
        """What `AnalyzerEngine.analyze` with our context enhancer gives for the same arguments."""
        found = self._raw(text, artifacts)
        everything = [result for _, results in found for result in results]
        results: list[RecognizerResult] = []
        for recognizer, own in found:
            others = [result for result in everything if not any(result is one for one in own)]
            results += recognizer.enhance_using_context(text, own, others, artifacts, None)
        results = [result for result in results if result.score >= score_threshold]
        return EntityRecognizer.remove_duplicates(results) if len(results) > 1 else results

    def _raw(
        self, text: str, artifacts: NlpArtifacts
    ) -> list[tuple[EntityRecognizer, list[RecognizerResult]]]:
        digits = max(map(len, _DIGITS.findall(text)), default=0)
        opened: dict[regex.Pattern[str] | None, bool] = {None: True}
        found = []
        for recognizer, least, gate in self._gated:
            if digits < least:
                continue
            if gate not in opened:
                opened[gate] = gate is not None and gate.search(text) is not None
            if opened[gate] and (results := _results(recognizer, text, artifacts)):
                found.append((recognizer, results))
        return found


def _gated(recognizer: EntityRecognizer) -> _Gated:
    if not isinstance(recognizer, Recognizer):
        return _Gated(recognizer, 0, None)
    if match := _DIGIT_GATE.fullmatch(recognizer.gate):
        return _Gated(recognizer, int(match.group(1)), None)
    return _Gated(recognizer, 0, regex.compile(recognizer.gate, FLAGS))


def _results(recognizer: EntityRecognizer, text: str, artifacts: NlpArtifacts) -> list[RecognizerResult]:
    if isinstance(recognizer, Recognizer):
        return recognizer.matches(text)
    results = recognizer.analyze(text, recognizer.supported_entities, artifacts) or []
    for result in results:
        result.recognition_metadata = result.recognition_metadata or {
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
        }
    return results
