"""English names that a cue or a title gives away, also in lower case."""

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import name_evidence as evidence
from pipelines.mask import spoken
from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.base import Recognizer
from pipelines.mask.words import words

_WORD = r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*[A-Za-zÀ-ɏ]"
_CAPITAL = r"(?-i:[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zÀ-ɏ'’-]*[A-Za-zÀ-ɏ](?![A-Za-zÀ-ɏ]|\d)|(?:[A-Z]\.){1,3}|[A-Z](?![A-Za-z0-9'’.]))"
NOT_NAMES = frozenset(words("not_names.en"))
_NOT = rf"(?!(?:{'|'.join(sorted(NOT_NAMES))})(?![A-Za-z]))"
_NAME = rf"{_NOT}{_WORD}(?: (?:{_NOT}{_WORD}|{_CAPITAL})){{0,2}}"
_PARTICLES = (
    r"(?:(?:van der|van den|van de|van|von|de la|de|da|do|dos|del|della|al|el|bin|ibn|ter|le|la|i|y"
    r"|mac|mc|ó|ní)[ -])?"
)
_CAPITALS = rf"{_PARTICLES}{_NOT}{_CAPITAL}(?: {_PARTICLES}{_NOT}{_CAPITAL}){{0,3}}"
_S = r"(?<![A-Za-z])"
MR = "Mr and Mrs"


class NameEn(Recognizer):
    entity = "PERSON"
    gate = (
        r"name|recipient|contact|ship to|deliver to|attn|attention|holder|under|this is|i am|i'm|its|it's"
        r"|call me"
        r"|ask for|speak to|signed by|mrs?(?![a-z])|m[sx](?![a-z])|miss|dr(?![a-z])|prof|captain|officer"
        r"|mister|sir|madam"
        r"|hi(?![a-z])|hello|hey|dear|thank|sorry|apologies|welcome|regards|sincerely|best|cheers|yours"
        r"|faithfully|truly"
        r"|here|initial|spell|that's|per |née|nee(?![a-z])|formerly|known as|married|iphone|ipad|macbook|imac|galaxy|pixel|airpods|watch|echo|laptop|我叫|名字|英文名|姓名|收件人|/[A-Z]|, *[+(]?\d|- ?[a-z] ?-"
    )
    languages = ("en", "mixed", "zh")
    rules = (
        (
            "my name is",
            rf"{_S}(?:my|the|full|card ?holder'?s?|recipient'?s?|first|last|family|his|her|whose)"
            rf"(?: (?:full|first|last|family|legal))? name(?: on (?:it|the (?:card|order|account|parcel"
            rf"|label)))?"
            rf"(?: (?:in|on) (?:it|the \w+))?(?:'s| is| was|:| should be)(?![A-Za-z'])\s*:?\s*\K{_NAME}",
            0.8,
        ),
        (
            "name is",
            rf"(?<![A-Za-z])(?<!(?:company|business|city|shop|store|product|brand|file|user|domain|host"
            rf"|pet|street|hotel|item|firm) )"
            rf"name(?: (?:in|on) (?:it|the \w+|my \w+))?(?:'s| is)\s+\K{_NAME}",
            0.7,
        ),
        (
            "name",
            rf"{_S}(?<!(?:network|wi-?fi|host|model|brand) )(?:name|holder|attention|attn|under|(?:as per|per) \w+)[ :,]+\K{_CAPITALS}",
            0.65,
        ),
        ("is my name", rf"(?:^|(?<=[.,!] )){_WORD}(?: {_WORD})?(?= is my (?:full |first |last )?name)", 0.8),
        (
            "airline",
            r"(?-i:(?<![A-Za-z/])[A-Z]{2,20}/[A-Z]{2,20}(?= ?(?:MR|MRS|MS|MISS|MSTR)(?![A-Za-z/])))",
            0.6,
        ),
        (
            "whose device",
            rf"{_S}(?-i:[A-Z][a-z]+)(?=['’]?s (?-i:iPhone|iPad|MacBook|iMac|Galaxy|Pixel|AirPods|Apple Watch|Echo|laptop))",
            0.65,
        ),
        ("name before", rf"{_S}(?:née|nee|formerly|previously known as)[ :]+\K{_CAPITALS}", 0.7),
        (
            "name that was",
            rf"(?:surname|last name|family name|maiden name|new name|married)[^.?!\n]{{0,40}}[ ,](?:was|used to be) \K{_CAPITALS}(?=\s*(?:$|[,.!]))",
            0.7,
        ),
        ("initials", r"initials?(?: are| is|:)? \K(?-i:(?:[A-Z]\.? ?){1,4})(?<! )(?![a-z])", 0.7),
        (
            "spelled",
            rf"(?:spell|name|that's|(?<=[a-z]{{3}},? ))[^.!?\n]{{0,30}}?\K{spoken.SPELLED.pattern}",
            0.6,
        ),
        (
            "name:",
            rf"{_S}(?:name|recipient|contact(?: person)?|ship to|deliver to|attn)\s*(?:[:=]|[-–—](?= ))\s*\K{_NAME}",
            0.75,
        ),
        (
            "this is",
            rf"{_S}(?:this is|i am|i'm|it's|its|call me|ask for|speak to|under the name|under|signed by)"
            rf" \K{_CAPITALS}",
            0.65,
        ),
        ("before a number", rf"^{_NOT}{_CAPITAL}(?: {_NOT}{_CAPITAL}){{1,3}}(?=,\s*[+(]?\d)", 0.65),
        ("here", rf"^{_CAPITALS}(?=,? here\b)", 0.65),
        (MR, rf"{_S}(?:mr|mrs|ms|mx)\.? \K{_PARTICLES}{_CAPITALS}", 0.8),
        (
            "title",
            rf"{_S}(?:miss|dr|prof|captain|officer|mister|sir"
            rf"|madam)\.? \K{_PARTICLES}{_CAPITALS}",
            0.8,
        ),
        (
            "greeting",
            (
                rf"{_S}(?:hi|hello|hey|dear|thanks|thank you|sorry|apologies"
                rf"|welcome)[, ]+\K{_CAPITALS}(?=\s*[,.!?]|\s*$)"
            ),
            0.6,
        ),
        (
            "signature",
            rf"(?:regards|sincerely|best|best wishes|cheers|thanks|yours|faithfully"
            rf"|truly),?[\s]+\K{_PARTICLES}{_CAPITALS}(?=\s*$|,? *\n)",
            0.7,
        ),
        ("and", rf"(?:mr|mrs|yours|regards|sincerely),?\s+{_CAPITAL} and \K{_CAPITALS}", 0.65),
        ("in Chinese", rf"(?:我叫|名字是|英文名是?|姓名[:是]?|收件人[:是]?)\s*\K{_CAPITALS}", 0.8),
    )

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        return _is_brand(text, result)


_TITLE_BEFORE = regex.compile(r"[A-Z][A-Za-z]*\.? $")


def _is_brand(text: str, result: RecognizerResult) -> bool:
    value = text[result.start : result.end]
    if evidence.is_bot_or_firm(text, result.start, result.end):
        return True
    if value.isupper() and value.isalpha() and len(value) < 5 and result.score < 0.7 and not _is_named(value):
        return True
    if (
        len(value) < 3
        and not value.endswith(".")
        and value.isupper()
        and "initial" not in text[: result.start].lower()
    ):
        return True
    if result.score < 0.7 and all(map(_is_word_only, value.split())) and not _is_greeted(result, value):
        return True
    title = _TITLE_BEFORE.search(text[: result.start])
    return evidence.is_brand((title.group() if title else "") + text[result.start : result.end])


def _is_named(word: str) -> bool:
    return word.lower() in lexicon.first_names() or word.lower() in lexicon.last_names()


def _is_greeted(result: RecognizerResult, value: str) -> bool:
    """`Hi Mei,`: no word that anyone uses, and capitals of its own."""
    why, plain = result.analysis_explanation, value.lower()
    rare = plain not in lexicon.frequent() and plain not in lexicon.never_names()
    return bool(why and why.pattern_name == "greeting") and len(plain) < 5 and rare and value.istitle()


def _is_word_only(word: str) -> bool:
    plain = word.strip(".").lower()
    return len(plain) > 1 and lexicon.is_word(plain) and not _is_named(plain)
