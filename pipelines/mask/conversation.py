"""One conversation masked: what its texts show, what its dialogue shows, and every repetition of either."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines.mask.dialogue import from_dialogue
from pipelines.mask.labels import Finding
from pipelines.mask.language import HAN
from pipelines.mask.normalise import value_key
from pipelines.mask.placeholders import put
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.mask.recognizers.read import Read
from pipelines.mask.replacement import PLACEHOLDERS, Replacement
from pipelines.mask.resolve import resolve, without_kept

REPEATED = {  # characters from which on a value is looked for in the other turns
    "PERSON": 2, "ZIP": 4, "USERNAME": 5, "PASSWORD": 5, "ORDER_NUMBER": 6, "ADDRESS": 6, "WECHAT": 6,
    "QQ": 6, "LICENSE_PLATE": 6, "PHONE": 7, "PASSPORT": 7, "TRAVEL_PERMIT": 8, "BANK_ACCOUNT": 8,
    "ID_CARD": 8, "SSN": 8, "TRACKING_NUMBER": 8, "DRIVING_LICENCE": 8, "BANK_CARD": 12,
}  # fmt: skip


class Masked(NamedTuple):
    texts: list[str]
    findings: list[list[Finding]]  # of each text, without those whose type is switched off
    replacements: list[list[str]]  # of each finding: what stands in its place


def mask_conversation(
    messages: Sequence[tuple[str, str]],
    known: Mapping[str, Sequence[Finding]],
    policy: Policy = DEFAULT,
    replacement: Replacement = PLACEHOLDERS,
    scope: str = "",
) -> Masked:
    """Masks `messages` of (role, text); `known` has the findings of each distinct text.

    `scope` is within which a value keeps its surrogate: the customer, else the conversation.
    """
    found = {index: list(known.get(text, ())) for index, (_, text) in enumerate(messages)}
    for index, extra in looked_back(messages, found).items():
        more = list(filter(policy.accepts, extra))
        found[index] = [*_unmet(found[index], more), *more]
    texts = [text for _, text in messages]
    resolved = [resolve(text, found[index], policy) for index, text in enumerate(texts)]
    resolved = _repeated(texts, resolved, policy)
    masked = [without_kept(text, resolved[i], found[i], policy) for i, text in enumerate(texts)]
    replacer = replacement.of(scope, texts, masked, policy.labels)
    put_in = [put(text, findings, replacer) for text, findings in zip(texts, masked, strict=True)]
    return Masked([text for text, _ in put_in], masked, [replaced for _, replaced in put_in])


def looked_back(
    messages: Sequence[tuple[str, str]], found: Mapping[int, Sequence[Finding]]
) -> dict[int, list[Finding]]:
    """What the dialogue shows beside what rules `found`: the reader knows no turn but its own."""
    return from_dialogue(
        messages,
        {index: [f for f in listed if f.source != Read.__name__] for index, listed in found.items()},
    )


def _unmet(found: Sequence[Finding], more: Sequence[Finding]) -> list[Finding]:
    """`found` without what the reader saw where the dialogue shows that it is of another type."""
    return [one for one in found if one.source != Read.__name__ or not any(_differs(one, f) for f in more)]


def _differs(one: Finding, other: Finding) -> bool:
    return one.type != other.type and one.start < other.end and other.start < one.end


def _repeated(texts: Sequence[str], resolved: list[list[Finding]], policy: Policy) -> list[list[Finding]]:
    """Adds every other occurrence of a value found once: the NER sees a name in one turn, not in all."""
    values: dict[str, Finding] = {}
    for text, findings in zip(texts, resolved, strict=True):
        for finding in findings:
            value = text[finding.start : finding.end]
            if len(value_key(value)) >= REPEATED.get(finding.type, 99) and _distinct(value):
                values.setdefault(value, finding)
    if not values:
        return resolved
    pattern = re.compile("|".join(_bounded(value) for value in sorted(values, key=lambda v: (-len(v), v))))
    return [
        _with(text, pattern, values, findings, policy) for text, findings in zip(texts, resolved, strict=True)
    ]


def _with(
    text: str,
    pattern: re.Pattern[str],
    values: Mapping[str, Finding],
    findings: list[Finding],
    policy: Policy,
) -> list[Finding]:
    hidden = [match.span() for match in policy.placeholder.finditer(text)]
    extra = [
        values[match.group()]._replace(start=match.start(), end=match.end(), source="Repeated")
        for match in pattern.finditer(text)
        if not any(start <= match.start() < end for start, end in hidden)
    ]
    return resolve(text, [*findings, *extra], policy) if extra else findings


def _distinct(value: str) -> bool:
    """Whether `value` is unlikely to be an ordinary word elsewhere."""
    if HAN.search(value):
        return len(value) >= 2
    return len(value) >= 4 and (value[0].isupper() or any(char.isdigit() for char in value))


def _bounded(value: str) -> str:
    left = r"(?<![0-9A-Za-z])" if value[0].isascii() else ""
    right = r"(?![0-9A-Za-z])" if value[-1].isascii() else ""
    return f"{left}{re.escape(value)}{right}"
