"""What the reader reads: Chinese characters, runs of Latin letters and digits, signs; and what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from zlib import crc32

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.entity import Entity
from pipelines.mask.words import words

BUCKETS = 16384  # of features, by hash; 0 is the space before a unit, 1 that there is none
SPACE, NO_SPACE = 0, 1
Row = tuple[int, int, str]  # SPACE or NO_SPACE, the bucket of the NER's label, the unit
_UNIT = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-zÀ-ɏ]+)*[0-9]*[0-9A-Za-z]*|[0-9]+[0-9A-Za-z]*|[^ \t]")
_RUN = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9]+")
_SURNAMES = frozenset("".join(words("surnames")))
_OF_COMPOUND = frozenset("".join(words("surnames_compound")))
_MONTHS = frozenset(words("months.en"))


def units(text: str) -> list[tuple[int, int]]:
    """[start, end) of each unit of `text`; spaces are none."""
    return [match.span() for match in _UNIT.finditer(text)]


def rows_seen(text: str, spans: Sequence[tuple[int, int]], entities: Sequence[Entity]) -> list[Row]:
    """What the network is told of each unit: the space before it, the NER's label, the unit."""
    if not entities:
        return [(_gap(text, start), UNNAMED, text[start:end]) for start, end in spans]
    labels = named(spans, entities)
    return [
        (_gap(text, start), label, text[start:end]) for (start, end), label in zip(spans, labels, strict=True)
    ]


def _gap(text: str, start: int) -> int:
    return SPACE if not start or text[start - 1] in " \t" else NO_SPACE


@lru_cache(maxsize=65536)
def features(unit: str) -> tuple[int, ...]:
    """The buckets of what is seen of a unit."""
    return tuple(dict.fromkeys(map(bucket, _named(unit))))


def bucket(name: str) -> int:
    return 2 + crc32(name.encode()) % (BUCKETS - 2)


UNNAMED = bucket("entity")


def _named(unit: str) -> Iterator[str]:
    if "\u3400" <= unit[0] <= "\u9fff":
        yield f"h{unit}"
        if unit in _SURNAMES:
            yield "surname"
        if unit in _OF_COMPOUND:
            yield "compound"
        return
    if not unit[0].isalnum():
        yield f"c{unit}"
        return
    yield f"len{min(len(unit), 20)}"
    yield f"shape{shape(unit)}"
    if any(char.isdigit() for char in unit):
        yield from _of_number(unit)
    else:
        yield from _of_word(unit)


def shape(unit: str) -> str:
    """The kinds of its runs with their lengths: `Ab12` is X1x1d2."""
    kinds = (
        (run, "d" if run[0].isdigit() else "x" if run[0].islower() else "X") for run in _RUN.findall(unit)
    )
    return "".join(f"{kind}{min(len(run), 12)}" for run, kind in kinds)[:16]


def _of_number(unit: str) -> Iterator[str]:
    yield "number" if unit.isdigit() else "code"
    yield f"n1{unit[0].lower()}{len(unit)}"
    yield f"n2{unit[:2].lower()}{len(unit)}"
    yield f"n3{unit[:3].lower()}"
    if len(unit) < 3:
        yield f"w{unit.lower()}"


def _of_word(unit: str) -> Iterator[str]:
    low = unit.lower().replace("’", "'")
    plain = low.removesuffix("'s")
    yield f"w{low}"
    yield "upper" if unit.isupper() else "title" if unit[0].isupper() else "lower"
    for length in (2, 3):
        yield f"p{low[:length]}"
        yield f"s{low[-length:]}"
    kinds = {
        "first": plain in lexicon.first_names(),
        "everyday": plain in lexicon.everyday_names(),
        "last": plain in lexicon.last_names(),
        "word": lexicon.is_word(plain),
        "frequent": plain in lexicon.frequent(),
        "place": plain in lexicon.places(),
        "brand": plain in lexicon.brands(),
        "month": plain in _MONTHS,
    }
    held = [name for name, holds in kinds.items() if holds]
    yield "lists:" + ",".join(held)
    yield from (f"list:{name}" for name in held)


def named(spans: Sequence[tuple[int, int]], entities: Sequence[Entity]) -> list[int]:
    """The bucket of the NER's label of each unit; that of no label where no entity holds it."""
    labels = [""] * len(spans)
    for entity in entities:
        for at, (start, end) in enumerate(spans):
            if entity.start < end and start < entity.end:
                labels[at] = entity.label
    return [bucket(f"entity{label}") for label in labels]
