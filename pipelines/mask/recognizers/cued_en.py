"""English values that a word beside them names: `PNR is X4RTLP`, `4821 is the code I got`, `rego 1QK 4TB`.

The cues and the shapes of values are data (cues_en.py); here is how far one reaches. A cue names what
follows it over linking words, up to the next cue or the end of the sentence, else what stands before it over
`is the`.
The nearest cue wins, so that `booking for flight BA117` gives nothing: `flight` is nearer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers import cues_en as cues
from pipelines.mask.words import words

SCORE = 0.75
_FLAGS = regex.IGNORECASE
FIRST = ("PASSWORD", "OTP", cues.OTHER)  # of two cues at one place these win: `gate code`, `login code`
_ORDER = (*FIRST, *(kind for kind in cues.CUES if kind not in FIRST))
CUE = regex.compile(
    cues.START
    + "(?:"
    + "|".join(rf"(?P<{kind}>(?:{cues.CUES[kind]}){cues.NUMBER}{cues.END})" for kind in _ORDER)
    + ")",
    _FLAGS,
)
_GATE = regex.compile(
    r"\d|[_\"“]|pass|pwd|(?<![a-z])(?:pw|pin|code|user|login|handle|answer|insta|account|word)|wechat"
    r"|(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?![a-z])",
    _FLAGS,
)
_WORD = rf"(?:(?:{'|'.join(sorted(words('value_links.en'), key=len, reverse=True))})(?![A-Za-z'’]))"
_SIGNS = r"[\s.?!:=#\"“'(>→–—,-]"
_LINKS = rf"{_SIGNS}*(?:{_WORD}{_SIGNS}*|\.{{2,}}\s*){{0,8}}"
_IS = (
    r"(?:is|was|are|it's|its|it’s|'s|’s|should be|now|as|(?:changed|set|reset|updated|switched) to"
    r"|will be|called|says|name)"
)
_RIGHT_AT = rf"\s*(?:[:=→]\s*|\(\s*|{_IS}\s+|{_IS}:\s*){{1,3}}[\"'“]?"
_BEFORE = (
    r"[\"'”)]?(?:,? (?:is|was|as|are|being|for)(?: (?:the|my|your|our|his|her|a|what|that))?(?:"
    r" [a-z-]+){0,2}? "
    r"|[ ,]*[(–—-] ?(?:that's |that is |it's )?(?:the|my|your|our|his|her) |,? (?:that's|thats)"
    r" (?:the|my|your) )$"
)
_MORE = (
    r"(?:,|,? (?:and|or|then)|/| &) ?(?:(?:the|my|his|hers?|other|another|second|also|then)(?:"
    r" one)?(?: is)? )?"
)
# `invalid. It's N8471220` and `my WeChat? lucy_tran0812` go on.
_SENTENCE_END = regex.compile(
    r"(?<![.])[.!?](?=\s|$)(?!\s+(?:(?:it|its|it['’]s|should|my id|id)(?![a-z])"
    r"|(?=[^\s]*[\d_])[a-z]\S+))|\n\s*\n|;",
    _FLAGS,
)
_GOES_ON = regex.compile(r"[A-Za-z0-9_@]|[.-][A-Za-z0-9]")
_NOT_PLAIN = frozenset(words("chat.en")) | frozenset(words("not_values.en"))
_SAYS = regex.compile(r"[a-z]+(?:n['’]t|ed|ing|ly)|[{<\[*].*|https?:.*")
NEAR_CHARS = 80


class Value(NamedTuple):
    start: int
    end: int
    kind: str


class CuedEn(LocalRecognizer):
    languages = ("en", "mixed")
    searches = tuple(
        f"(?={cues.CUES[kind]})(?={'|'.join(forms[kind] for forms in cues.FORMS if kind in forms)})"
        for kind in cues.STRONG
    )

    def __init__(self, language: str = "en") -> None:
        kinds = [kind for kind in cues.CUES if kind in cues.STRONG]
        super().__init__(kinds, name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        return [RecognizerResult(kind, start, end, SCORE) for start, end, kind in values(text)]


def values(text: str) -> Iterator[Value]:
    """What cues of `text` name, in order."""
    if not _GATE.search(text):
        return
    found = list(CUE.finditer(text))
    for at, cue in enumerate(found):
        kind = cue.lastgroup or cues.OTHER
        if kind not in cues.STRONG:
            continue
        after = found[at + 1].start() if at + 1 < len(found) else len(text)
        before = found[at - 1].end() if at else 0
        yield from _after(text, kind, cue.end(), after) or _before(text, kind, before, cue.start())


def named(text: str) -> list[str]:
    """The types whose cue `text` holds."""
    kinds = [match.lastgroup for match in CUE.finditer(text)]
    return [kind for kind in dict.fromkeys(kinds) if kind in cues.STRONG]


def _after(text: str, kind: str, start: int, end: int) -> list[Value]:
    if stop := _SENTENCE_END.search(text, start, end):
        end = stop.start() + (stop.group() in ".!?")
    end = min(end, start + NEAR_CHARS)
    for pattern in _patterns(kind):
        match = pattern.match(text, start, end)
        if match and not _is_plain_word(match["value"], kind) and _is_whole(text, match.end("value")):
            return [
                Value(match.start("value"), match.end("value"), kind),
                *_more(text, kind, match.end(), end),
            ]
    return []


def _more(text: str, kind: str, start: int, end: int) -> Iterator[Value]:
    while match := _further(kind).match(text, start, end):
        yield Value(match.start("value"), match.end("value"), kind)
        start = match.end()


def _before(text: str, kind: str, start: int, end: int) -> list[Value]:
    start = max(start, end - NEAR_CHARS, *(m.end() for m in _SENTENCE_END.finditer(text, 0, end)), 0)
    for match in regex.finditer(
        rf"{cues.START}(?:{cues.STRONG[kind]}){cues.END}", text, _FLAGS, pos=start, endpos=end
    ):
        if regex.fullmatch(_BEFORE.removesuffix("$"), text[match.end() : end], _FLAGS):
            return [Value(match.start(), match.end(), kind)]
    return []


def _is_plain_word(value: str, kind: str) -> bool:
    """Whether `value` says something of the value instead of being it: `my login is blocked`."""
    plain = value.strip("\"'“”#").lower()
    if plain in _NOT_PLAIN or _SAYS.fullmatch(plain):
        return True
    return kind in ("USERNAME", "WECHAT") and plain.isalpha() and value.islower() and lexicon.is_word(plain)


def _is_whole(text: str, end: int) -> bool:
    """Whether no letter, digit or address of a mail follows."""
    return not _GOES_ON.match(text, end)


@lru_cache
def _patterns(kind: str) -> tuple[regex.Pattern[str], ...]:
    """What is at the cue, then what is near it, as said and as written."""
    found = []
    if kind in cues.PLAIN:
        found.append(rf"{_RIGHT_AT}(?P<value>{cues.PLAIN[kind]})")
    found.append(rf"{_LINKS}(?<![A-Z0-9])(?P<value>{cues.STRONG[kind]})")
    if kind in cues.SAID:
        found.append(rf"{_LINKS}(?<![A-Z0-9])(?P<value>{cues.SAID[kind]})")
    return tuple(regex.compile(pattern, _FLAGS) for pattern in found)


@lru_cache
def _further(kind: str) -> regex.Pattern[str]:
    return regex.compile(rf"{_MORE}(?P<value>{cues.STRONG[kind]}){cues.END}", _FLAGS)
