"""One conversation masked: what its texts show, what its dialogue shows, and every repetition of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines.mask.dialogue import from_dialogue
from pipelines.mask.families import of_families
from pipelines.mask.labels import Finding
from pipelines.mask.language import is_chinese
from pipelines.mask.placeholders import put
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.mask.recognizers.read import Read
from pipelines.mask.repeated import agreed, repeated, typed
from pipelines.mask.replacement import PLACEHOLDERS, Replacement
from pipelines.mask.resolve import resolve, without_kept


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
    language: str | None = None,
) -> Masked:
    """Masks `messages` of (role, text); `known` has the findings of each distinct text.

    `scope` is within which a value keeps its surrogate: the customer, else the conversation. Placeholders
    are in `language`; where that is neither zh nor en, Chinese if any message holds a Chinese character.
    """
    found = {index: list(known.get(text, ())) for index, (_, text) in enumerate(messages)}
    for index, extra in looked_back(messages, found).items():
        more = list(filter(policy.accepts, extra))
        found[index] = [*_unmet(found[index], more), *more]
    texts = [text for _, text in messages]
    resolved = [resolve(text, found[index], policy) for index, text in enumerate(texts)]
    types = agreed(texts, resolved)
    resolved = [typed(text, findings, types) for text, findings in zip(texts, resolved, strict=True)]
    resolved = repeated(texts, of_families(texts, resolved, policy), policy)
    masked = [
        without_kept(text, resolved[i], typed(text, found[i], types), policy) for i, text in enumerate(texts)
    ]
    replacer = replacement.of(scope, texts, masked, policy.labels)
    chinese = language == "zh" or (language != "en" and any(map(is_chinese, texts)))
    put_in = [put(text, findings, replacer, chinese) for text, findings in zip(texts, masked, strict=True)]
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
