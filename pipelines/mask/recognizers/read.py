"""What our reader finds where no rule does, and which findings of rules it does not believe.

How sure it must be was set on development sets that it had not been trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.labels import LABELS
from pipelines.mask.language import is_chinese
from pipelines.mask.presidio import AnalysisExplanation, LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.reader.net import Seen
from pipelines.mask.reader.spans import Reading, readings
from pipelines.mask.recognizers.firm_number import is_a_firms
from pipelines.mask.recognizers.named_entity import is_plausible
from pipelines.mask.recognizers.named_zh import is_of_a_thing
from pipelines.records import LANGUAGES

NEVER = 2.0  # the rules know the form, or what stands before a date
_CHINESE = {"PERSON": 0.75, "ADDRESS": 0.6, "BIRTH_DATE": 0.7, "WECHAT": 0.8}
_ENGLISH = {"PERSON": 0.92, "ADDRESS": 0.9, "PHONE": 0.9, "SSN": 0.6, "OTP": 0.6, "TRACKING_NUMBER": 0.6,
    "ID_CARD": 0.6, "BIRTH_DATE": NEVER, "EMAIL": NEVER, "IP": NEVER}  # fmt: skip
SURE = {"zh": _CHINESE, "mixed": _CHINESE, "en": _ENGLISH}
OTHERS = {"zh": 0.65, "mixed": 0.65, "en": 0.8}  # of the types that SURE does not name
STANDS = 0.5  # a rule's result with this score keeps its place
DOUBTED = frozenset(
    {"PERSON", "ADDRESS", "ORDER_NUMBER", "OTP", "PASSWORD", "USERNAME"}
)  # of words, not of a form
UNLIKELY = 0.2  # a lower chance of being personal at all makes a rule's finding of these types none
WIDENED = frozenset({"PERSON", "ADDRESS", "ORDER_NUMBER", "TRACKING_NUMBER", "PASSWORD"})
_LATIN_NAME = re.compile(r"^([A-Za-z][A-Za-z .'-]*[A-Za-z.])\s+[\u4e00-\u9fff]+$")
_OTHERS_WORD = frozenset({"Own", "DenyList", "Read"})


class Read(LocalRecognizer):
    languages = LANGUAGES

    def __init__(self, language: str = "zh") -> None:
        super().__init__(list(LABELS), name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        seen: Seen | None = getattr(nlp_artifacts, "seen", None)
        return [
            RecognizerResult(reading.type, reading.start, _end(text, reading), reading.score)
            for reading in (readings(seen) if seen else ())
            if self._sure(reading) and _can_be(text, reading)
        ]

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Those that no rule's result meets, and those that hold more of the value than rules of its type."""
        others = [other for other in other_raw_recognizer_results if other.score >= STANDS]
        return [
            result
            for result in raw_recognizer_results
            if all(
                _is_part(other, result)
                for other in others
                if result.start < other.end and other.start < result.end
            )
        ]

    def _sure(self, reading: Reading) -> bool:
        return reading.score >= SURE[self.supported_language].get(
            reading.type, OTHERS[self.supported_language]
        )


def _end(text: str, reading: Reading) -> int:
    """Without a Chinese word that a space parts from a Latin name (`Wendy Lao 要`)."""
    return reading.start + len(_LATIN_NAME.sub(r"\1", text[reading.start : reading.end]))


def _is_part(other: RecognizerResult, result: RecognizerResult) -> bool:
    """Whether a rule found a part of what the reader sees: the town of an address is missing, or a name's last."""
    same = other.entity_type == result.entity_type and result.entity_type in WIDENED
    return same and other.contained_in(result) and not result.contained_in(other)


def doubt(results: Iterable[RecognizerResult], artifacts: NlpArtifacts) -> None:
    """Lowers the score of each result that the reader holds UNLIKELY to be personal to that chance."""
    seen: Seen | None = getattr(artifacts, "seen", None)
    for result in results if seen else ():
        name = (result.recognition_metadata or {}).get(RecognizerResult.RECOGNIZER_NAME_KEY)
        if seen and result.entity_type in DOUBTED and name not in _OTHERS_WORD:
            chance = seen.personal(result.start, result.end)
            if chance < UNLIKELY:
                _lower(result, chance, name or "")


def _lower(result: RecognizerResult, chance: float, name: str) -> None:
    why = result.analysis_explanation or AnalysisExplanation(recognizer=name, original_score=result.score)
    why.set_supportive_context_word("reader's doubt")
    why.set_improved_score(chance)
    result.score, result.analysis_explanation = chance, why


def _can_be(text: str, reading: Reading) -> bool:
    """Whether lists of brands, heroes and things let a name be one."""
    if reading.type == "PHONE":
        return not is_a_firms(text, reading.start, reading.end)
    if reading.type != "PERSON":
        return True
    value = text[reading.start : reading.end]
    if is_chinese(value):
        return not is_of_a_thing(text, reading.start, reading.end)
    slip = value.isalpha() and value.islower() and lexicon.is_slip(value)
    return not slip and is_plausible(value, text[: reading.start], text[reading.end :])
