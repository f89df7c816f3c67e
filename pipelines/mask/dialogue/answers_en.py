"""English answers to an agent's question: several in one turn, said in words, spelled, or in a few pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import spoken
from pipelines.mask.dialogue.en import NOT
from pipelines.mask.recognizers import cues_en
from pipelines.mask.words import words as listed

MAX_CHARS = 120
Span = tuple[int, int, str]
_FLAGS = regex.IGNORECASE
_A, _Z = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATE = regex.compile(
    rf"{_A}(?:the )?(?:\d{{1,4}}[-/. ]\d{{1,2}}[-/. ]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of "
    rf")?{_MONTHS}"
    rf"(?:,?[ -]?(?:\d{{4}}|\d\d))?"
    rf"|{_MONTHS} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?:,? ['’]?\d{{2,4}})?|\d{{1,2}}/\d{{1,2}}"
    rf"|(?<=year |in )(?:19"
    rf"|20)\d\d|\d{{6}}|\d{{8}}){_Z}",
    _FLAGS,
)
CODE = regex.compile(rf"{_A}(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9]{{2,}}(?:-?[A-Z0-9]+){{0,4}}{_Z}", _FLAGS)
LONG = regex.compile(rf"{_A}#?\d[\d -]{{2,22}}\d{_Z}")
PLATE = regex.compile(rf"{_A}(?=[A-Z -]*\d)[A-Z0-9]{{1,4}}(?:[ -]?[A-Z0-9]{{1,4}}){{0,3}}{_Z}", _FLAGS)
_NATO = listed("nato.en")
SPELLED_CODE = regex.compile(
    rf"(?<![A-Za-z-])(?:(?:{'|'.join(_NATO)}|{spoken.NUMBER})(?:[ ,]+|(?![A-Za-z-]))){{4,}}", _FLAGS
)
_SPLIT = regex.compile(
    r"\s*(?:[,;/|()\n]|\.{2,}|(?<=[a-z])\.\s|(?:\s-\s)|(?<![A-Za-z])(?:sorry|i mean|well|just|actually"
    r"|and)(?![A-Za-z]))\s*",
    _FLAGS,
)
_LEAD = regex.compile(
    r"^(?:(?:hi|hello|yes|yeah|yep|sure|ok|okay|of course|certainly|no|um|uh|oh|(?:my|the|his|her)"
    r"(?: full| first| last| family)?"
    r" name(?: is|'s)?|(?:last|first|full) name(?: is)?|name(?: is)?|it is|it's|its|this is|that's"
    r"|that is|i am|i'm|im|here|you can call me|call me|under|mr|mrs|ms|miss"
    r"|dr|mister|my (?:husband|wife|partner|son|daughter|mum|mom|dad|father|mother|brother|sister|friend"
    r"|boss|colleague)"
    r"(?: in law)?|grandma|grandpa|surname(?: is)?)(?![A-Za-z])[\s,.:!-]*)+",
    _FLAGS,
)
_TAIL = regex.compile(r"(?:[\s,.!]|(?<=\s)(?:please|thanks|thank you|here|speaking|is my name))+$", _FLAGS)
_NAME = regex.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.-]*(?: [A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.-]*){0,3}")
MAIL = regex.compile(
    r"(?<![A-Za-z])(?:(?!(?:is|email|mail|address|at)(?![a-z]))[a-z0-9._'-]+ ){1,9}?(?:at"
    r" )?(?:the )?(?:[a-z]{2,20} ?)(?:dot|\.)? ?(?:com|net|org|edu|co dot uk|co uk|ie|ca|au"
    r"|in)(?![a-z])",
    _FLAGS,
)
# The second line of an address in a turn of its own: `san marcos tx 78666`, `Wynnum QLD 4178`, `Leeds LS1 4AP`.
TOWN_AND_CODE = regex.compile(
    r"\s*((?!\d)[a-z][a-z .'’-]{2,30}(?:,? [a-z]{2,3},? \d{4,5}(?:-\d{4})?|,? [a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}"
    r"|,? (?:[a-z]{2},? )?[a-z]\d[a-z] ?\d[a-z]\d))\s*[.!]?\s*",
    _FLAGS,
)
_VALUE = regex.compile(
    r"\d\S*(?: (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?![a-z]))?|\S+@\S+", _FLAGS
)
_SPOKEN_LEAD = regex.compile(r"(?<![a-z])(?:area code|plus) $", _FLAGS)
_CONTRACTED = regex.compile(r"^(?:he|she|it|we|they|who|that|there|here|what)['’]")
SHAPED = (
    "OTP",
    "PASSPORT",
    "DRIVING_LICENCE",
    "ZIP",
    "PASSWORD",
    "LICENSE_PLATE",
    "ORDER_NUMBER",
    "TRACKING_NUMBER",
    "USERNAME",
)
_STRONG = {
    kind: regex.compile(rf"{cues_en.START}(?:{cues_en.STRONG[kind]}){cues_en.END}", _FLAGS) for kind in SHAPED
}
_SAID = {
    kind: regex.compile(rf"{cues_en.START}(?:{cues_en.SAID.get(kind, '(?!)')}){cues_en.END}", _FLAGS)
    for kind in SHAPED
}
_NUMERIC = (
    "PHONE",
    "BANK_CARD",
    "BANK_ACCOUNT",
    "SSN",
    "OTP",
    "ZIP",
    "CREDIT_CODE",
    "ORDER_NUMBER",
    "ID_CARD",
)
_LEAST = {"PHONE": 6, "BANK_CARD": 4, "BANK_ACCOUNT": 6, "SSN": 4, "OTP": 4, "ZIP": 4}


def answers(text: str, expected: Sequence[str]) -> list[Span]:
    """(start, end, type) of all that `text` answers."""
    if len(text) > MAX_CHARS:
        return []
    spans: list[Span] = []
    for find in (_mails, _dates, _addresses, _shaped, _plates, _spoken, _codes):
        spans += [span for span in find(text, expected) if not _taken(span, spans)]
    if "PERSON" in expected:
        spans += [span for span in _names(text, spans) if not _taken(span, spans)]
    return sorted(spans)


def _mails(text: str, expected: Sequence[str]) -> Iterator[Span]:
    if "EMAIL" in expected and "@" not in text and (match := MAIL.search(text)):
        head = _LEAD.match(text)
        yield max(match.start(), head.end() if head else 0), match.end(), "EMAIL"


def _shaped(text: str, expected: Sequence[str]) -> Iterator[Span]:
    """What looks like a value of the one type asked for, all over the turn."""
    wanted = [kind for kind in SHAPED if kind in expected]
    if "ORDER_NUMBER" in wanted and wanted[0] == "OTP":  # `the code of your booking`
        del wanted[0]
    kind = next(iter(wanted), None)
    if kind is None:
        return
    found = list(_STRONG[kind].finditer(text))
    for match in found or _SAID[kind].finditer(text):
        if not cues_en.is_word_like(match.group()):
            yield match.start(), match.end(), kind


def _taken(span: Span, spans: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, _ in spans)


def _dates(text: str, expected: Sequence[str]) -> Iterator[Span]:
    if "BIRTH_DATE" in expected:
        for match in (*DATE.finditer(text), *spoken.DATE.finditer(text)):
            yield match.start(), match.end(), "BIRTH_DATE"


def _addresses(text: str, expected: Sequence[str]) -> Iterator[Span]:
    if "ADDRESS" in expected:
        for match in spoken.ADDRESS.finditer(text):
            end = match.start() + len(regex.split(r" (?:and|it's|its|the|my)(?![a-z])", match.group())[0])
            yield match.start(), end, "ADDRESS"
        if whole := TOWN_AND_CODE.fullmatch(text):
            yield *whole.span(1), "ADDRESS"
        match = regex.search(
            rf"(?<![A-Za-z])(?:flat|unit|apartment|apt) {spoken.NUMBER} \w+ (?:court|house|lodge|mansions)",
            text,
            _FLAGS,
        )
        if match:
            yield match.start(), match.end(), "ADDRESS"
    if "ZIP" in expected:
        match = regex.search(
            rf"(?<![A-Za-z'-])[a-z]{{1,2}} {spoken.NUMBER} {spoken.NUMBER} [a-z] [a-z](?![a-z])", text, _FLAGS
        )
        if match:
            yield match.start(), match.end(), "ZIP"


def _plates(text: str, expected: Sequence[str]) -> Iterator[Span]:
    if "LICENSE_PLATE" not in expected:
        return
    match = SPELLED_CODE.search(text) or PLATE.search(text)
    if match and 4 <= len(match.group().strip()) <= 60:
        yield match.start(), match.start() + len(match.group().strip(" ,")), "LICENSE_PLATE"


def _spoken(text: str, expected: Sequence[str]) -> Iterator[Span]:
    kinds = [kind for kind in _NUMERIC if kind in expected]
    for match in spoken.LONG.finditer(text) if kinds else ():
        count = spoken.digits(match.group())
        if kind := next((kind for kind in kinds if count >= _LEAST.get(kind, 5)), None):
            lead = _SPOKEN_LEAD.search(text, 0, match.start()) if kind == "PHONE" else None
            yield (lead.start() if lead else match.start()), match.end(), kind
    if kinds == ["PHONE"] and (
        area := regex.search(rf"area code \K{spoken.NUMBER}(?: {spoken.NUMBER})*", text, _FLAGS)
    ):
        yield area.start(), area.end(), "PHONE"


def _codes(text: str, expected: Sequence[str]) -> Iterator[Span]:
    kind = next(
        (
            k
            for k in ("ORDER_NUMBER", "CREDIT_CODE", "OTP", "DRIVING_LICENCE", "PASSPORT", "SSN")
            if k in expected
        ),
        None,
    )
    if kind is None:
        return
    form = LONG if kind == "DRIVING_LICENCE" else CODE
    for match in form.finditer(text) or LONG.finditer(text):
        if sum(char.isdigit() for char in match.group()) and len(match.group()) >= (
            4 if kind == "OTP" else 5
        ):
            yield match.start(), match.end(), kind
            return
    if kind in ("CREDIT_CODE", "SSN") and (match := LONG.search(text)):
        yield match.start(), match.end(), kind


def _names(text: str, taken: Sequence[Span]) -> Iterator[Span]:
    for match in spoken.SPELLED.finditer(text):
        yield match.start(), match.end(), "PERSON"
    pieces = list(_pieces(text, taken))
    for start, end in pieces:
        value = text[start:end]
        if not value or not _NAME.fullmatch(value) or spoken.SPELLED.search(value):
            continue
        words = [word.strip(".").lower() for word in value.split()]
        sole = len(pieces) == 1
        if any(word in NOT or _CONTRACTED.search(word) for word in words) or not (
            sole or _name_like(value, words)
        ):
            continue
        yield start, end, "PERSON"


def _name_like(value: str, words: Sequence[str]) -> bool:
    """A piece among others is a name if its words begin in capitals or a list or no dictionary has them."""
    known = [
        word in lexicon.first_names() or not (lexicon.is_word(word) or lexicon.is_chat(word))
        for word in words
    ]
    return all(part[0].isupper() for part in value.split()) or any(known)


def _pieces(text: str, taken: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """What stands between separators and found values, without fillers at its sides."""
    hidden = list(text)
    for start, end, _ in taken:
        hidden[start:end] = ["\n"] * (end - start)
    for match in _VALUE.finditer("".join(hidden)):
        hidden[match.start() : match.end()] = ["\n"] * len(match.group())
    masked, at = "".join(hidden), 0
    for split in [*_SPLIT.finditer(masked), None]:
        start, end = at, split.start() if split else len(masked)
        at = split.end() if split else end
        piece = masked[start:end]
        head, tail = _LEAD.match(piece), _TAIL.search(piece)
        start, end = start + (head.end() if head else 0), start + (tail.start() if tail else len(piece))
        start += len(masked[start:end]) - len(masked[start:end].lstrip())
        if end > start:
            yield start, end
