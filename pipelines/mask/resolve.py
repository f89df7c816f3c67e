"""One span where recognizers disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.mask.labels import Finding
from pipelines.mask.policy import DEFAULT, DENY_LIST, Policy

OPEN = ("ADDRESS",)  # where it stays in the text, what else was found within it is masked all the same
_JOINED = frozenset({"ORDER_NUMBER", "TRACKING_NUMBER", "DRIVING_LICENCE"})  # `WR4719-0826`: one value
_REST = re.compile(r"(?:[-/](?=[A-Z]{0,4}\d|[A-Z]{1,2}(?![A-Za-z0-9]))[A-Z0-9]{1,12}(?![A-Za-z0-9]))+")
_BLOCK = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}\d?-$")  # `B-703 Green Meadows`


def resolve(text: str, findings: Iterable[Finding], policy: Policy = DEFAULT) -> list[Finding]:
    """Findings of `text` that do not overlap, in order; what the allow list names is gone.

    The longest wins, then the highest score. A loser that reaches beyond the winner widens it, so that no
    part of either is left in the text.
    """
    kept: list[Finding] = []
    for finding in sorted(findings, key=_rank):
        if not policy.allows(text, finding):
            kept = _add(kept, _whole(text, finding))
    return sorted(kept)


def _whole(text: str, finding: Finding) -> Finding:
    """With the parts of a code, and of a house's number, that a hyphen or stroke joins to it."""
    if finding.type in _JOINED and (rest := _REST.match(text, finding.end)):
        return finding._replace(end=rest.end())
    if finding.type == "ADDRESS" and (block := _BLOCK.search(text[: finding.start])):
        return finding._replace(start=block.start())
    return finding


def without_kept(
    text: str, resolved: Sequence[Finding], findings: Sequence[Finding], policy: Policy
) -> list[Finding]:
    """`resolved` without types that are switched off; `findings` are all that it was made from.

    Types go after the conflict and not before: an order number that stays must not fall to the guess that
    it is a bank card. What reaches beyond the value that stays is still masked, and so is the deny list.
    """
    stay = [finding for finding in resolved if policy.keeps(finding)]
    if not stay:
        return list(resolved)
    shields = [finding for finding in findings if policy.keeps(finding) and finding.type not in OPEN]
    freed = [
        finding
        for finding in findings
        if not policy.keeps(finding)
        and any(_touch(finding, other) for other in stay)
        and (finding.source == DENY_LIST or not any(_within(finding, shield) for shield in shields))
    ]
    masked = [finding for finding in resolved if not policy.keeps(finding)]
    return resolve(text, [*masked, *freed], policy)


def _rank(finding: Finding) -> tuple[int, float, int, str, str]:
    return (finding.start - finding.end, -finding.score, finding.start, finding.type, finding.source)


def _add(kept: Sequence[Finding], finding: Finding) -> list[Finding]:
    touching = [other for other in kept if _touch(other, finding)]
    if not touching:
        return [*kept, finding]
    winner = touching[0]
    start = min(finding.start, *(other.start for other in touching), winner.start)
    end = max(finding.end, *(other.end for other in touching), winner.end)
    return [*(other for other in kept if other not in touching), winner._replace(start=start, end=end)]


def _touch(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _within(inner: Finding, outer: Finding) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
