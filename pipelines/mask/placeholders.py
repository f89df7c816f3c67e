"""Typed placeholders, numbered within a conversation: the same value keeps its number in every turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipelines.mask.labels import LABELS, Finding, placeholder, placeholder_pattern
from pipelines.mask.normalise import spelling

Replacer = Callable[
    [str, str, bool], str
]  # (type, value, in a Chinese conversation?) -> what stands in its place


class Numbering:
    """The numbers that one conversation has given out, by type and normalised value.

    They begin above those of placeholders that its `texts` held before.
    """

    def __init__(self, labels: Mapping[str, tuple[str, str]] = LABELS, texts: Iterable[str] = ()) -> None:
        self._labels = labels
        self._numbers: dict[tuple[str, str], int] = {}
        self._last = _highest(labels, texts)

    def number(self, type_: str, value: str) -> int:
        key = (type_, identity(type_, value))
        if key not in self._numbers:
            self._last[type_] += 1
            self._numbers[key] = self._last[type_]
        return self._numbers[key]

    def __call__(self, type_: str, value: str, chinese: bool) -> str:
        """The placeholder of `value` in the language of the conversation."""
        return placeholder(type_, self.number(type_, value), chinese, self._labels)


def _highest(labels: Mapping[str, tuple[str, str]], texts: Iterable[str]) -> Counter[str]:
    """The highest number of each type's placeholders in `texts`."""
    last: Counter[str] = Counter()
    marked = [text for text in texts if "<" in text]
    if marked:
        types = {name: type_ for type_, names in labels.items() for name in names}
        for match in placeholder_pattern(labels.values()).finditer("\n".join(marked)):
            name, number = re.fullmatch(r"<(.+?)_?(\d+)>", match.group()).groups()  # type: ignore[union-attr]
            last[types[name]] = max(last[types[name]], int(number))
    return last


def put(text: str, findings: Sequence[Finding], replacer: Replacer, chinese: bool) -> tuple[str, list[str]]:
    """`text` with each finding (in order, none overlapping) replaced, and what stands in its place."""
    if not findings:
        return text, []
    parts: list[str] = []
    at = 0
    replacements: list[str] = []
    for finding in findings:
        replacements.append(replacer(finding.type, text[finding.start : finding.end], chinese))
        parts += [text[at : finding.start], replacements[-1]]
        at = finding.end
    return "".join([*parts, text[at:]]), replacements


def identity(type_: str, value: str) -> str:
    """`value` without spelling: +86 138-0013-8000 and 13800138000 are one number."""
    key = spelling(value)
    if type_ == "PHONE":
        return re.sub(r"^(?:00)?86(?=1\d{10}$)", "", key)
    return key
