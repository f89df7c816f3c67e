"""English names that a list knows: `Denzel from dispatch`, `danny kowalczyk here`, `linda and gary`.

Capitalised, a first name is enough, with the family name and particles beside it; in lower case it takes two
names side by side, or a word before it that a name follows.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult

SCORE = 0.7
_PARTICLE = (
    r"(?:van der|van den|van de|van|von|de la|de|den|del|della|di|da|dos|du|la|le|bin|ibn|al|el|ter|ten)"
)
_CAPITAL = r"[A-ZÀ-Þ](?:['’][A-Z])?[a-zà-ÿ]+(?:['’-][A-ZÀ-Þ]?[a-zà-ÿ]+)*"
_RUN = regex.compile(
    rf"(?<![A-Za-z0-9@._/-]){_CAPITAL}(?: (?:[A-Z]\.?(?![A-Za-z])|(?:{_PARTICLE}[ -])?{_CAPITAL}))*"
    rf"(?![A-Za-z0-9@_]|\.[a-z])"
)
_LOWER = regex.compile(r"(?<![A-Za-z0-9@._'-])[a-zà-ÿ][a-zà-ÿ'-]+(?![A-Za-z0-9@_'-]|\.[A-Za-z])")
_CUE = regex.compile(
    r"(?<![A-Za-z])(?:this is|i am|i'm|im|its|it's|name is|name's|file is|name on (?:it|the \w+) is|hi"
    r"|hello|hey|dear|thanks"
    r"|thank you|cheers|sorry|sure|mister|missus|mr|mrs|ms|miss|dr|captain|officer|through to|speaking "
    r"(?:to|with)|talk to|ask for"
    r"|call me|go by|goes by|named|my (?:husband|wife|partner|son|daughter|mum|mom|dad|father|mother"
    r"|brother|sister|friend"
    r"|boss|colleague|fianc[eé]e?|neighbou?r|parents)|grandma|grandpa|uncle|aunt(?:ie)?|last name"
    r"|first name|surname"
    r"|account holder|spoke (?:to|with)|attention|attn)[,:]? $",
    regex.IGNORECASE,
)
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
        if lexicon.is_famous(run.group()):
            continue
        cued = bool(_CUE.search(text[: run.start()]))
        found = list(regex.finditer(r"[^ ]+", run.group()))
        while found and not (is_first(found[0].group()) or (cued and is_given(found[0].group()))):
            del found[0]
        while found and not _may_end(found[-1].group()):
            del found[-1]
        if found:
            start, end = run.start() + found[0].start(), run.start() + found[-1].end()
            if _is_person([match.group() for match in found], text[:start], text[end:]):
                yield start, end


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


def is_given(word: str) -> bool:
    """Whether `word` is a first name where English is spoken, whatever else it means."""
    return word.lower() in lexicon.english_first_names() and word.lower() not in lexicon.chat()


def _may_end(word: str) -> bool:
    plain = word.lower().strip(".")
    return len(plain) == 1 or plain in lexicon.first_names() or is_family(plain)


def _is_person(words: list[str], before: str, after: str) -> bool:
    if lexicon.is_famous(" ".join(words)) or _NOT_AFTER.match(after):
        return False
    alone = len(words) == 1
    if not alone:
        return True
    plain = words[0].lower()
    if plain in lexicon.places() and not _CUE.search(before):
        return False
    return not _NOT_BEFORE.search(before)


def lower_case(text: str) -> Iterator[tuple[int, int]]:
    tokens = list(_LOWER.finditer(text))
    for at, token in enumerate(tokens):
        if not is_first(token.group()) or (
            token.group() in lexicon.places() and not _CUE.search(text[: token.start()])
        ):
            continue
        end = _family_after(text, tokens, at)
        if end > token.end() or _CUE.search(text[: token.start()]):
            if not lexicon.is_famous(text[token.start() : end]) and not _NOT_AFTER.match(text[end:]):
                yield token.start(), end
        elif (
            at + 2 < len(tokens)
            and text[token.end() : tokens[at + 1].end()] == " and"
            and (
                is_first(tokens[at + 2].group())
                and _family_after(text, tokens, at + 2) > tokens[at + 2].end()
            )
        ):
            yield token.start(), token.end()


def _family_after(text: str, tokens: list[regex.Match[str]], at: int) -> int:
    """Where the family name that follows ends; the first name's own end if none does."""
    end = tokens[at].end()
    match = regex.match(
        rf" (?:[a-z]\.? )?(?:{_PARTICLE} )?([a-zà-ÿ][a-zà-ÿ'-]+)(?![A-Za-z0-9@_]|\.[a-z])", text[end:]
    )
    if not match:
        return end
    word = match[1]
    strict = (
        word in lexicon.chat()
        or word in lexicon.frequent()
        or word in lexicon.never_names() - lexicon.last_names()
    )
    if strict or not is_family(word) or lexicon.is_slip(word):
        return end
    return end + match.end()
