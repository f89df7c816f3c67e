"""English answers whose form says nothing: secrets, pieces of an address, account numbers, bare user names.

Only the question tells what they are, so `en.ASKED` has types of its own for two of them: SECRET (a security
question, a password: the whole answer is the value, as PASSWORD) and ADDRESS_PART (house number, street, unit).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import spoken
from pipelines.mask.dialogue.en import NOT
from pipelines.mask.dialogue.tokens import GRAMMAR, MONTHS, STREET, UNITS
from pipelines.mask.words import words as listed

MAX_CHARS = 70
Span = tuple[int, int, str]
_FLAGS = regex.IGNORECASE
_LEAD = regex.compile(
    r"^(?:(?:yes|yeah|yep|sure|ok|okay|of course|certainly|no|um|uh|hmm|hi|so|well|here|got it|there|try"
    r"|(?:it|that)(?: is| was|['’]?s| says| should be)|(?:should|would|could|might) be|maybe|probably|(?:i think|i believe|i guess|pretty sure)(?: it['’]?s| it is)?"
    r"|(?:my|the|our|his|her)(?: [a-z'’-]+){1,4}? (?:is|was|number|called)|(?:sign|log)[- ]?in(?: name)?|all"
    r"|lower ?case|upper ?case|(?:the )?(?:one|account|user) called|called|now|user ?name|under|same)"
    r"(?![A-Za-z0-9_@.-]*[0-9_@])(?![A-Za-z])[\s,.:!-]*)+",
    _FLAGS,
)
_TAIL = regex.compile(
    r"(?:[\s,.!]|(?<=\s)(?:please|pls|plz|thanks|thank you|i think|sir|madam|mate))+$", _FLAGS
)
_REFUSALS = frozenset(listed("refusals.en"))
_HANDLE = regex.compile(r"(?<!\S)@?[A-Za-z0-9_][A-Za-z0-9_.-]{2,29}(?<=[A-Za-z0-9_])(?=[\s,.!?]|$)")
_COUNTED = regex.compile(r"\d{1,3}(?:st|nd|rd|th)|\d+[.,]\d+", regex.IGNORECASE)
_ACCOUNT = regex.compile(r"(?<![0-9A-Za-z#.,£$€/])\d[\d -]*\d(?:[, /]+\d[\d -]*\d)*(?![0-9A-Za-z/.])")
_LONG_NUMBER = regex.compile(r"(?:\d[ -]?){7}")  # a telephone's, no house's
_OTHER_NUMBERS = ("PHONE", "SSN", "BANK_CARD", "OTP", "ORDER_NUMBER", "BIRTH_DATE", "ZIP", "PASSWORD")


def parts(text: str, expected: Sequence[str]) -> list[Span]:
    """(start, end, type) of what answers a question for SECRET, ADDRESS_PART, accounts or user names."""
    if len(text) > MAX_CHARS:
        return []
    spans: list[Span] = []
    for kind, find in _FINDERS:
        if kind in expected:
            spans += [span for span in find(text, expected) if not _taken(span, spans)]
    return spans


def _taken(span: Span, spans: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, _ in spans)


def _core(text: str) -> tuple[int, int]:
    head, tail = _LEAD.match(text), _TAIL.search(text)
    start, end = head.end() if head else 0, tail.start() if tail else len(text)
    return (start, end) if start < end else (0, end)


def _bare_words(value: str) -> list[str]:
    return [word.strip(".,'’!\"").lower() for word in value.split()]


def _secret(text: str, expected: Sequence[str]) -> Iterator[Span]:
    start, end = _core(text)
    said = _bare_words(text[start:end])
    if 0 < len(said) <= 5 and not any(word in _REFUSALS for word in said) and not all(w in NOT for w in said):
        yield start, end, "PASSWORD"


def _address_part(text: str, expected: Sequence[str]) -> Iterator[Span]:
    start, end = _core(text)
    said = _bare_words(text[start:end])
    if not 0 < len(said) <= 10 or any(word in _REFUSALS or word in UNITS | MONTHS for word in said):
        return
    numbered = any(char.isdigit() for char in text[start:end]) or spoken.LONG.search(text, start, end)
    named = not any(word in NOT or word in GRAMMAR - {"the", "of"} for word in said)
    if numbered or (named and (text[start].isupper() or said[-1] in STREET or said[0] == "the")):
        yield start, end, "ADDRESS"


def _address_list(text: str, expected: Sequence[str]) -> Iterator[Span]:
    """`Knockroe, Castlebar, Co Mayo`: places set off by commas, and no sentence."""
    start, end = _core(text)
    said = _bare_words(text[start:end])
    if "PERSON" in expected or "," not in text[start:end] or not 3 <= len(said) <= 14:
        return
    if _LONG_NUMBER.search(text, start, end):
        return
    if not any(word in _REFUSALS or word in NOT or word in GRAMMAR - {"the", "of"} for word in said):
        yield start, end, "ADDRESS"


def _accounts(text: str, expected: Sequence[str]) -> Iterator[Span]:
    found = [m for m in _ACCOUNT.finditer(text) if sum(map(str.isdigit, m.group())) >= 4]
    if any(kind in expected for kind in _OTHER_NUMBERS):
        found = found if len(found) == 1 and not any(kind in expected for kind in _OTHER_NUMBERS) else []
    for match in found:
        yield match.start(), match.end(), "BANK_ACCOUNT"


def _handle(text: str, expected: Sequence[str]) -> Iterator[Span]:
    start, end = _core(text)
    found = [match for match in _HANDLE.finditer(text, start, end) if not _COUNTED.fullmatch(match.group())]
    marked = [m for m in found if regex.search(r"[0-9_@]|[a-z]\.[a-z]|[a-z]-[a-z]+-|[a-z][A-Z]", m.group())]
    marked = [m for m in marked if len(m.group()) > 3 and not ("PHONE" in expected and m.group().isdigit())]
    unknown = [m for m in found if m.group().isalpha() and len(m.group()) > 4 and not _is_known(m.group())]
    sole = [m for m in found if m.span() == (start, end) and not _is_said(m.group())]
    several = any(kind in expected for kind in ("PERSON", "PASSWORD", "EMAIL"))
    for match in (marked or (sole if not several else []) or unknown[-1:] if not several else marked)[:1]:
        yield match.start(), match.end(), "USERNAME"


def _is_said(word: str) -> bool:
    return word.lower() in NOT or word.lower() in _REFUSALS or word.lower() in lexicon.chat()


def _is_known(word: str) -> bool:
    low = word.lower()
    return _is_said(word) or lexicon.is_word(low) or lexicon.is_chat(low) or low in lexicon.first_names()


_FINDERS = (
    ("SECRET", _secret), ("ADDRESS_PART", _address_part), ("BANK_ACCOUNT", _accounts), ("USERNAME", _handle),
    ("ADDRESS", _address_list),
)  # fmt: skip
