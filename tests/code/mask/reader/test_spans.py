"""From chances to spans."""

import numpy as np
import pytest

from pipelines.mask.reader.net import TAGS, TYPES, Seen
from pipelines.mask.reader.spans import Reading, readings


def seen(*tags):
    """A unit of one character for each (type or "", whether it begins a value, chance)."""
    chances = np.zeros((len(tags), TAGS), np.float32)
    for row, (kind, begins, chance) in zip(chances, tags, strict=True):
        row[0] = 1 - chance
        if kind:
            row[1 + 2 * TYPES.index(kind) + (not begins)] = chance
    return Seen([(i, i + 1) for i in range(len(tags))], chances)


NONE = ("", True, 0.0)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([], []),
        ([NONE, NONE], []),
        ([("OTP", True, 0.15)], []),
        ([NONE, ("OTP", True, 0.5), NONE], [Reading(1, 2, "OTP", 0.5)]),
        ([("PERSON", True, 1.0), ("PERSON", False, 0.5)], [Reading(0, 2, "PERSON", 0.75)]),
        ([("PERSON", False, 1.0), NONE], [Reading(0, 1, "PERSON", 1.0)]),
        ([("ZIP", True, 1.0), ("ZIP", True, 1.0)], [Reading(0, 1, "ZIP", 1.0), Reading(1, 2, "ZIP", 1.0)]),
        ([("ZIP", True, 1.0), ("OTP", False, 1.0)], [Reading(0, 1, "ZIP", 1.0), Reading(1, 2, "OTP", 1.0)]),
    ],
)
def test_readings(tags, found):
    assert list(readings(seen(*tags))) == found
