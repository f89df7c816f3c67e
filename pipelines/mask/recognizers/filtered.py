"""A recognizer whose findings are weighed against the text around them before they count."""

from __future__ import annotations

from pipelines.mask.presidio import NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.base import Recognizer


class Filtered(Recognizer):
    def is_other(self, text: str, result: RecognizerResult) -> bool:
        """Whether what `result` marks in `text` is something else after all."""
        raise NotImplementedError

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return [result for result in raw_recognizer_results if not self.is_other(text, result)]
