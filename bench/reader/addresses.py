"""Addresses as they are written in some forty countries, whole or in part: addresses.txt, a form a line.

`{s}` is a name, `{k}` a kind of street, `{t}` a town, `{n}` and `{u}` a house's and a unit's number, `{l}` a
letter, `^` the sign `#`; `#`, `~`, `@` and `%` are forms.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from random import Random

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.words import words

_CHOICES = {
    "k": (
        "Street|Street|St|Road|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Cres|Way|Place|Terrace"
        "|Gardens|Grove|Hill|Row|Mews|Square|Parade|Walk|Rise|View|Blvd|Circle|Trail|Pkwy|Pike|Loop|Quay|Green"
    ),
    "us": "TX|CA|OH|IL|NY|WA|GA|FL|Texas|Ohio|Oregon|MN|MO|NC|PA|AZ|CO|Vermont",
    "ca": "ON|QC|BC|AB|MB|SK|NS",
    "au": "NSW|VIC|QLD|WA|SA|TAS|ACT|NT",
    "d": "N|S|E|W|NE|NW|SE|SW|North|West",
    "uk": "@@~ #@@|@@~# #@@|@# #@@|@## #@@|@@## #@@",
    "ie": "@## @%@#|@##%%%%",
    "can": "@#@ #@#|@#@#@#",
    "l": "A|B|C|D|E|F|G|H",
}
_PART = re.compile(r"\{(\w+)\}")


def drawn(random: Random) -> str:
    """An address of any country, its signs and capitals sometimes left out."""
    value = _PART.sub(lambda match: _part(match[1], random), random.choice(_forms()))
    draw = random.random()
    if draw < 0.12:
        value = value.replace(",", "")
    return value.lower() if draw > 0.88 else value


def _part(name: str, random: Random) -> str:
    if name in _CHOICES:
        return random.choice(_CHOICES[name].split("|"))
    if name in "nu":
        return str(random.randint(1, 400 if name == "n" else 30))
    return _called(name, random)


def _called(name: str, random: Random) -> str:
    """A street or town: one word of the lists, or two."""
    names, places, things = _words()
    draw = random.random()
    pool = things if draw < 0.25 else places if (name == "t") == (draw < 0.85) else names
    word = random.choice(pool)
    return f"{word} {random.choice(names)}" if random.random() < 0.2 else word


@lru_cache
def _forms() -> list[str]:
    return Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()


@lru_cache
def _words() -> tuple[tuple[str, ...], ...]:
    """Names, places, and words that names are too: Maple, Church, Orchard."""
    names = lexicon.last_names() | lexicon.first_names()
    return _plain(names), _plain(lexicon.places()), _plain(words("words_not_names.en"))


def _plain(listed: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(word.capitalize() for word in listed if word.isalpha() and len(word) > 3))
