"""AnalyzerEngine.analyze over one language's recognizers, without what it costs a call.

Presidio's own call copies the registry, asks each recognizer for its entities, and filters all results once a
recognizer; on chat messages that takes longer than the patterns. Here only rules run that the words of the
text let match (`required`), a gate that several recognizers share is tested once a text, and only what found
something goes on. The results are the same, in the same order.

A recognizer that is no list of rules names in `searches` the patterns without which it finds nothing. One
with `among` is told which of them may match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from pipelines.mask.choice import Choice
from pipelines.mask.presidio import EntityRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.base import FLAGS, Recognizer
from pipelines.mask.required import Clause, alternatives, rarest_first, required

_DIGIT_GATE = regex.compile(r"\\d\{\d+\}")  # the gate `\d{4}`


class Search:
    """The recognizers of one language, in the registry's order."""

    def __init__(self, recognizers: Sequence[EntityRecognizer]) -> None:
        self._recognizers = list(recognizers)
        self._gates = [_gate(recognizer) for recognizer in recognizers]
        rules = [
            (place, rule, clauses)
            for place, recognizer in enumerate(recognizers)
            for rule, clauses in enumerate(_requirements(recognizer))
        ]
        self._places = [(place, rule) for place, rule, _ in rules]
        self._choice = Choice([clauses for _, _, clauses in rules])

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
        opened: dict[regex.Pattern[str] | None, bool] = {None: True}
        found = []
        for place, rules in self._possible(text):
            recognizer, gate = self._recognizers[place], self._gates[place]
            if gate not in opened:
                opened[gate] = gate is not None and gate.search(text) is not None
            if opened[gate] and (results := _results(recognizer, rules, text, artifacts)):
                found.append((recognizer, results))
        return found

    def _possible(self, text: str) -> Iterable[tuple[int, list[int]]]:
        """(place of a recognizer, its rules that may match in `text`), in order."""
        rules: dict[int, list[int]] = {}
        for at in self._choice.possible(text):
            place, rule = self._places[at]
            rules.setdefault(place, []).append(rule)
        return rules.items()


def _gate(recognizer: EntityRecognizer) -> regex.Pattern[str] | None:
    """The gate, if it is more than digits in a row, which the clauses of the rules count."""
    if not isinstance(recognizer, Recognizer) or _DIGIT_GATE.fullmatch(recognizer.gate):
        return None
    return regex.compile(recognizer.gate, FLAGS)


def _requirements(recognizer: EntityRecognizer) -> Iterable[tuple[Clause, ...]]:
    """The clauses of each rule, or of each pattern without which the recognizer finds nothing."""
    if isinstance(recognizer, Recognizer):
        gate = required(recognizer.gate)
        return [rarest_first(required(pattern), gate) for _, pattern, _ in recognizer.rules]
    searches = getattr(recognizer, "searches", ())
    if hasattr(recognizer, "among"):
        return [required(search) for search in searches]
    return [clauses for search in searches for clauses in alternatives(search)] or [()]


def _results(
    recognizer: EntityRecognizer, rules: Sequence[int], text: str, artifacts: NlpArtifacts
) -> list[RecognizerResult]:
    if isinstance(recognizer, Recognizer):
        return recognizer.matches(text, rules)
    if hasattr(recognizer, "among"):
        results = recognizer.among(text, rules)
    else:
        results = recognizer.analyze(text, recognizer.supported_entities, artifacts) or []
    for result in results:
        result.recognition_metadata = result.recognition_metadata or {
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
        }
    return results
