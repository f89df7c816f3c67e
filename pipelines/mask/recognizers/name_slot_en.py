"""English names that no list has, where only a name can stand: `mister hendricks`, `Sent today, Gwilym.`

The slot says that a name comes; that the word is in no dictionary, no place and no brand says that it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import name_evidence as evidence
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult

SCORE = 0.65
_FLAGS = regex.IGNORECASE
_WORD = r"[a-zà-ɏ][a-zà-ɏ'’-]*[a-zà-ɏ](?![A-Za-z0-9@_]|[.'][a-z])"
_CAPITAL = r"(?-i:[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zÀ-ɏ'’-]*[A-Za-zÀ-ɏ]|[A-Z]\.)"
# Here a word of the dictionary is a name too, if lists have it: mr baker, my name is rose.
_SURE = regex.compile(
    r"(?<![A-Za-z])(?:(?:mr|mrs|mister|missus)\.? |(?:my|her|his|the|last|first|sur|family|full)"
    r" ?name(?:'s| is|:) "
    r"|(?:sp(?:o|ea)ke? (?:to|with)|ask(?:ed)? for|name of) )"
    rf"(?P<name>(?:[a-z]\.? )?{_WORD}(?: {_WORD})?)",
    _FLAGS,
)
_LIKELY = regex.compile(
    r"(?<![A-Za-z])(?:(?:miss|ms|dr|doctor|lady|sir|uncle|aunt(?:ie)?|called|named|surname|i am"
    r"|i'm|im|this is|it's|its|well|under) "
    r"|(?:hi|hello|hey|dear|thanks|thank you|sorry|welcome|morning|afternoon|evening|okay|sure),? )"
    rf"(?P<name>{_WORD}(?: {_WORD})?)",
    _FLAGS,
)
_INITIALS = regex.compile(
    r"(?<![A-Za-z0-9.])(?P<name>(?:[A-Z]\. ?){1,3}(?:(?:van|von|de|der|den|la|di|al|el)"
    r" ){0,2}[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ'’]{2,}(?:[- ][A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ]+)?)"
    r"|(?<![A-Za-z0-9.])(?P<bare>(?:[A-Z] ){2,3}[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ'’]{2,})(?![A-Za-z0-9])"
    r"|(?<=(?:for|from|by|to|is|mr|contact) )(?P<small>(?:[a-z]\.? ?)?[a-z]\. [a-zà-ɏ]{4,})(?![A-Za-z0-9@])"
)
_LAST = regex.compile(
    r"(?<=[a-z0-9],? ?(?:,|[.!?]) )(?P<name>[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ]{2,}(?:"
    r" [A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zà-ɏ'’-]+){0,2})(?=[.!]*\s*$)"
)
_SIGNED = regex.compile(
    rf"\n\s*(?:[-–—]\s*)?(?P<name>(?-i:{_CAPITAL})(?: (?-i:{_CAPITAL})){{0,2}})\s*$", _FLAGS
)
_FIRST = regex.compile(
    rf"^(?P<name>{_WORD}(?: {_WORD}){{0,2}})(?=,? (?:order |here|speaking|calling|acct|account"
    rf"|booking|[+(]?\d{{3}}|[a-z] as in)|$)",
    _FLAGS,
)
_FIELD = regex.compile(
    r"(?<![A-Za-z])(?:pax|passengers?|guests?|travell?ers?|titular|holder|recipient|contact"
    r"|surname|last name|first name|family name|given(?: name)?|middle name"
    r"|signed by|attn|c/o|on behalf of|name of (?:the )?guest|says|named|bill to|ship to|deliver"
    r" to|parcel for|package for|patient|account holder"
    r"|in the name of|(?:driver|technician|engineer|agent|courier|advisor|manager|nurse|doctor"
    r"|host|guide)(?:'s name)? is|i am|i'm|this is|through to|connected (?:to|with)|payable to|made out to"
    r"|(?<=\n|^)name -)\s?:?\s*"
    rf"(?P<name>(?:(?:van|von|de|der|den|la|di|al|el|da|dos|le|bin) ){{0,2}}{_CAPITAL}(?:"
    rf" (?:(?:van|von|de|der|den|la|di|al|el|da|dos|le|bin|binti|ó|ní|nic|uí|i|y) ){{0,2}}{_CAPITAL}){{0,3}})",
    _FLAGS,
)
_BEFORE_NUMBER = regex.compile(
    rf"(?:(?<=[:;\n] ?)|^)(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}})(?=,\s*(?:[+(]?\d|(?-i:[A-Z]{{2}}\d\d)))"
    rf"|(?<=(?:^|[.!?:;] )(?:for )?)(?P<name>{_CAPITAL})(?=,\s*[+(]?\d{{3,}}[ -]?\d{{3}})"
)
_EITHER = regex.compile(rf"(?<![A-Za-z])(?P<first>{_CAPITAL}) or (?P<name>{_CAPITAL})(?=[.,!?]|$)")
_FROM = regex.compile(
    rf"(?:through to|speaking (?:to|with)|this is|it['’]s|i['’]m|i am|chatting with) (?P<name>{_CAPITAL})(?= (?:from|in|at|with|on)"
    r" (?:the |our )?(?:[a-z]+ ){0,2}(?:team|department|support|services?|care|desk|billing|sales|accounts|complaints)(?![a-z]))",
    _FLAGS,
)
_REACHED = regex.compile(
    rf"(?<![A-Za-z])(?:call|ring|text|e-?mail|contact|phone|message|reach|ask for|whatsapp) (?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,2}})"
    r"(?= (?:on|at|via|by)(?: his| her| their)? ?(?:[\d+(]|\S+@|cell|mobile|work|phone))",
    _FLAGS,
)
_PAIR = regex.compile(rf"(?P<first>{_CAPITAL}) {_CAPITAL},? (?:and|&) (?P<name>{_CAPITAL} {_CAPITAL})")
_SLASHED = regex.compile(
    r"(?<![A-Z/])(?<=(?:pax|passengers?|name|names|for|ticket)[:"
    r" ]{1,2})[A-Z][A-Z'-]+/[A-Z]{2,}(?: [A-Z]{2,})?(?![A-Z/])"
)


_SPACED = regex.compile(r"[^ ]+")
_BEGIN = regex.compile(r"[^\s,]+")  # the word that _FIRST starts with


class NameSlotEn(LocalRecognizer):
    languages = ("en", "mixed")
    searches = tuple(
        pattern.pattern if pattern.flags & regex.IGNORECASE else f"(?-i:{pattern.pattern})"
        for pattern in (
            *(_SURE, _LIKELY, _FIRST, _INITIALS, _REACHED, _FROM, _PAIR, _EITHER),
            *(_LAST, _SIGNED, _FIELD, _BEFORE_NUMBER, _SLASHED),
        )
    )

    def __init__(self, language: str = "en") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        return self.among(text, range(len(_PATTERNS)))

    def among(self, text: str, searches: Sequence[int]) -> list[RecognizerResult]:
        patterns = [_PATTERNS[at] for at in searches]
        spans = sorted({span for pattern in patterns for span in _FIND[pattern](pattern, text)})
        return [RecognizerResult("PERSON", start, end, SCORE) for start, end in spans]


def _after_cue(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if span := _names(text, match.start("name"), match.end("name"), pattern is _SURE):
            yield span


def _first(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    first = _BEGIN.match(text)
    if first and is_listed(first.group()):
        yield from _after_cue(pattern, text)


def _with_initials(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        kind = match.lastgroup or "name"
        family = match[kind].split()[-1]
        if not evidence.is_brand(match[kind]) and (
            is_unknown(family)
            or (kind != "small" and is_listed(family))
            or (
                kind == "bare"
                and regex.search(r"(?i)name|card|mrs?\.? $", text[max(0, match.start() - 24) : match.start()])
            )
        ):
            yield match.span(kind)


def _reached(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span("name") for match in pattern.finditer(text) if _is_written_name(match["name"]))


def _from(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if match["name"].lower() not in lexicon.frequent() | lexicon.brands():
            yield match.span("name")


def _paired(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if is_listed(match["first"]) and _is_written_name(match["name"]):
            yield match.span("name")


def _either(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """`Tabitha or Quan`: one that a list has as a given name says that the other is one too."""
    for match in pattern.finditer(text):
        known, other = match["first"].lower(), match["name"].lower()
        words = (lexicon.frequent(), lexicon.never_names(), lexicon.places())
        if (
            is_listed(known)
            and not lexicon.is_word(known)
            and not any({known, other} & listed for listed in words)
        ):
            yield match.span("name")


def _written(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if _is_written_name(match["name"]) and not evidence.is_goods(text, *match.span("name")):
            yield match.span("name")


def _whole(pattern: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


_FIND = {
    _SURE: _after_cue, _LIKELY: _after_cue, _FIRST: _first, _INITIALS: _with_initials,
    _REACHED: _reached, _FROM: _from, _PAIR: _paired, _EITHER: _either,
    _LAST: _written, _SIGNED: _written, _FIELD: _written, _BEFORE_NUMBER: _written, _SLASHED: _whole,
}  # fmt: skip
_PATTERNS = tuple(_FIND)


@lru_cache(maxsize=65536)
def is_unknown(word: str) -> bool:
    """Whether no dictionary, no place and no slip of a word explains `word`, and it can be said."""
    plain = word.lower().strip(".'’")
    if plain in lexicon.first_names() or plain in lexicon.last_names():
        words = (lexicon.frequent(), lexicon.never_names(), lexicon.places())
        return not any(plain in known for known in words) and not lexicon.is_word(plain)
    if plain.endswith(("ing", "ed", "ly", "s's")) or "'" in plain[-3:]:
        return False
    other = (
        lexicon.is_word(plain) or lexicon.is_chat(plain) or lexicon.is_glued(plain) or lexicon.is_slip(plain)
    )
    return (
        len(plain) > 3
        and not other
        and plain not in lexicon.places()
        and plain not in lexicon.never_names()
        and lexicon.can_be_said(plain)
    )


@lru_cache(maxsize=65536)
def is_listed(word: str) -> bool:
    plain = word.lower().strip(".'’")
    known = (
        plain in lexicon.english_first_names()
        or plain in lexicon.last_names()
        or plain in lexicon.first_names()
    )
    return known and not any(
        plain in other for other in (lexicon.frequent(), lexicon.brands(), evidence.MONTHS)
    )


def _names(text: str, start: int, end: int, listed_too: bool) -> tuple[int, int] | None:
    """The words of text[start:end] from its start on that are names."""
    last = None
    for word in _SPACED.finditer(text[start:end]):
        initial = len(word.group().strip(".")) == 1
        if not (initial or is_unknown(word.group()) or ((listed_too or last) and is_listed(word.group()))):
            break
        if not initial:
            last = word.end()
    if (
        last is None
        or evidence.is_brand(text[start : start + last])
        or evidence.is_goods(text, start, start + last)
    ):
        return None
    return start, start + last


def _is_rather_word(word: str) -> bool:
    return not is_listed(word) or word.lower() in lexicon.never_names()


def _is_written_name(value: str) -> bool:
    """Whether a capitalised run holds a name or an unknown word, and no word that is never one."""
    parts = [part for part in regex.split(r"[ -]", value) if len(part.strip(".")) > 1 and part[0].isupper()]
    known = [is_unknown(part) or is_listed(part) for part in parts]
    places = [part.lower() in lexicon.places() for part in parts]
    camel = any(
        regex.search(r"[a-z][A-Z]", part) and not part.startswith(("Mc", "Mac", "De", "La")) for part in parts
    )
    if value.isupper() and value.isalpha() and len(value) < 5 and _is_rather_word(value):
        return False
    return bool(parts) and all(known) and not all(places) and not camel and not evidence.is_brand(value)
