"""English values that a word beside them names: `PNR is X4RTLP`, `4821 is the code I got`, `rego 1QK 4TB`.

The cues and the shapes of values are data (cues_en.py); here is how far one reaches. A cue names what
follows it over linking words, up to the next cue or the end of the sentence, else what stands before it over
`is the`.
The nearest cue wins, so that `booking for flight BA117` gives nothing: `flight` is nearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers import cues_en as cues
from pipelines.mask.recognizers.firm_number import is_a_firms
from pipelines.mask.recognizers.topic_en import on_topic
from pipelines.mask.words import words

SCORE = 0.75
SURE = 0.8  # `NHS number 943 476 5919` has the form of a telephone's
_DOCUMENTS = frozenset({"SSN", "PASSPORT", "DRIVING_LICENCE", "TRAVEL_PERMIT", "ID_CARD", "QQ"})
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
    r"\d|sign|regist|[_\"“]|pass|pwd|(?<![a-z])(?:pw|pin|code|user|login|handle|answer|insta|account|word)|wechat|upi|buyer"
    r"|seller|member|profile| id(?![a-z])"
    r"|(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?![a-z])",
    _FLAGS,
)
_WORD = rf"(?:(?:{'|'.join(sorted(words('value_links.en'), key=len, reverse=True))})(?![A-Za-z'’]))"
_SIGNS = r"[\s.?!:=#\"“'(>→–—,-]"
_LINKS = rf"{_SIGNS}*(?:{_WORD}{_SIGNS}*|\.{{2,}}\s*){{0,8}}(?:[A-Za-z0-9.-]{{2,20}}\\(?=[a-z]))?"
_IS = (
    r"(?:is|was|are|it's|its|it’s|'s|’s|should be|now|as|(?:changed|set|reset|updated|switched) to"
    r"|will be|called|says|name|used to be|has been)"
)
_RIGHT_AT = rf"(?:\s*(?:[:=→]\s*|\(\s*|{_IS}\s+|{_IS}:\s*){{1,3}}|(?<=['’]s)\s+)(?:[\"'“](?!\S+ [^\"”'\n]{{0,40}}[\"”']))?(?:[A-Za-z0-9.-]{{2,20}}\\(?=[a-z]))?"
# `the wifi password on the back of the router is`: whatever stands between, up to what says that it comes.
_FAR = r"[^\d.!?:=\n]{1,60}?(?:(?<![a-z])(?:is|was|are|should be|says?|said|reads|its|it['’]s|as)\s+|[:=]\s*)[\"'“]?"
_UNKNOWN_AT = regex.compile(
    r"[\s:]+(?:[A-Za-z0-9.-]{2,20}\\)?(?P<value>[a-z][a-z0-9]{3,23})(?![A-Za-z0-9@_\\])"
)
_NAMES_ACCOUNT = regex.compile(
    r"user|buyer|seller|member|player|streamer|log|sign|regist|screen|gamer|ign|nick|known as|go by|handle|id$",
    regex.IGNORECASE,
)
_BEFORE = (
    r"[\"'”)!]?(?:,? (?:is|was|as|are|being|for)(?: (?:the|my|your|our|his|her|a|what|that))?(?:"
    r" [a-z-]+){0,2}? "
    r"|[ ,]*[(–—-] ?(?:that's |thats |that is |it's |its |is that )?(?:the|my|your|our|his|her) |,? (?:that's|thats)"
    r" (?:the|my|your) )$"
)
_MORE = (
    r"(?:,|,? (?:and|or|then|to)|/| &|(?= new )) ?(?:(?:the|my|new|his|hers?|other|another|second|also|then)(?:"
    r" one)?(?: is)? )?"
)
# `invalid. It's N8471220` and `my WeChat? lucy_tran0812` go on.
_SENTENCE_END = regex.compile(
    r"(?<![.])(?<!(?<![a-z])(?:no|num|ref|acc)(?=\.))[.!?](?=\s|$)(?!\s+(?:(?:it|its|it['’]s|should|my id|id)(?![a-z])"
    r"|(?=[^\s]*[\d_])[a-z]\S+))|\n\s*\n|;",
    _FLAGS,
)
_GOES_ON = regex.compile(r"[A-Za-z0-9_@\\]|[.-][A-Za-z0-9]")
_NOT_PLAIN = frozenset(words("chat.en")) | frozenset(words("not_values.en"))
_SAYS = regex.compile(r"[a-z]+(?:n['’]t|ed|ing|ly)|[{<\[*].*|https?:.*")
NEAR_CHARS = 80

# `password for my account is`: the account only says which password.
_BELONGS = regex.compile(
    r"['’s]* (?:(?:is|was) )?(?:on|for|of|to|with|from|in|at|by)(?: (?:my|the|your|our|his|her|this|that|an?))? (?:[a-z]+ ){0,2}",
    _FLAGS,
)
_ENTRY = regex.compile(
    r"(?<![a-z])(?:door|gate|lock ?box|key ?(?:safe|box|pad)|building|entry|alarm|intercom|lock)(?![a-z])",
    _FLAGS,
)

_SHAPED = frozenset({"ORDER_NUMBER", "TRACKING_NUMBER", "PASSPORT", "DRIVING_LICENCE", "LICENSE_PLATE"})
_TOKEN = regex.compile(
    r"(?<![0-9A-Za-z-])(?=[A-Z0-9-]*\d)(?=[0-9-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![0-9A-Za-z-])"
)
_LOCATOR = regex.compile(r"[A-Z0-9]{5,7}")
_TRAVEL = regex.compile(
    r"(?<![a-z])(?:flights?|fly(?:ing)?|booking|reservation|hotel|airline|check[- ]?in|itinerary|boarding|trip)(?![a-z])",
    _FLAGS,
)

_HEAD = regex.compile(r"[A-Z]{1,5}[-/]\d")


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
        return [
            RecognizerResult(kind, start, end, SURE if kind in _DOCUMENTS else SCORE)
            for start, end, kind in values(text)
            if kind != "PHONE" or not is_a_firms(text, start, end)
        ]


def values(text: str) -> list[Value]:
    """What cues of `text` name, in order, and what looks like it: `old PA8817204 new PB0441936`."""
    found = [_as_said(text, value) for value in _cued(text)]
    return [*found, *_alike(text, found)]


def _as_said(text: str, value: Value) -> Value:
    """A code of a traveller is no one-time code."""
    said = text[value.start : value.end]
    locator = value.kind == "OTP" and _LOCATOR.fullmatch(said) and _TRAVEL.search(text)
    return value._replace(kind="ORDER_NUMBER") if locator else value


def _alike(text: str, found: Sequence[Value]) -> Iterator[Value]:
    shapes = {
        _shape(text[value.start : value.end]): value.kind
        for value in found
        if value.kind in _SHAPED and value.end - value.start > 6
    }
    for token in _TOKEN.finditer(text) if shapes else ():
        kind = shapes.get(_shape(token.group()))
        if kind and not any(value.start < token.end() and token.start() < value.end for value in found):
            yield Value(token.start(), token.end(), kind)


def _shape(value: str) -> str:
    return regex.sub(r"[A-Z]", "A", regex.sub(r"[a-z]", "a", regex.sub(r"\d", "9", value)))


def _cued(text: str) -> Iterator[Value]:
    if not _GATE.search(text):
        return
    found = [cue for cue in CUE.finditer(text) if not _is_of_code(text, cue)]
    for at, cue in enumerate(found):
        kind = cue.lastgroup or cues.OTHER
        if kind not in cues.STRONG:
            continue
        after = next(
            (next_.start() for next_ in found[at + 1 :] if not _belongs(text, cue, next_)), len(text)
        )
        before = found[at - 1].end() if at else 0
        if kind == "OTP" and _ENTRY.search(text, max(0, cue.start() - 40), cue.start()):
            kind = "PASSWORD"
        found_here = (
            _after(text, kind, cue.end(), after)
            or _before(text, kind, before, cue.start())
            or [Value(*span, kind) for span in [on_topic(text, kind, cue.end())] if span]
        )
        yield from (_with_letters(text, cue, value) for value in found_here)


def named(text: str) -> list[str]:
    """The types whose cue `text` holds."""
    kinds = [match.lastgroup for match in CUE.finditer(text)]
    return [kind for kind in dict.fromkeys(kinds) if kind in cues.STRONG and kind != "PHONE"]


def _is_of_code(text: str, cue: regex.Match[str]) -> bool:
    """Whether the word is the head of a value: `HP-8830217`."""
    kind = cue.lastgroup
    return (
        kind not in ("ORDER_NUMBER", "TRACKING_NUMBER")
        and _HEAD.fullmatch(text, cue.start(), cue.end() + 2) is not None
    )


def _with_letters(text: str, cue: regex.Match[str], value: Value) -> Value:
    """`RMA-55201` with the letters that are its cue too."""
    part = cue.group().isupper() and len(cue.group()) < 6 and text[cue.end() : value.start] in ("-", "/")
    return value._replace(start=cue.start()) if part else value


def _belongs(text: str, cue: regex.Match[str], other: regex.Match[str]) -> bool:
    return _BELONGS.fullmatch(text, cue.end(), other.start()) is not None


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
    return list(_unknown(text, start, end)) if kind == "USERNAME" else []


def _unknown(text: str, start: int, end: int) -> Iterator[Value]:
    """What stands right at a word for an account and is no word: `user id fmensah`."""
    match = _UNKNOWN_AT.match(text, start, end)
    cue = text[max(0, start - 24) : start].rstrip()
    if (
        match
        and _NAMES_ACCOUNT.search(cue)
        and not _is_known(match["value"])
        and _is_whole(text, match.end())
    ):
        yield Value(match.start("value"), match.end("value"), "USERNAME")


def _is_known(word: str) -> bool:
    known = lexicon.is_word(word) or lexicon.is_chat(word) or lexicon.is_glued(word) or lexicon.is_slip(word)
    return known or word in lexicon.brands() or word in lexicon.places()


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
            return [Value(match.start(), match.end() + (text[match.end()] == "!"), kind)]
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
    if kind != "PHONE":
        found.append(rf"{_FAR}(?<![A-Z0-9])(?P<value>{cues.STRONG[kind]})")
    return tuple(regex.compile(pattern, _FLAGS) for pattern in found)


@lru_cache
def _further(kind: str) -> regex.Pattern[str]:
    return regex.compile(rf"{_MORE}(?P<value>{cues.STRONG[kind]}){cues.END}", _FLAGS)
