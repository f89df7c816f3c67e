"""The words of a customer's turn, each with what English knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.words import words

STREET = frozenset(words("street.en"))
PLAIN_STREET = frozenset(words("street_plain.en"))
UNITS = frozenset(words("units.en"))
MONTHS = frozenset(words("months.en"))
GRAMMAR = frozenset(words("grammar.en"))
_WORD = regex.compile(r"[^\s,;:!?()\"]+")
_STRIP = ".-'’_*#"
_LATIN = regex.compile(r"[a-zà-öø-ÿ]+(?:['’.-][a-zà-öø-ÿ]+)*")
_DIGITS = regex.compile(r"\+?\d[\d.-]*")
_GLUED_STREET = regex.compile(
    r"[a-z]{2,}(?:street|avenue|nagar|road|colony)|(?:street|avenue|nagar|road|colony|blvd)[a-z]{3,}"
)
_MAIL = regex.compile(r"[a-z0-9._-]{2,}(?:com|globalnet|castnet|mailin|mailorg|mailnet|yahooin|userorg)")
_NOT_MAIL = frozenset(["telecom", "intercom", "sitcom", "dotcom", "welcom", "wellcom"])


class Token(NamedTuple):
    start: int
    end: int
    text: str  # lower case, without signs at its sides
    kind: str


def tokens_of(text: str) -> list[Token]:
    """The tokens of `text` with their kinds.

    chat, name, maybe (no dictionary has it and it can be said), surname (a word too), wordname (rather the
    word), rare (a word that is not frequent), slip (of a word of the chat), slipped (of another), word,
    letters, place, street, digits, code, mail.
    """
    found = []
    for match in _WORD.finditer(text):
        raw = match.group()
        left = len(raw) - len(raw.lstrip(_STRIP))
        word = raw.strip(_STRIP).lower()
        if word:
            start = match.start() + left
            found.append(Token(start, start + len(word), word, kind_of(word)))
    return found


@lru_cache(maxsize=65536)
def kind_of(text: str) -> str:
    if _DIGITS.fullmatch(text):
        return "digits"
    if any(char.isdigit() for char in text):
        return "code"
    if len(text) > 5 and _MAIL.fullmatch(text) and text not in _NOT_MAIL and not lexicon.is_word(text):
        return "mail"
    if len(text) == 1 and text not in "aiu":
        return "letters"
    if text in lexicon.chat():
        return "chat"
    if text in STREET or _GLUED_STREET.fullmatch(text):
        return "street"
    return _word_kind(text)


def _word_kind(text: str) -> str:
    never = text in lexicon.never_names() or text in lexicon.frequent()
    first, last, word = text in lexicon.first_names(), text in lexicon.last_names(), lexicon.is_word(text)
    given = text in lexicon.english_first_names() or text in lexicon.indian_names()
    if text in lexicon.places():
        own = text in lexicon.own_places() and text not in lexicon.everyday_names()
        return "name" if given and not own else "place"
    if never:
        named = (first or last) and text not in lexicon.frequent() and text not in lexicon.brands()
        return "wordname" if named else "word"
    if (first or last) and (given or (not word and len(text) > 3)):
        return "name"
    if word:
        return "surname" if first or last else "rare"
    if len(text) > 6 and lexicon.holds_name(text):
        return "name"
    if lexicon.is_chat(text) or lexicon.is_glued(text):
        return "slip"
    if not _LATIN.fullmatch(text):
        return "word"
    if lexicon.is_slip(text):
        return "slipped"
    return "maybe" if len(text) > 3 and lexicon.can_be_said(text) else "letters"


def joined(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def digits_in(tokens: Sequence[Token]) -> int:
    return sum(char.isdigit() for token in tokens for char in token.text)
