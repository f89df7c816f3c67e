"""English names that a list knows: `Denzel from dispatch`, `danny kowalczyk here`, `linda and gary`.

Capitalised, a first name is enough, with the family name and particles beside it; in lower case it takes two
names side by side, or a word before it that a name follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask import name_evidence as evidence
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult

SCORE = 0.7
_PARTICLE = (
    r"(?:van der|van den|van de|van|von|de la|de|den|del|della|di|da|dos|du|la|le|bin|ibn|al|el|ter|ten)"
)
_CAPITAL = r"[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ](?:['’][A-Z])?[a-zà-ɏ]+(?:['’-][A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ]?[a-zà-ɏ]+)*"
_RUN = regex.compile(
    rf"(?<![A-Za-z0-9@._/-]){_CAPITAL}(?: (?:(?!I [a-z])[A-Z]\.?(?![A-Za-zÀ-ɏ])|(?:Ó|Ní|Nic|Uí) {_CAPITAL}|(?:{_PARTICLE}[ -])?{_CAPITAL}))*"
    rf"(?![A-Za-z0-9@_]|\.[a-z])"
)
_LOWER = regex.compile(r"(?<![A-Za-z0-9@._'-])[a-zà-ɏ][a-zà-ɏ'-]+(?![A-Za-z0-9@_'-]|\.[A-Za-z])")
_NOT_BEFORE = regex.compile(
    r"(?<![A-Za-z])(?:the|a|an|in|at|near|from|to|san|los|new|fort|port|mount|lake|prince|saint|st\.?|&) $"
)
_NOT_AFTER = regex.compile(
    r"['’]s \d| & |, (?-i:[A-Z]{2})(?![A-Za-z])| (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|hotel"
    r"|airport|city|county|university|park|branch|store|mall"
    r"|collection|range|edition|sofa|boot|boots|dress|shirt|furniture|polo|perfume|whisky|set|ltd|llc|inc"
    r"|gmbh|traders"
    r"|trading|apartments|towers|house|hospital|station)(?![A-Za-z])",
    regex.IGNORECASE,
)
_WORDS = regex.compile(r"[^ ]+")
_LAST_CAPITAL = regex.compile(r"[A-Z][A-Za-z.]* $")
_FAMILY = regex.compile(rf" (?:[a-z]\.? )?(?:{_PARTICLE} )?([a-zà-ɏ][a-zà-ɏ'-]+)(?![A-Za-z0-9@_]|\.[a-z])")
_NEVER_ACTS = frozenset(
    [
        *("page", "sky", "chase", "price", "chance", "case", "store", "royal", "prince", "apple", "summer"),
        *("star", "sunny", "rain", "guy", "will", "may", "art", "cash", "chip"),
    ]
)


class NameLexicon(LocalRecognizer):
    languages = ("en", "mixed")

    def __init__(self, language: str = "en") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        spans = sorted({*capitalised(text), *lower_case(text)})
        return [RecognizerResult("PERSON", start, end, SCORE) for start, end in spans]


def capitalised(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        words = run.group().split(" ")
        if len(words) < 3 and not any(is_first(word) or is_given(word) for word in words):
            continue
        before = text[: run.start()]
        acting = (
            evidence.acts(text[run.end() :])
            and run.group().lower() not in _NEVER_ACTS
            and run.group().lower() not in lexicon.places()
        )
        cued = evidence.is_cued(before, weakly=run.group().lower() not in lexicon.places()) or acting
        found = list(_WORDS.finditer(run.group()))
        parts = [part.group() for part in found]
        while found and not _may_begin(parts[-len(found) :], cued):
            if parts[-len(found)].lower() in lexicon.brands():
                found = []
                break
            del found[0]
        while found and not _may_end(found[-1].group()):
            del found[-1]
        if found:
            start, end = run.start() + found[0].start(), run.start() + found[-1].end()
            if evidence.is_brand(_word_before(before) + run.group()) or _is_other(text, start, end, cued):
                continue
            yield start, end


def _word_before(before: str) -> str:
    match = _LAST_CAPITAL.search(before)
    return match.group() if match else ""


def _is_other(text: str, start: int, end: int, cued: bool) -> bool:
    """Whether what stands around a listed name makes it a place, a date or goods."""
    if evidence.is_bot_or_firm(text, start, end):
        return True
    if _NOT_AFTER.match(text[end:]) or evidence.is_place_or_date(text, start, end):
        return True
    if cued:
        return False
    alone = " " not in text[start:end]
    plain = text[start:end].lower()
    if alone and (
        plain in lexicon.places() or _NOT_BEFORE.search(text[:start]) or text[end : end + 1] == '"'
    ):
        return True
    return evidence.is_goods(text, start, end)


@lru_cache(maxsize=65536)
def is_first(word: str) -> bool:
    """Whether a list has it as a first name and it isn't a word that means something else."""
    plain = word.lower().partition("-")[0]
    if plain in lexicon.never_names() or plain in lexicon.frequent() or plain not in lexicon.first_names():
        return False
    return not lexicon.is_word(plain) or plain in lexicon.english_first_names()


def is_family(word: str) -> bool:
    """A family name, or a word that no dictionary knows."""
    plain = word.lower()
    if plain in lexicon.chat() or plain in lexicon.brands():
        return False
    return plain in lexicon.last_names() or not lexicon.is_word(plain)


@lru_cache(maxsize=65536)
def is_given(word: str) -> bool:
    """Whether `word` is a first name where English is spoken, whatever else it means."""
    return word.lower() in lexicon.english_first_names() and word.lower() not in lexicon.chat()


def _may_begin(parts: list[str], cued: bool) -> bool:
    """Whether the first of `parts` can begin a name: `Rosemary Holloway` and `Faizal bin Osman` do too."""
    first, plain = parts[0], parts[0].lower()
    if is_first(first) or (cued and is_given(first)):
        return True
    if len(parts) == 1 or plain in lexicon.chat() | lexicon.brands():
        return False
    family = parts[-1].lower()
    named = family in lexicon.last_names() and not lexicon.is_word(family)
    joined = regex.fullmatch(_PARTICLE, parts[1]) is not None and not lexicon.is_word(plain)
    return (named and is_given(first)) or (joined and (named or is_first(parts[-1])))


def _may_end(word: str) -> bool:
    plain = word.lower().strip(".")
    return len(plain) == 1 or plain in lexicon.first_names() or is_family(plain)


def lower_case(text: str) -> Iterator[tuple[int, int]]:
    tokens = list(_LOWER.finditer(text))
    for at, token in enumerate(tokens):
        word = token.group()
        given = is_given(word) and word not in _NEVER_ACTS
        if not given and not is_first(word):
            continue
        word_too = lexicon.is_word(word)
        acting = (
            given and evidence.acts(text[token.end() :], surely=word_too) and word not in lexicon.places()
        )
        cued = evidence.is_cued(text[: token.start()], weakly=not word_too) or acting
        if not (is_first(word) or (cued and given)) or (word in lexicon.places() and not cued):
            continue
        end = _further_family(text, _family_after(text, tokens, at), token.end())
        sure = cued or end > token.end() or _is_only_name(word) or _is_pair(text, tokens, at)
        if (
            sure
            and not evidence.is_brand(text[token.start() : end])
            and not _is_other(text, token.start(), end, cued)
        ):
            yield token.start(), end


def _further_family(text: str, end: int, first: int) -> int:
    """Where a second family name ends: `ravi shankar pillai`."""
    match = regex.match(r" ([a-zà-ɏ]{3,})(?![A-Za-z0-9@_'-]|\.[a-z])", text[end:]) if end > first else None
    known = match and match[1] in lexicon.last_names() and not lexicon.is_word(match[1])
    return end + match.end() if match and known else end


def _is_only_name(word: str) -> bool:
    """Whether `word` is a first name of the English-speaking world and nothing else."""
    known = word in lexicon.english_first_names() or word in lexicon.indian_first_names()
    return len(word) > 3 and known and not lexicon.is_word(word) and not lexicon.is_chat(word)


def _is_pair(text: str, tokens: list[regex.Match[str]], at: int) -> bool:
    """`linda and gary holt`"""
    if at + 2 >= len(tokens) or text[tokens[at].end() : tokens[at + 1].end()] != " and":
        return False
    return is_first(tokens[at + 2].group()) and _family_after(text, tokens, at + 2) > tokens[at + 2].end()


def _family_after(text: str, tokens: list[regex.Match[str]], at: int) -> int:
    """Where the family name that follows ends; the first name's own end if none does."""
    end = tokens[at].end()
    match = _FAMILY.match(text[end:])
    if not match:
        return end
    word = match[1]
    strict = (
        word in lexicon.chat()
        or word in lexicon.frequent()
        or word in lexicon.never_names() - lexicon.last_names()
    )
    if strict or not is_family(word) or (at and lexicon.is_slip(word) and word not in lexicon.last_names()):
        return end
    return end + match.end()
