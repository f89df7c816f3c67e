"""Brands, places, heroes and invented words: what stands where a name could and is none."""

from __future__ import annotations

import re
from random import Random

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.words import words

HEROES = tuple(word for word in words("not_persons.zh") if len(word) > 2)
_BRANDS = tuple(sorted(word for word in lexicon.brands() if word.isalpha() and len(word) > 2))
_PLACES = tuple(sorted(word for word in lexicon.places() if word.isalpha() and len(word) > 3))
_NAMES = tuple(sorted(word for word in lexicon.last_names() if len(word) > 3))
_WORDS = tuple(sorted(word for word in lexicon.frequent() if word.isalpha() and len(word) > 3))
_LATIN = sorted({*_BRANDS, *_PLACES} - lexicon.frequent())
KNOWN = re.compile(
    rf"(?<![A-Za-z'’.-])(?:{'|'.join(word.capitalize() for word in _LATIN if len(word) > 3)})(?![A-Za-z'’-])"
    rf"|{'|'.join(sorted(HEROES, key=len, reverse=True))}"
)  # those of the lists, as they stand in any turn


def latin(value: str, random: Random) -> str:
    """Another thing in Latin letters, written large or small as `value` is."""
    draw = random.random()
    pool = _BRANDS if draw < 0.3 else _PLACES if draw < 0.5 else _NAMES
    word = random.choice(pool)
    if draw > 0.62:  # a word that no list has
        one, other = random.choice(_WORDS), random.choice(_WORDS if draw < 0.8 else _NAMES)
        word = one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
    return word.upper() if value.isupper() else word if value.islower() else word.capitalize()
