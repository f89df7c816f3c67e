"""What the steward's file adds: the deny list and the company's own patterns."""

from __future__ import annotations

from pipelines.errors import KefuError
from pipelines.mask.policy import DENY_LIST, Policy
from pipelines.mask.presidio import (
    AnalysisExplanation,
    LocalRecognizer,
    NlpArtifacts,
    RecognizerResult,
)

TIMEOUT_S = 10.0  # a text; patterns that explode are refused when the file is read, so this is a last guard


class Own(LocalRecognizer):
    def __init__(self, policy: Policy, language: str = "zh") -> None:
        self._policy = policy
        types = sorted({entry.type for entry in policy.deny} | {own.type for own in policy.patterns})
        self.searches = (*(p.pattern for p in policy.denied.values()), *(p.pattern for p in policy.patterns))
        super().__init__(types, name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        return [*self._denied(text), *self._matched(text)]

    def _denied(self, text: str) -> list[RecognizerResult]:
        return [
            _result(type_, match.start(), match.end(), 1.0, _why(DENY_LIST, "deny", 1.0))
            for type_, pattern in self._policy.denied.items()
            for match in pattern.finditer(text)
        ]

    def _matched(self, text: str) -> list[RecognizerResult]:
        results = []
        for own in self._policy.patterns:
            try:
                found = own.find(text, TIMEOUT_S)
            except TimeoutError:
                raise KefuError(
                    f"the pattern {own.name!r} takes too long", "pii.yaml", "make it simpler"
                ) from None
            for start, end, score, word in found:
                why = _why(self.name, own.name, own.score)
                if word:
                    why.set_supportive_context_word(word)
                    why.set_improved_score(score)
                results.append(_result(own.type, start, end, score, why))
        return results


def _why(source: str, rule: str, base: float) -> AnalysisExplanation:
    return AnalysisExplanation(recognizer=source, original_score=base, pattern_name=rule)


def _result(type_: str, start: int, end: int, score: float, why: AnalysisExplanation) -> RecognizerResult:
    name = {RecognizerResult.RECOGNIZER_NAME_KEY: why.recognizer}
    return RecognizerResult(type_, start, end, score, why, name)
