"""The words of a customer's turn, each with what English knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from pipelines.mask import lexicon_en as lexicon

STREET = frozenset(
    "street st avenue ave road rd drive dr lane ln boulevard blvd court ct place terrace circle cir highway hwy parkway"
    " pkwy square crescent close garden gardens grove way hill hills trail alley plaza loop ridge row view nagar colony marg"
    " layout sector building bldg apartment apartments apt suite unit flat floor block tower towers villa manor estate"
    " salai chowk bagh puram nivas mahal main cross box complex mall bridge market junction station gate gates"
    " temple beach nager appartment shoping".split()
)
PLAIN_STREET = frozenset("street avenue ave road nagar colony lane boulevard mahal complex apartment apartments salai nager"
    " appartment mall temple beach gate".split())
UNITS = frozenset(
    "am pm usd rs dollars dollar inr units unit pieces pcs tickets ticket items days day hours hour hrs mins minutes"
    " months month weeks week years year people persons adults adult children kids gb mb tb kg inch inches percent".split()
)
MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september"
    " october november december monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun".split()
)
GRAMMAR = frozenset(
    "i we you he she they want need would like can could do does did have has had book add get make take give what when"
    " where which who how why order".split()
)
_WORD = regex.compile(r"[^\s,;:!?()\"]+")
_STRIP = ".-'’_*#"
_LATIN = regex.compile(r"[a-zà-öø-ÿ]+(?:['’.-][a-zà-öø-ÿ]+)*")
_DIGITS = regex.compile(r"\+?\d[\d.-]*")
_GLUED_STREET = regex.compile(r"[a-z]{2,}(?:street|avenue|nagar|road|colony)|(?:street|avenue|nagar|road|colony|blvd)[a-z]{3,}")
_MAIL = regex.compile(r"[a-z0-9._-]{2,}(?:com|globalnet|castnet|mailin|mailorg|mailnet|yahooin|userorg)")
_NOT_MAIL = frozenset("telecom intercom sitcom dotcom welcom wellcom".split())


class Token(NamedTuple):
    start: int
    end: int
    text: str  # lower case, without signs at its sides
    kind: str


def tokens_of(text: str) -> list[Token]:
    """Kinds: chat, name, maybe (no dictionary has it and it can be said), surname (a word too), wordname (rather the word), rare (a word that is not
    frequent), slip (of a word of the chat), slipped (of another), word, letters, place, street, digits, code, mail."""
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
