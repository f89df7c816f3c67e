"""Where a Chinese name begins and ends in what the reader sees."""

import numpy as np
import pytest

from pipelines.mask.reader.net import TAGS, TYPES, Seen
from pipelines.mask.reader.spans import readings
from pipelines.mask.recognizers.name_whole import whole

AT = 1 + 2 * TYPES.index("PERSON")


def names(text, *chances):
    """The names in `text`; each unit with its chance to begin a name (negative: to go on)."""
    rows = np.zeros((len(chances), TAGS), np.float32)
    for row, chance in zip(rows, chances, strict=True):
        row[0], row[AT + (chance < 0)] = 1 - abs(chance), abs(chance)
    units = [(i, i + 1) for i in range(len(chances) - 1)]
    seen = Seen([*units, (len(units), len(text))], rows)
    return [text[one.start : one.end] for one in whole(text, readings(seen), seen)]


@pytest.mark.parametrize(
    ("text", "chances", "found"),
    [
        ("补查女士", (0, 0.7, -0.15, -0.8), ["查女士"]),
        ("补查女士", (0, 0.7, -0.05, -0.8), ["查", "士"]),
        ("布和巴特", (0.7, -0.15, 0.9, -0.9), ["布和巴特"]),
        ("次仁拉姆", (0.4, 0.7, -0.9, -0.9), ["次仁拉姆"]),
        ("张芳李红", (0.9, -0.9, 0.9, -0.9), ["张芳", "李红"]),
        ("他门永福", (0, 0.19, -0.7, -0.7), ["门永福"]),
        ("他就永福", (0, 0.19, -0.7, -0.7), ["永福"]),
        ("杨过的", (0.8, -0.6, -0.4), ["杨过"]),
        ("贺什么", (0.9, -0.6, -0.7), ["贺"]),
        ("买木提", (0.9, -0.9, -0.9), ["买木提"]),
        ("阳春提", (0.9, -0.9, -0.3), ["阳春"]),
    ],
)
def test_whole(text, chances, found):
    assert names(text, *chances) == found


def test_what_stands_behind_a_latin_name_is_none():
    rows = np.zeros((2, TAGS), np.float32)
    rows[0, AT], rows[1, AT + 1] = 0.9, 0.3
    seen = Seen([(0, 4), (4, 5)], rows)
    [one] = whole("wang行", readings(seen), seen)
    assert (one.start, one.end, one.score) == (0, 4, 0.9)
