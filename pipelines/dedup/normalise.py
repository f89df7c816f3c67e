"""What counts as the same text: case, width, punctuation and whose placeholder it is do not matter."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

PLACEHOLDER = re.compile(r"[<\[{]{1,2}([A-Z][A-Z_]*?)(?:_?\d+)?[>\]}]{1,2}")
PRIVATE_USE = 0xE000  # to 0xF8FF: 6,400 code points that no text of a customer uses
DROPPED = re.compile("[^\\w\ue000-\uf8ff]|_")


def normalise(text: str) -> str:
    """`text` after NFKC, lower case, without punctuation, symbols and spaces.

    A placeholder such as `<PERSON_2>` becomes one character that stands for its type, so that it weighs
    as one Chinese character does and the number in it does not tell two texts apart.
    """
    folded = PLACEHOLDER.sub(_type_token, unicodedata.normalize("NFKC", text))
    return DROPPED.sub("", folded.lower())


def _type_token(found: re.Match[str]) -> str:
    return chr(PRIVATE_USE + crc32(found[1].encode()) % 6400)
