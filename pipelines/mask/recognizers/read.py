"""What our reader finds where no rule does, and which findings of rules it does not believe.

How sure it must be was set on development sets that it had not been trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import name_evidence as evidence
from pipelines.mask.labels import LABELS
from pipelines.mask.language import is_chinese
from pipelines.mask.presidio import AnalysisExplanation, LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.reader.net import Seen
from pipelines.mask.reader.spans import Reading, readings
from pipelines.mask.recognizers.firm_number import is_a_firms
from pipelines.mask.recognizers.name_en import MR
from pipelines.mask.recognizers.name_half_sure import is_no_name, is_one, is_settled
from pipelines.mask.recognizers.name_whole import whole
from pipelines.mask.recognizers.named_entity import is_a_firms_name, is_plausible
from pipelines.mask.recognizers.named_zh import is_of_a_thing
from pipelines.mask.words import words
from pipelines.records import LANGUAGES

NEVER = 2.0  # the rules know the form
_CHINESE = {"PERSON": 0.6, "ADDRESS": 0.6, "BIRTH_DATE": 0.7, "WECHAT": 0.8, "EMAIL": NEVER, "IP": NEVER}
_ENGLISH = {"PERSON": 0.88, "ADDRESS": 0.75, "PHONE": 0.75, "SSN": 0.6, "OTP": 0.75, "TRACKING_NUMBER": 0.6,
    "ID_CARD": 0.6, "ZIP": 0.8, "USERNAME": 0.8, "BIRTH_DATE": 0.92, "EMAIL": NEVER, "IP": NEVER}  # fmt: skip
SURE = {"zh": _CHINESE, "mixed": _CHINESE, "en": _ENGLISH}
OTHERS = {"zh": 0.6, "mixed": 0.6, "en": 0.65}  # of the types that SURE does not name
SETTLED = 0.3  # so sure it must be of a Chinese name that a word beside it settles
STANDS = 0.5  # a rule's result with this score keeps its place
DOUBTED = frozenset(
    {"PERSON", "ADDRESS", "ORDER_NUMBER", "OTP", "PASSWORD", "USERNAME"}
)  # of words, not of a form
# A lower chance of being personal at all makes a rule's finding of these types none.
UNLIKELY_NAME = {"zh": 0.1, "mixed": 0.1, "en": 0.3}
UNLIKELY = {"zh": 0.2, "mixed": 0.2, "en": 0.3}
WIDENED = frozenset(
    {"PERSON", "ADDRESS", "ORDER_NUMBER", "TRACKING_NUMBER", "PASSWORD", "USERNAME", "WECHAT", "BANK_CARD"}
    | {"ID_CARD", "PASSPORT", "TRAVEL_PERMIT", "DRIVING_LICENCE", "OTP", "LICENSE_PLATE", "SSN"}
)
WIDER = 0.6  # so sure it must be of a value of which a rule of its type found a part
GUESSED = frozenset(
    {"PERSON", "PHONE", "ORDER_NUMBER", "SSN", "BANK_ACCOUNT", "OTP", "PASSWORD", "ZIP", "USERNAME", "QQ"}
    | {"PASSPORT", "TRACKING_NUMBER"}
)  # types that rules give to numbers and words of any form
GUESS, OTHERWISE = 0.8, 0.15  # a guess' score at most; and the chance of its type, below which it gives way
CERTAIN = 0.95
STATED = 0.97  # a rule's result with this score is not doubted
_FORMS = {
    "ADDRESS": re.compile(r".*\d.*|.{2,}", re.DOTALL),
    "WECHAT": re.compile(r"[A-Za-z0-9_][-_.A-Za-z0-9 ]{4,24}"),
}
_GIVEN_TO = re.compile(r"(?<![A-Za-z])(?:to|with|by|for|from) $", re.IGNORECASE)
_TITLED = re.compile(r"(?:先生|女士|小姐|太太|老师|师傅|经理|主任|医生|大夫|律师|教授|总)$")
_SAID = re.compile(r"什么|[的了吗呢这您]|短信|照$")
_NO_NAMES = frozenset([*words("not_answers.zh"), *words("not_names.zh")])
_FAMILY_BEFORE = re.compile(r"[姓贵是我老小阿]\s?$")
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
            for reading in (_readings(text, seen) if seen else ())
            if reading.score >= WIDER and _can_be(text, reading)
        ]

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Those that no rule's result meets, and those that outdo the rules' results that they meet."""
        seen: Seen | None = getattr(nlp_artifacts, "seen", None)
        others = [other for other in other_raw_recognizer_results if other.score >= STANDS]
        return [result for result in raw_recognizer_results if seen and self._stands(result, others, seen)]

    def _stands(self, result: RecognizerResult, others: Sequence[RecognizerResult], seen: Seen) -> bool:
        met = [other for other in others if result.start < other.end and other.start < result.end]
        if met and all(
            other.entity_type == result.entity_type and result.contained_in(other) for other in met
        ):
            return self._second(result, met)
        parts = [_is_part(other, result) for other in met if not _crosses(other, result)]
        sure = self._sure(result.entity_type, result.score)
        if all(parts):
            return sure or bool(parts)
        met = [other for other in met if not _crosses(other, result) and not _is_part(other, result)]
        if not sure or not all(_gives_way(other, result, seen) for other in met):
            return False
        for other in met:
            _lower(other, seen.chance(other.entity_type, other.start, other.end))
        return True

    def _second(self, result: RecognizerResult, met: Sequence[RecognizerResult]) -> bool:
        """Stands behind the rules' results, in case that their recognizers drop them."""
        sure = self._sure(result.entity_type, result.score)
        result.score = min(result.score, *(other.score - 0.001 for other in met))
        return sure

    def _sure(self, kind: str, score: float) -> bool:
        return score >= SURE[self.supported_language].get(kind, OTHERS[self.supported_language])


def _readings(text: str, seen: Seen) -> Iterable[Reading]:
    found = readings(seen)
    return (_settled(text, one) for one in whole(text, found, seen)) if is_chinese(text) else found


def _settled(text: str, reading: Reading) -> Reading:
    """With the score that it needs, where a word beside a Chinese name says that it is one."""
    name = reading.type == "PERSON" and SETTLED <= reading.score < WIDER and reading.end > reading.start + 1
    if (
        name
        and is_chinese(text[reading.start : reading.end])
        and is_settled(text, reading.start, reading.end)
    ):
        return reading._replace(score=WIDER)
    return reading


def _end(text: str, reading: Reading) -> int:
    """Without a Chinese word that a space parts from a Latin name (`Wendy Lao 要`)."""
    return reading.start + len(_LATIN_NAME.sub(r"\1", text[reading.start : reading.end]))


def _is_part(other: RecognizerResult, result: RecognizerResult) -> bool:
    """Whether a rule found a part of what the reader sees: the town of an address is missing, or a name's last."""
    same = other.entity_type == result.entity_type and result.entity_type in WIDENED
    return same and other.contained_in(result) and not result.contained_in(other)


def _crosses(other: RecognizerResult, result: RecognizerResult) -> bool:
    """Whether a rule cut the same name elsewhere: 程师傅 in 工程师傅强."""
    inside = other.contained_in(result) or result.contained_in(other)
    return other.entity_type == result.entity_type == "PERSON" and not inside


def _gives_way(other: RecognizerResult, result: RecognizerResult, seen: Seen) -> bool:
    """Whether `other` is a guess of another type, within what the reader sees, that the reader does not share."""
    guess = other.entity_type in GUESSED and other.score <= GUESS and _name(other) not in _OTHERS_WORD
    if not guess or other.entity_type == result.entity_type or not other.contained_in(result):
        return False
    return seen.chance(other.entity_type, other.start, other.end) < OTHERWISE


def _name(result: RecognizerResult) -> str:
    return str((result.recognition_metadata or {}).get(RecognizerResult.RECOGNIZER_NAME_KEY) or "")


def doubt(results: Iterable[RecognizerResult], artifacts: NlpArtifacts, language: str) -> None:
    """Lowers the score of each result that the reader holds UNLIKELY to be personal to that chance."""
    seen: Seen | None = getattr(artifacts, "seen", None)
    for result in results if seen else ():
        if seen and result.entity_type in DOUBTED and not _is_beyond_doubt(result):
            chance = seen.personal(result.start, result.end)
            least = UNLIKELY_NAME if result.entity_type == "PERSON" else UNLIKELY
            if chance < least[language]:
                _lower(result, chance)


def _is_beyond_doubt(result: RecognizerResult) -> bool:
    """Whether a list, the reader itself, a sure rule or a title says so: `thank you Mr Ip`."""
    why = result.analysis_explanation
    titled = bool(why and why.pattern_name == MR)
    return _name(result) in _OTHERS_WORD or result.score >= STATED or titled


def _lower(result: RecognizerResult, chance: float) -> None:
    name = _name(result)
    why = result.analysis_explanation or AnalysisExplanation(recognizer=name, original_score=result.score)
    why.set_supportive_context_word("reader's doubt")
    why.set_improved_score(chance)
    result.score, result.analysis_explanation = chance, why


def _can_be(text: str, reading: Reading) -> bool:
    """Whether lists of brands, heroes and things let a name be one."""
    value = text[reading.start : reading.end]
    if reading.start and text[reading.start - 1] == "_":  # ERR_SSL_VERSION
        return False
    if not any(map(str.isalnum, value)):
        return False
    if reading.type == "PHONE":
        long = sum(char.isdigit() for char in value) > 4 or not any(char.isdigit() for char in value)
        return long and not is_a_firms(text, reading.start, reading.end)
    if reading.type in _FORMS:
        return _FORMS[reading.type].fullmatch(value) is not None
    if reading.type != "PERSON":
        return True
    if is_chinese(value):
        return _is_chinese_name(text, reading)
    if value.isalpha() and value.islower() and lexicon.is_slip(value):
        return False
    before, after = text[: reading.start], text[reading.end :]
    if evidence.is_bot_or_firm(text, reading.start, reading.end):
        return False
    return is_plausible(value, before, after) or _certain(reading, value, before, after)


def _is_chinese_name(text: str, reading: Reading) -> bool:
    """Neither a thing nor words of a sentence; of one character, a family name that is sure or stands alone."""
    start, end = reading.start, reading.end
    value = text[start:end]
    if len(value) == 1:
        alone = len(text.strip()) < 4 or _FAMILY_BEFORE.search(text[:start]) is not None
        return alone or is_one(value, reading.score)
    if value in _NO_NAMES or _SAID.search(value) or is_no_name(value):
        return False
    return bool(_TITLED.search(value)) or not is_of_a_thing(text, start, end)


def _certain(reading: Reading, value: str, before: str, after: str) -> bool:
    """A name that the reader does not doubt needs no list, if it is whole or a word beside it says so."""
    if reading.score < CERTAIN or is_a_firms_name(value, after):
        return False
    return " " in value or bool(_GIVEN_TO.search(before)) or evidence.is_cued(before)
