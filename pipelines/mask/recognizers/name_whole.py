"""A Chinese name whole, where the reader sees it in parts or with a word behind it: 查|女|士, 门|永福, 杨过的."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipelines.mask.reader.net import Seen
from pipelines.mask.reader.spans import LEAST, Reading
from pipelines.mask.recognizers.surnames import SURNAME

FAINT = 0.12  # the chance of a unit between parts, or of a family name before them
SURELY = 0.6  # 买合木提: what might be a word behind a name is of it
_HAN = regex.compile(r"[\u3400-\u9fff]")
_FAMILY = regex.compile(SURNAME)
_TAIL = regex.compile(
    r"(?P<never>(?<=[\u3400-\u9fff]{2})[的吗呢]$|(?<=[\u3400-\u9fff])(?:什么|啥).*)"
    r"|(?<=[\u3400-\u9fff]{2})[提说收吧啊了还也那]$|(?<=[A-Za-z])[\u3400-\u9fff]+$"
)


def whole(text: str, found: Iterable[Reading], seen: Seen) -> list[Reading]:
    """`found` with the Chinese names among them joined, begun and ended where they do."""
    joined: list[Reading] = []
    for reading in found:
        if joined and _is_one(joined[-1], reading, text, seen):
            last = joined.pop()
            reading = last._replace(end=reading.end, score=max(last.score, reading.score))
        joined.append(reading)
    return [_edged(text, one, seen) if one.type == "PERSON" else one for one in joined]


def _is_one(one: Reading, other: Reading, text: str, seen: Seen) -> bool:
    """Whether nothing, or a character that may be of a name, parts a character from the rest of its name."""
    gap = text[one.end : other.start]
    if one.type != "PERSON" or other.type != "PERSON" or not _HAN.match(text, one.start):
        return False
    if not gap:
        return one.end == one.start + 1
    lone = one.end == one.start + 1 or other.end == other.start + 1
    return lone and bool(_HAN.fullmatch(gap)) and seen.chance("PERSON", one.end, other.start) >= FAINT


def _edged(text: str, name: Reading, seen: Seen) -> Reading:
    """With the family name before it, and without what is no name behind it."""
    start, end = name.start, name.end
    family = _FAMILY.fullmatch(text[max(0, start - 1) : start]) is not None
    if family and end - start < 3 and FAINT <= seen.chance("PERSON", start - 1, start) < LEAST:
        start -= 1
    tail = _TAIL.search(text[start:end])
    if tail and (tail["never"] or seen.chance("PERSON", start + tail.start(), end) < SURELY):
        end = start + tail.start()
        return name._replace(start=start, end=end, score=round(seen.chance("PERSON", start, end), 3))
    return name._replace(start=start)
