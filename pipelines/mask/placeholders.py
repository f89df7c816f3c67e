"""Typed placeholders, numbered within a conversation: the same value keeps its number in every turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pipelines.mask.labels import LABELS, Finding, placeholder
from pipelines.mask.language import is_chinese
from pipelines.mask.normalise import value_key

Replacer = Callable[[str, str, bool], str]  # (type, value, in a Chinese text?) -> what stands in its place


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

    def __call__(self, type_: str, value: str, chinese: bool) -> str:
        """The placeholder of `value` in the language of the text that it stands in."""
        return placeholder(type_, self.number(type_, value), chinese, self._labels)


def put(text: str, findings: Sequence[Finding], replacer: Replacer) -> tuple[str, list[str]]:
    """`text` with each finding (in order, none overlapping) replaced, and what stands in its place."""
    if not findings:
        return text, []
    chinese, parts, at = is_chinese(text), [], 0
    replacements: list[str] = []
    for finding in findings:
        replacements.append(replacer(finding.type, text[finding.start : finding.end], chinese))
        parts += [text[at : finding.start], replacements[-1]]
        at = finding.end
    return "".join([*parts, text[at:]]), replacements


def identity(type_: str, value: str) -> str:
    """`value` without spelling: +86 138-0013-8000 and 13800138000 are one number."""
    key = value_key(value)
    if type_ == "PHONE":
        return re.sub(r"^(?:00)?86(?=1\d{10}$)", "", key)
    return key
