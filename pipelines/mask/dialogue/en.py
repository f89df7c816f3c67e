"""How English asks for personal data, announces it and answers with it."""

from __future__ import annotations

import regex

from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.words import words

_FLAGS = regex.IGNORECASE

ASKS = (
    r"what|enter (?:the|your)|is there|is that (?:right|correct)|may i|can i|could"
    r"|would you|please|provide|confirm|share|tell|give|need your|have your|whose"
    r"|which|send|i need|i'll need|i will need|do you have|last one|^(?:.{0,24}(?<![a-z]))?and (?:the"
    r"|your|a|an|routing"
    r"|account|date|last|first|sort)(?![a-z])|^who(?![a-z])|(?<![a-z])who (?:am i|i am|is|will|should)"
)
ASKED = {
    "PERSON": (
        r"(?<!user)(?<!user )(?<!company )(?<!business )(?<!product )\bname\b(?! (?:of"
        r"|for) (?:the|your|a|this)"
        r" (?:product|item|company|business|shop|store|city|town|street|hotel|bank|file"
        r"|app|game|movie|pet|school|plan|device|model))|\bsurname\b|who (?:am i"
        r"|i am) (?:speaking|chatting|talking)"
        r"|^who |(?<![a-z])who (?:is|will|should) |who(?:'s| is) calling|who do i have|spell (?:that|it|your)"
    ),
    "PHONE": (
        r"number i see|number (?:do )?(?:we|i) have|your number\b|"
        r"\bphone|mobile|contact (?:number|no)|cell|number to (?:call|reach)|call ?back (?:number|no)|"
        r"(?:best|good) number"
        r"|number (?:linked|on file|we can)|telephone|whatsapp number"
    ),
    "ID_CARD": r"identity (?:card|number)",
    "BANK_CARD": r"card number|credit card|debit card|long number|number on (?:the|your) (?:front"
    r"|card)|the card$"
    r"|need the card",
    "BANK_ACCOUNT": r"bank account|account (?:number|no)|routing|sort code|\bbsb\b|\biban\b",
    "ADDRESS": r"address|where (?:should|do) (?:we|i|you) (?:ship|send|deliver)",
    "EMAIL": r"e-?mail",
    "ORDER_NUMBER": (
        r"order (?:number|no|id)|(?:booking|reservation|confirmation) (?:ref|code|number|no|id)"
        r"|\breference\b|\bpnr\b|\blocator\b"
        r"|calling about order"
    ),
    "TRACKING_NUMBER": r"tracking",
    "USERNAME": r"user ?name|login (?:name|id)|user id|\bhandle\b|gamer ?tag",
    "ZIP": r"zip|postal code|postcode|pin ?code (?:of|for) your|area pin",
    "PASSWORD": (
        r"password|passcode|\bpin\b(?! ?code (?:of|for))|\bcvv2?\b|\bcvc\b|security (?:code|word|answer)"
        r"|code on the (?:front|back)"
    ),
    "OTP": (
        r"verification code|one-time|otp|code (?:we|i) (?:sent|texted)|\bthe code\b(?! on)|(?:\d|six|four"
        r"|five|eight)[- ]digits? code"
    ),
    "BIRTH_DATE": r"birth|\bborn\b|\bdob\b|which date should it be",
    "WECHAT": r"wechat",
    "SSN": (
        r"social (?:security|insurance)|ssn|\bsin\b|national insurance|\baadhaar\b|\bnric\b|\bhkid\b"
        r"|\btfn\b|tax file number"
    ),
    "PASSPORT": r"passport",
    "DRIVING_LICENCE": r"licen[cs]e (?:number|no)|driv\w+ licen[cs]e",
    "LICENSE_PLATE": r"\bregistration\b|\breg\b|\brego\b|number plate|licen[cs]e plate|\bplate\b",
    "CREDIT_CODE": r"\bvat\b|\bein\b|tax (?:id|number|no)|\bgstin?\b|\babn\b",
    "IP": r"\bip\b",
}
_PHRASE = regex.compile(r"[^.!?]{3,60}", _FLAGS)
_STATES_IT = regex.compile(
    r"(?<![a-z])(?:i've|i have|we've|we have|has|is|was|are|were|will|updated|added"
    r"|corrected|changed|sent|received|got|thanks?|sorry|done|can't|cannot"
    r"|shows?|found|see)(?![a-z])",
    _FLAGS,
)
_SENT = regex.compile(r"(?<![a-z])(?:sent|texted|emailed|sending)(?: \w+){0,4} codes?(?![a-z])", _FLAGS)


def asks_shortly(text: str) -> bool:
    """`zip code for the card`, `email address ma'am`: a turn ends in what it wants; or a code was sent."""
    last = regex.split(r"[.!?\n]+\s*", text.strip(" .!?"))[-1]
    phrase = _PHRASE.fullmatch(last) and len(last.split()) <= 8 and not _STATES_IT.search(last)
    return bool(phrase) or bool(_SENT.search(text))


# What ends a turn whose value comes in the next.
IS = r"is|are"
NUMBER_FOLLOWS = r"number is"

NOT = NOT_NAMES | frozenset(words("not_answers.en"))
_FILLER = regex.compile(
    r"^(?:(?:hi|hello|yes|yeah|sure|ok|okay|of course|certainly|(?:my|the)(?: full| first"
    r"| last)? name(?: is|'s)?|name(?: is)?|it is|it's|its"
    r"|this is|i am|i'm|im|here|you can call me|call me|under|the order is under)(?![A-Za-z])[\s,.:!-]*)+",
    _FLAGS,
)
_TAIL = regex.compile(r"(?:[\s,.!]|(?<=\s)(?:please|thanks|thank you|here))+$", _FLAGS)
_NAME = regex.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]*(?: [A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]*){0,3}")
_ADDRESS = regex.compile(r"(?<![A-Za-z0-9])(?:flat|apt|unit|room|blk|#)?\s?\d[^?!\n]*[^?!\n\s.]", _FLAGS)


def name(text: str) -> tuple[int, int] | None:
    """[start, end) of the name that `text` answers with."""
    head, tail = _FILLER.match(text), _TAIL.search(text)
    start, end = head.end() if head else 0, tail.start() if tail else len(text)
    value = text[start:end]
    if not _NAME.fullmatch(value) or any(word.strip(".") in NOT for word in value.lower().split()):
        return None
    return start, end


def address(text: str) -> tuple[int, int] | None:
    """[start, end) of the address that `text` answers with."""
    match = _ADDRESS.search(text)
    return match.span() if match and len(match.group()) > 3 else None
