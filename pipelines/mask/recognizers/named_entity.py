"""Persons that the NER names. Places and organisations are left: a city is not personal."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import name_evidence as evidence
from pipelines.mask.entity import Entity
from pipelines.mask.language import is_chinese
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.recognizers.named_zh import person
from pipelines.records import LANGUAGES

_SCORES = {"PER": 0.75, "PERSON": 0.65}
_ENGLISH = regex.compile(
    r"[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zÀ-ɏ'’.-]*[A-Za-zÀ-ɏ](?<!'s)(?: [A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ](?:[A-Za-zÀ-ɏ'’.-]*[A-Za-zÀ-ɏ])?(?<!'s)){0,3}(?![0-9A-Za-z])"
)
_FIRM = regex.compile(
    r"[ ,]*(?<![A-Za-z])(?:ltd|llc|inc|gmbh|corp|traders|trading|apartments|city|pvt|plc|street|road"
    r"|avenue|retail|logistics|interiors|studios?|solutions|services|group|holdings|partners|consult(?:ing|ancy|ants)|motors|plumbing"
    r"|joinery|builders|bakery|brewery|foods|farms?|primary|tischlerei|insoles?|hotel|sofa|furniture|boot"
    r"|polo|hospital|station|university|(?<!, )h[.]no|gate|label|button)(?![A-Za-z])",
    regex.IGNORECASE,
)
_HOUSE = regex.compile(
    r" (?:Wing|Suite|Ward|House|Parcels|Couriers|Energy|Travel|Bank|Insurance|Dental|Surgery|Clinic|Pharmacy|School|College"
    r"|Academy|Fitness|Gym|St|Rd|Line|Airport|Kendra|Parish|Centre|Center|Club)(?![A-Za-z])"
)
_ARTICLE = regex.compile(r"(?<![A-Za-z])(?:the|a|an) $", regex.IGNORECASE)
# In a Chinese sentence a capital within a word marks a product: TiKV, RowCount; not McDonald.
_INNER_CAPITAL = regex.compile(r"(?<!^(?:Mc|Mac|De|La|Le|Van|Di|Du|Fitz))[a-z][A-Z]|^[A-Z][a-z]?[A-Z]{2}")
_SENTENCE_START = regex.compile(r"(?:^|[.!?。！？→>:]\s*|\n\s*)$")


_CAPITALISED = regex.compile(r"[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zÀ-ɏ'’.-]*[A-Za-zÀ-ɏ]")
_PART = regex.compile(
    r"(?<![A-Za-zÀ-ɏ])[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zÀ-ɏ]+"
)  # the NER may mark a part: Mary-Jane
_CAPITAL_AFTER_JOINT = regex.compile(r"['’.-].*[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ]")
_NEXT_CAPITAL = regex.compile(r" [A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ]")


class NamedEntity(LocalRecognizer):
    languages = LANGUAGES

    def __init__(self, language: str = "zh") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        results = []
        for entity in _joined(nlp_artifacts.entities if nlp_artifacts else ()):
            span = _name(text, entity)
            if span:
                results.append(RecognizerResult("PERSON", *span, _SCORES[entity.label]))
        return results


def is_plausible(name: str, before: str, after: str) -> bool:
    """Whether lists of words let an English NER's person be one: `Save Changes` and `The Hudson` are none."""
    if is_a_firms_name(name, after):
        return False
    if evidence.is_bot_or_firm(before + name + after, len(before), len(before) + len(name)):
        return False
    plain = _plain(name)
    cued = evidence.is_cued(before)
    text, start = before + name + after, len(before)
    if not cued and (
        evidence.is_goods(text, start, start + len(name))
        or evidence.is_place_or_date(text, start, start + len(name))
    ):
        return False
    known = [word in lexicon.first_names() or word in lexicon.last_names() for word in plain]
    ordinary = [
        word in lexicon.never_names() or (lexicon.is_word(word) and not ok)
        for word, ok in zip(plain, known, strict=True)
    ]
    if all(ordinary) or all(word in lexicon.places() for word in plain):
        return False
    if len(plain) == 1:
        short = name.isupper() and len(name) < 5
        return not (_ARTICLE.search(before) or short or (not cued and evidence.is_thing_of_use(before)))
    return True


def is_a_firms_name(name: str, after: str) -> bool:
    """Whether `name` is a brand or a figure, or what follows makes a firm or a street of it."""
    known = evidence.is_brand(name) or any(word in lexicon.brands() for word in _plain(name))
    return known or bool(_FIRM.search(name) or _FIRM.match(after) or _HOUSE.match(after))


def _plain(name: str) -> list[str]:
    return [word.strip(".'’").lower().removesuffix("'s") for word in name.split()]


def _name(text: str, entity: Entity) -> tuple[int, int] | None:
    """The name within what the NER marked, without line ends and signs at its sides; None if it is none."""
    if entity.label == "PER":
        return person(text, entity.start, entity.end)
    match = _ENGLISH.search(text, entity.start, entity.end) if entity.label == "PERSON" else None
    if not match:
        return None
    words = match.group().split()
    if is_chinese(text) and any(_INNER_CAPITAL.search(word) for word in words):
        return None
    if not is_plausible(match.group(), text[: match.start()], text[match.end() :]):
        return None
    if any(word.strip(".").lower() in NOT_NAMES for word in words):
        return None
    if len(words) == 1 and _SENTENCE_START.search(text[: match.start()]):
        return None
    return match.span()


def _joined(entities: Iterable[Entity]) -> list[Entity]:
    """`entities` with the pieces of one Chinese name put together: 老/PER 李/PER."""
    joined: list[Entity] = []
    for entity in entities:
        last = joined[-1] if joined else None
        if (
            last
            and entity.label == last.label == "PER"
            and last.end == entity.start
            and entity.end - last.start <= 3
        ):
            joined[-1] = last._replace(end=entity.end)
        else:
            joined.append(entity)
    return joined


def can_hold_name(text: str) -> bool:
    """Whether a name of the English NER in `text` could pass `_name`, whatever the NER marks.

    It can't where each capitalised word is in NOT_NAMES or stands alone where a sentence starts; such a text
    (two of three English ones) need not be read.
    """
    return any(_can_be_name(text, match) for match in _CAPITALISED.finditer(text))


def _can_be_name(text: str, match: regex.Match[str]) -> bool:
    run = match.group()
    if all(word.lower() in NOT_NAMES for word in (run, *_PART.findall(run))):
        return False
    more = _CAPITAL_AFTER_JOINT.search(run) or _NEXT_CAPITAL.match(text, match.end())
    return more is not None or not _SENTENCE_START.search(text[: match.start()])
