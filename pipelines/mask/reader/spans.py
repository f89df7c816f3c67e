"""From the chances of tags to spans with a type and a score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipelines.mask.reader.net import TYPES, Seen

LEAST = 0.2  # what is less likely than this is not looked at
MOST = 1 - LEAST + 1e-3  # where it is likelier than this that there is nothing, no type reaches LEAST


class Reading(NamedTuple):
    start: int  # [start, end) in characters
    end: int
    type: str
    score: float  # mean chance of the type over the span's units


def readings(seen: Seen) -> Iterator[Reading]:
    """The spans of a text whose units are likelier than LEAST to be of a type."""
    if not len(seen.chances) or seen.chances[:, 0].min() > MOST:
        return
    typed = seen.chances[:, 1::2] + seen.chances[:, 2::2]  # (units, types)
    if not (typed > LEAST).any():
        return
    kinds: list[int] = np.where(typed.max(axis=1) > LEAST, typed.argmax(axis=1), -1).tolist()
    begins = seen.chances[:, 1::2] > seen.chances[:, 2::2]
    start = 0
    for at in range(1, len(kinds) + 1):
        kind = kinds[start]
        if at < len(kinds) and kinds[at] == kind and not (kind >= 0 and begins[at, kind]):
            continue
        if kind >= 0:
            score = float(typed[start:at, kind].mean(dtype=np.float64))
            yield Reading(seen.spans[start][0], seen.spans[at - 1][1], TYPES[kind], round(score, 3))
        start = at
