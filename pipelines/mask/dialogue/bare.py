"""Answers alone: the customer's half of a log whose other half is missing.

`viswa`, `david pratt 5643 9877 6655`, `852 thomas ave new york`: no question says what these are. A turn that
holds only values and the small words around them is taken for an answer; each word is judged by what English
knows of it (tokens), and by its neighbours. In a turn with ordinary words only what stands after its own word
is taken (`password is raj 123`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.dialogue.bare_numbers import cued, mails, numbers, phones
from pipelines.mask.dialogue.tokens import GRAMMAR, MONTHS, PLAIN_STREET, UNITS, Token, digits_in, tokens_of
from pipelines.mask.labels import TYPED_PLACEHOLDER
from pipelines.mask.language import is_chinese

MAX_CHARS = 200
MAX_NAME_WORDS = 4
CODE_TALK = regex.compile(
    r"(?<![a-z])(?:flights?|booking|reservation|itinerary|seats?|boarding|pnr|parcel|tracking|shipment)"
    r"(?![a-z])",
    regex.IGNORECASE,
)
NAMES = ("name", "maybe", "surname")
_STOPS = frozenset(
    [
        "ph",
        "phone",
        "mobile",
        "contact",
        "cont",
        "cell",
        "tel",
        "telephone",
        "call",
        "email",
        "mail",
        "password",
        "ssn",
        "pin",
    ]
)
_I_AM = frozenset(["am", "im", "i'm", "its", "it's", "this", "name", "here"])

Span = tuple[int, int, str]


def alone(texts: Sequence[str]) -> dict[int, list[Span]]:
    """(start, end, type) by index of the turns of one customer, whose agent's turns are missing."""
    codes = any(CODE_TALK.search(text) for text in texts)
    return {index: spans for index, text in enumerate(texts) if (spans := answers_alone(text, codes))}


def answers_alone(text: str, codes: bool = False) -> list[Span]:
    """The values of one turn; `codes`: whether its conversation is about bookings or parcels."""
    if (
        not text
        or len(text) > MAX_CHARS
        or "?" in text
        or "$" in text
        or is_chinese(text)
        or TYPED_PLACEHOLDER.search(text)
    ):
        return []
    tokens = tokens_of(text)
    if not tokens:
        return []
    only = _only_values(tokens)
    spans: list[Span] = [*mails(tokens), *phones(tokens, only)]
    free = [token for token in tokens if not _within(token, spans)]
    if address := _address(free, spans):
        spans.append(address)
        free = [token for token in free if not _within(token, spans)]
    free = _as_names(free, spans)
    spans += _said_names(free)
    spans += [span for span in cued(tokens, codes) if not _overlaps(span, spans)]
    free = [token for token in free if not _within(token, spans)]
    if _only_values(free):
        spans += _names(free, bool(spans) or any(token.kind in ("digits", "code") for token in free))
    free = [token for token in free if not _within(token, spans)]
    spans += [span for span in numbers(free, tokens, codes, bool(spans)) if not _overlaps(span, spans)]
    return sorted(spans)


def _as_names(free: Sequence[Token], spans: Sequence[Span]) -> list[Token]:
    """The tokens, with words that their neighbours make names: `thiya and bs 48 s 4`, `james white`."""
    content = [token for token in free if token.kind not in ("chat", "digits", "code", "mail")]
    if any(token.text in GRAMMAR or token.text in UNITS for token in free) or len(free) > 8:
        return list(free)
    words = [token for at, token in enumerate(free) if token in content and not _in_code(free, at)]
    numbered = bool(spans) or digits_in(free) > 3 or len(content) - len(words) > 1
    if (
        numbered
        and 0 < len(words) < 3
        and len(words[0].text) > 2
        and words[0].kind not in ("word", "place", "street")
    ):
        return [
            token._replace(kind="maybe") if token in words and token.kind not in ("word", "place") else token
            for token in free
        ]
    return [_beside(free, at) if len(words) < 4 else token for at, token in enumerate(free)]


def _beside(tokens: Sequence[Token], at: int) -> Token:
    """A word that is a family name too, or is none, beside a name."""
    near = [tokens[i].kind for i in (at - 1, at + 1) if 0 <= i < len(tokens)]
    token = tokens[at]
    family = token.kind == "word" and token.text in lexicon.american_family_names()
    if "name" in near and (family or (token.kind in ("slip", "slipped") and len(token.text) > 3)):
        return token._replace(kind="surname")
    return token


def _within(token: Token, spans: Sequence[Span]) -> bool:
    return any(start <= token.start < end for start, end, _ in spans)


def _overlaps(span: Span, spans: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, _ in spans)


def _only_values(tokens: Sequence[Token]) -> bool:
    """Whether a turn is values and small words: nothing ordinary, nothing counted, priced or dated."""
    if len(tokens) > 16 or any(token.text in MONTHS for token in tokens):
        return False
    for at, token in enumerate(tokens):
        if token.text in UNITS and at and tokens[at - 1].kind == "digits":
            return False
        if _in_code(tokens, at):
            continue
        if token.kind in ("word", "slipped") or (
            token.kind in ("rare", "wordname") and not _may_be_name(tokens, at)
        ):
            return False
    return True


def _in_code(tokens: Sequence[Token], at: int) -> bool:
    """A few letters beside a number: `hd 58 y 9`."""
    near = [tokens[i].kind for i in (at - 1, at + 1) if 0 <= i < len(tokens)]
    return len(tokens[at].text) < 4 and ("digits" in near or "code" in near)


def _may_be_name(tokens: Sequence[Token], at: int) -> bool:
    """`karan bling`, `king karen`, `sandy 1434`: a word beside a name, or a name's word and its number."""
    if tokens[at].kind == "wordname" and _alone_with_number(tokens, at):
        return True
    near = [tokens[i].kind for i in (at - 1, at + 1) if 0 <= i < len(tokens)]
    return len(tokens) <= 5 and "name" in near


def _alone_with_number(tokens: Sequence[Token], at: int) -> bool:
    others = [token for token in tokens if token is not tokens[at] and token.kind != "chat"]
    long = len(others) == 1 and others[0].kind == "digits" and len(others[0].text) > 3
    return at == 0 and long and tokens[at].text in lexicon.english_first_names()


def _address(tokens: Sequence[Token], spans: Sequence[Span]) -> Span | None:
    """An address from its number, its street or its word to its end."""
    start = _address_start(tokens, any(kind == "PHONE" for _, _, kind in spans))
    if start is None:
        return None
    while start < len(tokens) and tokens[start].kind == "chat" and tokens[start].text not in ("no", "new"):
        start += 1
    body: list[Token] = []
    for token in tokens[start:]:
        gap = body and any(body[-1].end <= s < token.start for s, _, _ in spans)
        if (
            gap
            or token.text in _STOPS
            or (body and token.text in GRAMMAR)
            or token.text in MONTHS | {"and", "my"}
        ):
            break
        body.append(token)
    while body and body[-1].kind == "chat" and not (body[-1].text in ("us", "in") and len(body) > 2):
        body.pop()
    while body and body[0].kind == "chat" and body[0].text not in ("no", "new"):
        body.pop(0)
    if len(body) < 2:
        return None
    return body[0].start, body[-1].end, "ADDRESS"


def _address_start(tokens: Sequence[Token], with_phone: bool) -> int | None:
    kinds = [token.kind for token in tokens]
    if any(token.text in UNITS and kinds[at - 1] == "digits" for at, token in enumerate(tokens) if at):
        return None
    for at, token in enumerate(tokens):
        if token.text in ("address", "adress", "adders", "addr") and _reads_like_address(tokens[at + 1 :]):
            return at + 1
        near = at + 1 < len(tokens) and tokens[at + 1].text in PLAIN_STREET
        if (
            kinds[at] in ("digits", "code")
            and (near or "street" in kinds[at + 2 : at + 6])
            and _no_grammar(tokens[at : at + 6])
        ):
            return at - 1 if at and tokens[at - 1].text == "no" else at
    if any(token.text in GRAMMAR for token in tokens):
        return None
    places, digits = kinds.count("place"), [at for at, kind in enumerate(kinds) if kind in ("digits", "code")]
    lettered = [at for at, kind in enumerate(kinds) if kind not in ("digits", "code", "chat", "letters")]
    plain = any(token.text in PLAIN_STREET for token in tokens) or ("street" in kinds and places)
    words = kinds.count("word")
    if plain and len(lettered) - words > 1:
        return 0
    if words > (len(tokens) - 2) // 3:
        return None
    if (
        digits
        and lettered
        and digits[0] < lettered[-1]
        and (places or with_phone)
        and digits[0] < len(kinds) - 1
    ):
        return digits[0]
    return None


def _reads_like_address(tokens: Sequence[Token]) -> bool:
    kinds = [token.kind for token in tokens[:8]]
    return bool({"street", "place"} & set(kinds)) or (
        "digits" in kinds and len(kinds) > 2 and "mail" not in kinds
    )


def _no_grammar(tokens: Sequence[Token]) -> bool:
    return not any(token.text in GRAMMAR or token.text in UNITS for token in tokens[1:3])


def _said_names(tokens: Sequence[Token]) -> Iterator[Span]:
    """`i am robert west and password is 3679`: the name after its words, whatever else the turn says."""
    for at, token in enumerate(tokens[:-1]):
        if token.text not in _I_AM or (at and tokens[at - 1].kind in ("word", "rare", "place", "maybe")):
            continue
        run = _name_after(tokens, at)
        odd = run and run[0].kind in ("letters", "slip", "slipped")
        sure = run and (run[0].kind != "surname" or token.text == "name" or len(run) > 1)
        if odd or (sure and _is_name(run, True)):
            yield run[0].start, run[-1].end, "PERSON"


def _name_after(tokens: Sequence[Token], cue: int) -> list[Token]:
    """The tokens of a name from up to four after the word that announces it."""
    begins = (*NAMES, "place") + (
        ("letters", "slip", "slipped") if tokens[cue].text == "name" else ("wordname",)
    )
    run: list[Token] = []
    for at in range(cue + 1, min(cue + 5, len(tokens))):
        token = tokens[at]
        fits = token.kind in ((*NAMES, "rare", "wordname", "place", "letters") if run else begins)
        family = run and run[-1].kind == "name" and token.text in lexicon.american_family_names()
        if (fits and not _in_code(tokens, at)) or family:
            run.append(token)
        elif run or token.text not in ("is", "my", "name", "mr", "are", "am"):
            break
    while len(run) > 2 and run[-1].kind == "rare":
        run.pop()
    return run


def _names(tokens: Sequence[Token], numbered: bool) -> Iterator[Span]:
    run: list[Token] = []
    if any(token.text in ("to", "from", "city") for token in tokens) and any(
        t.kind == "place" for t in tokens
    ):
        return  # `delhi to kolkatta`
    for token in [*tokens, Token(0, 0, "", "end")]:
        if token.kind in (*NAMES, "rare", "wordname") or (run and token.kind in ("place", "letters")):
            run.append(token)
            continue
        if run and _is_name(run, numbered):
            yield run[0].start, run[-1].end, "PERSON"
        run = []


def _is_name(run: Sequence[Token], numbered: bool) -> bool:
    kinds = [token.kind for token in run]
    if len(run) > MAX_NAME_WORDS:
        return False
    if "name" in kinds or "maybe" in kinds:
        return True
    if kinds == ["wordname"]:
        return numbered
    if kinds == ["surname"]:
        name = run[0].text
        return numbered or name in lexicon.american_family_names() or name in lexicon.indian_names()
    return kinds.count("surname") > 1
