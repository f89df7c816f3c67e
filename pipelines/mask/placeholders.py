"""Typed placeholders, numbered within a conversation: the same value keeps its number in every turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.mask.labels import LABELS, Finding, placeholder
from pipelines.mask.language import is_chinese
from pipelines.mask.normalise import value_key


class Numbering:
    """The numbers that one conversation has given out, by type and normalised value."""

    def __init__(self, labels: Mapping[str, tuple[str, str]] = LABELS) -> None:
        self._labels = labels
        self._numbers: dict[tuple[str, str], int] = {}
        self._last: Counter[str] = Counter()

    def number(self, type_: str, value: str) -> int:
        key = (type_, identity(type_, value))
        if key not in self._numbers:
            self._last[type_] += 1
            self._numbers[key] = self._last[type_]
        return self._numbers[key]

    def apply(self, text: str, findings: Sequence[Finding]) -> str:
        """`text` with each finding (in order, none overlapping) replaced, in the language of `text`."""
        chinese, parts, at = is_chinese(text), [], 0
        for finding in findings:
            number = self.number(finding.type, text[finding.start : finding.end])
            parts += [text[at : finding.start], placeholder(finding.type, number, chinese, self._labels)]
            at = finding.end
        return "".join([*parts, text[at:]])


def identity(type_: str, value: str) -> str:
    """`value` without spelling: +86 138-0013-8000 and 13800138000 are one number."""
    key = value_key(value)
    if type_ == "PHONE":
        return re.sub(r"^(?:00)?86(?=1\d{10}$)", "", key)
    return key
