"""How English asks for personal data, announces it and answers with it."""

from __future__ import annotations

import regex

from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.words import words

_FLAGS = regex.IGNORECASE

ASKS = (
    r"what|may i|can i|could|would you|please|provide|confirm|share|tell|give|need your|have your|whose"
    r"|which|send"
)
ASKED = {
    "PERSON": r"(?<!user)(?<!user )\bname\b|who am i speaking",
    "PHONE": r"\bphone|mobile|contact (?:number|no)|cell|number to (?:call|reach)",
    "ID_CARD": r"identity (?:card|number)",
    "BANK_CARD": r"card number|credit card|debit card",
    "BANK_ACCOUNT": r"bank account|account number|routing number|sort code",
    "ADDRESS": r"address|where (?:should|do) (?:we|i|you) (?:ship|send|deliver)",
    "EMAIL": r"e-?mail",
    "ORDER_NUMBER": r"order (?:number|no|id)",
    "TRACKING_NUMBER": r"tracking",
    "USERNAME": r"user ?name|login (?:name|id)|user id",
    "PASSWORD": r"password|passcode|\bpin\b",
    "OTP": r"verification code|one-time|otp|code (?:we|i) (?:sent|texted)|\bthe code\b",
    "BIRTH_DATE": r"birth|\bdob\b",
    "ZIP": r"zip|postal code|postcode",
    "WECHAT": r"wechat",
    "SSN": r"social security|ssn",
    "PASSPORT": r"passport",
    "DRIVING_LICENCE": r"driv\w+ licen[cs]e",
    "IP": r"\bip\b",
}
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
