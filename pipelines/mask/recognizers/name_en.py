"""English names that a cue or a title gives away, also in lower case."""

from pipelines.mask.recognizers.base import Recognizer
from pipelines.mask.words import words

_WORD = r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*[A-Za-zÀ-ÿ]"
_CAPITAL = r"(?-i:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]*[A-Za-zÀ-ÿ]|[A-Z]\.)"
NOT_NAMES = frozenset(words("not_names.en"))
_NOT = rf"(?!(?:{'|'.join(sorted(NOT_NAMES))})(?![A-Za-z]))"
_NAME = rf"{_NOT}{_WORD}(?: (?:{_NOT}{_WORD}|{_CAPITAL})){{0,2}}"
_CAPITALS = rf"{_NOT}{_CAPITAL}(?: {_NOT}{_CAPITAL}){{0,3}}"
_S = r"(?<![A-Za-z])"


class NameEn(Recognizer):
    entity = "PERSON"
    gate = r"[A-Za-z]{2}"
    languages = ("en", "mixed", "zh")
    rules = (
        (
            "my name is",
            rf"{_S}(?:my|the|full|card ?holder'?s?|recipient'?s?|first|last|family|his|her|whose)"
            rf"(?: (?:full|first|last|family|legal))? name(?: on (?:it|the (?:card|order|account|parcel"
            rf"|label)))?"
            rf"(?:'s| is| was|:| should be)\s*:?\s*\K{_NAME}",
            0.8,
        ),
        (
            "name:",
            rf"{_S}(?:name|recipient|contact(?: person)?|ship to|deliver to|attn)\s*[:=]\s*\K{_NAME}",
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
        ("title", rf"{_S}(?:mr|mrs|ms|miss|mx|dr|prof)\.? \K{_CAPITALS}", 0.8),
        (
            "greeting",
            (
                rf"{_S}(?:hi|hello|hey|dear|thanks|thank you|sorry|apologies"
                rf"|welcome)[, ]+\K{_CAPITALS}(?=\s*[,.!?]|\s*$)"
            ),
            0.6,
        ),
        ("signature", rf"(?:regards|sincerely|best|cheers|thanks),?\s*\n\s*\K{_CAPITALS}$", 0.7),
        ("in Chinese", rf"(?:我叫|名字是|英文名是?|姓名[:是]?|收件人[:是]?)\s*\K{_CAPITALS}", 0.8),
    )
