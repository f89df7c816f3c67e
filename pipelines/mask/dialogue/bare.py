"""Answers alone: the customer's half of a log whose other half is missing.

`viswa`, `david pratt 5643 9877 6655`, `852 thomas ave new york`: no question says what these are. A turn that holds only
values and the small words around them is taken for an answer; each word is judged by what English knows of it
(lexicon_en), and its neighbours. A turn with an ordinary word in it is left to the recognizers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.labels import PLACEHOLDER
from pipelines.mask.language import is_chinese

MAX_CHARS = 160
MAX_NAME_WORDS = 4
CODE_TALK = regex.compile(
    r"(?<![a-z])(?:flights?|booking|reservation|itinerary|seats?|boarding|pnr|parcel|tracking|shipment)(?![a-z])",
    regex.IGNORECASE,
)
_WORD = regex.compile(r"[^\s,;:!?()\"]+")
_STRIP = ".-'’_*#"
_LATIN = regex.compile(r"[a-zà-öø-ÿ]+(?:['’.-][a-zà-öø-ÿ]+)*")
_STREET = frozenset(
    "street st avenue ave road rd drive dr lane ln boulevard blvd court ct place terrace circle cir highway hwy parkway"
    " pkwy square crescent close garden gardens grove way hill trail alley plaza loop ridge row view nagar colony marg"
    " layout sector building bldg apartment apt suite unit flat floor block tower towers villa manor estate apartments"
    " salai chowk bagh puram nivas mahal main cross box".split()
)
_UNITS = frozenset(
    "am pm usd rs dollars dollar inr units unit pieces pcs tickets ticket items days day hours hour hrs mins minutes"
    " months month weeks week years year people persons adults adult children kids gb mb tb kg inch inches percent".split()
)
_MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september"
    " october november december monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat"
    " sun st nd rd th".split()
)
_GRAMMAR = frozenset(
    "i we you he she they want need would like can could do does did have has had book order add get make take give"
    " what when where which who how why".split()
)
_PHONE_CUE = frozenset("ph phone mobile cell tel telephone contact cont number no num call".split())
_MAIL_END = regex.compile(r"(?:g?m+a+i*l|gamil|gmial|yahoo|hotmail|outlook|ymail|rediff(?:mail)?|live)?\.?(?:com|in|org|net)")
_MAIL = regex.compile(r"[a-z0-9._-]{2,}(?:com|mailin|mailorg|mailnet|yahooin|user?org)")
_NOT_MAIL = frozenset("telecom intercom sitcom dotcom welcom wellcom com dot".split())

Span = tuple[int, int, str]


class Token(NamedTuple):
    start: int
    end: int
    text: str  # lower case, without signs at its sides
    kind: str  # chat | name | maybe | word | place | street | digits | code | mail


def alone(texts: Sequence[str]) -> dict[int, list[Span]]:
    """(start, end, type) by index of the turns of one customer, whose agent's turns are missing."""
    codes = any(CODE_TALK.search(text) for text in texts)
    return {index: spans for index, text in enumerate(texts) if (spans := answers_alone(text, codes))}


def answers_alone(text: str, codes: bool = False) -> list[Span]:
    """The values of one turn; `codes`: whether its conversation is about bookings or parcels."""
    if len(text) > MAX_CHARS or is_chinese(text) or PLACEHOLDER.search(text):
        return []
    tokens = [_token(match) for match in _WORD.finditer(text)]
    tokens = [token for token in tokens if token.text]
    if not tokens or "?" in text or "$" in text:
        return []
    spans = [*_mails(tokens), *_phones(tokens)]
    free = [token for token in tokens if not _within(token, spans)]
    if address := _address(free):
        spans.append(address)
        free = [token for token in free if not _within(token, spans)]
    if any(token.kind == "word" or token.text in _MONTHS for token in free) or not _ordinary(free):
        return sorted(spans)
    spans += _names(free, any(token.kind in ("digits", "code") for token in tokens))
    free = [token for token in free if not _within(token, spans)]
    return sorted([*spans, *_numbers(free, codes, bool(spans))])


def _token(match: regex.Match[str]) -> Token:
    raw = match.group()
    left = len(raw) - len(raw.lstrip(_STRIP))
    text = raw.strip(_STRIP).lower()
    start = match.start() + left
    return Token(start, start + len(text), text, _kind(text))


def _kind(text: str) -> str:
    if regex.fullmatch(r"\+?\d[\d.-]*", text):
        return "digits"
    if regex.search(r"\d", text):
        return "code"
    if len(text) > 5 and _MAIL.fullmatch(text) and text not in _NOT_MAIL and not lexicon.is_word(text):
        return "mail"
    if text in lexicon.chat():
        return "chat"
    if text in _STREET:
        return "street"
    if text in lexicon.places():
        return "place"
    return _letters(text)


def _letters(text: str) -> str:
    """What a token of letters is that no list of ours knows."""
    if text in lexicon.never_names():
        return "word"
    first, word = text in lexicon.first_names(), lexicon.is_word(text)
    if first and (not word or text in lexicon.english_first_names()) and text not in lexicon.frequent():
        return "name"
    if word:
        return "surname" if text in lexicon.last_names() and text not in lexicon.frequent() else "word"
    if text in lexicon.last_names():
        return "name"
    if lexicon.is_chat(text):
        return "chat"
    if not _LATIN.fullmatch(text) or lexicon.is_slip(text):
        return "word"
    return "maybe" if _pronounceable(text) else "letters"


def _pronounceable(text: str) -> bool:
    return 2 < len(text) < 19 and bool(regex.search(r"[aeiouy]", text)) and not regex.search(r"[^aeiouyh]{5}", text)


def _within(token: Token, spans: Sequence[Span]) -> bool:
    return any(start <= token.start < end for start, end, _ in spans)


def _ordinary(tokens: Sequence[Token]) -> bool:
    """Whether a turn could be values and small words: not too long, nothing counted or priced."""
    return len(tokens) <= 14 and not any(token.text in _UNITS for token in tokens)


def _mails(tokens: Sequence[Token]) -> Iterator[Span]:
    for at, token in enumerate(tokens):
        split = token.kind != "mail" and at and token.text in ("com", "in", "org", "net")
        if token.kind != "mail" and not (split and _MAIL_END.fullmatch(tokens[at - 1].text + token.text)):
            continue
        first = at - 1 if split else at
        if first and (split or _MAIL_END.fullmatch(token.text) or tokens[first - 1].kind == "digits"):
            first = _mail_start(tokens, first)
        yield tokens[first].start, token.end, "EMAIL"


def _mail_start(tokens: Sequence[Token], first: int) -> int:
    """The first token of an address in pieces: `robertson robert 56 gmailcom`."""
    while first and tokens[first - 1].kind in ("digits", "code") and len(tokens[first - 1].text) < 6:
        first -= 1
    while first and tokens[first - 1].kind in ("name", "maybe", "surname", "letters", "word", "place"):
        first -= 1
    return first


def _phones(tokens: Sequence[Token]) -> Iterator[Span]:
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].kind == "digits":
            end += 1
        if end > at and (kind := _phone_or_card([token.text for token in tokens[at:end]])):
            yield tokens[at].start, tokens[end - 1].end, kind
        at = max(end, at + 1)


def _phone_or_card(groups: Sequence[str]) -> str:
    digits = sum(sum(char.isdigit() for char in group) for group in groups)
    fours = [len(group) == 4 for group in groups]
    if len(groups) >= 3 and all(fours) or 13 <= digits <= 19:
        return "BANK_CARD" if digits in (13, 14, 15, 16, 19) else "BANK_ACCOUNT"
    if 7 <= digits <= 12 and (len(groups) > 1 or digits >= 7) and not regex.match(r"[12]\d\d\d(?:[-.]\d\d?){2}$", groups[0]):
        return "PHONE"
    return ""


def _address(tokens: Sequence[Token]) -> Span | None:
    """A turn, or its end, that reads like an address: a number with a street, a place or a code."""
    if any(token.text in _GRAMMAR or token.text in _MONTHS for token in tokens):
        return None
    cue = next((at for at, token in enumerate(tokens) if token.text in ("address", "adress", "addr")), None)
    body = list(tokens if cue is None else tokens[cue + 1 :])
    body = _trimmed(body)
    numbers = [at for at, token in enumerate(body) if token.kind in ("digits", "code")]
    lettered = [token for token in body if token.kind not in ("digits", "code", "chat")]
    marks = [token for token in body if token.kind in ("street", "place")]
    if cue is None and not (numbers and marks and len(lettered) + len(numbers) > 2):
        return None
    if len(lettered) + len(numbers) < 2 or (cue is not None and not numbers and not marks and len(lettered) < 2):
        return None
    if not any(token.kind == "street" for token in marks) and numbers and numbers[0] > 0 and len(numbers) == 1 and cue is None:
        return None  # `tenkasi 458966`: a town and its code
    first = numbers[0] if cue is None and numbers and _is_name_run(body[: numbers[0]]) else 0
    return body[first].start, body[-1].end, "ADDRESS"


def _trimmed(tokens: list[Token]) -> list[Token]:
    while tokens and tokens[0].kind == "chat" and tokens[0].text != "no":
        tokens = tokens[1:]
    while tokens and tokens[-1].kind == "chat":
        tokens = tokens[:-1]
    return tokens


def _is_name_run(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and all(token.kind in ("name", "maybe", "surname", "chat") for token in tokens)


def _names(tokens: Sequence[Token], with_numbers: bool) -> Iterator[Span]:
    run: list[Token] = []
    for token in [*tokens, Token(0, 0, "", "end")]:
        if token.kind in ("name", "maybe", "surname", "letters", "place") and (run or token.kind != "letters"):
            run.append(token)
            continue
        if run and _is_name(run):
            yield run[0].start, run[-1].end, "PERSON"
        run = []


def _is_name(run: Sequence[Token]) -> bool:
    kinds = [token.kind for token in run]
    if len(run) > MAX_NAME_WORDS or all(kind in ("place", "surname") for kind in kinds):
        return False
    return any(kind in ("name", "maybe") for kind in kinds)


def _numbers(tokens: Sequence[Token], codes: bool, beside: bool) -> Iterator[Span]:
    """Account numbers, codes and postal codes that stand alone, after a name or after their word."""
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and (tokens[end].kind in ("digits", "code", "letters") or len(tokens[end].text) == 1):
            end += 1
        run = tokens[at:end]
        if run and (kind := _number_kind(run, codes, beside, {token.text for token in tokens})):
            yield run[0].start, run[-1].end, kind
        at = max(end, at + 1)


def _number_kind(run: Sequence[Token], codes: bool, beside: bool, around: set[str]) -> str:
    joined = "".join(token.text for token in run)
    digits = sum(char.isdigit() for char in joined)
    if around & {"ssn", "social"} and digits >= 4:
        return "SSN"
    if around & {"password", "pwd", "pin", "passwd"} and digits:
        return "PASSWORD"
    if around & {"zip", "zipcode", "pincode", "postal"} and digits >= 4:
        return "ZIP"
    if joined.isdigit():
        if around & {"account", "acct", "acc", "number", "num", "digits", "ac"} and digits >= 3 or beside and digits >= 2:
            return "BANK_ACCOUNT"
        return {4: "BANK_ACCOUNT", 5: "ZIP", 6: "ZIP"}.get(digits, "") if len(run) == 1 else ""
    if (codes or beside or around & {"confirmation", "booking", "reference", "reservation"}) and digits and len(joined) > 3:
        return "ORDER_NUMBER"
    return ""
