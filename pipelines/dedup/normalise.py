"""What counts as the same text: case, width, punctuation and whose placeholder it is do not matter."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

from pipelines.mask.labels import LABELS, PLACEHOLDER

TYPES = {label: type_ for type_, labels in LABELS.items() for label in labels}  # a company's own: the label
PRIVATE_USE = 0xE000  # to 0xF8FF: 6,400 code points that no text of a customer uses
DROPPED = re.compile("[^\\w\ue000-\uf8ff]|_")


def normalise(text: str) -> str:
    """`text` after NFKC, lower case, without punctuation, symbols and spaces.

    A placeholder such as `<NAME_2>` or `<姓名2>` becomes one character that stands for its type, so that it
    weighs as one Chinese character does, and neither its number nor its language tells two texts apart.
    """
    folded = PLACEHOLDER.sub(_type_token, unicodedata.normalize("NFKC", text))
    return DROPPED.sub("", folded.lower())


def _type_token(found: re.Match[str]) -> str:
    label = found[0].strip("<>").rstrip("0123456789").rstrip("_")
    return chr(PRIVATE_USE + crc32(TYPES.get(label, label).encode()) % 6400)
