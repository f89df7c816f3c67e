"""One span where recognizers disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.mask.allow import load_allowed
from pipelines.mask.labels import PLACEHOLDER, Finding
from pipelines.mask.normalise import value_key


def resolve(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Findings of `text` that do not overlap, in order; what the allow list names is gone.

    The longest wins, then the highest score. A loser that reaches beyond the winner widens it, so that no
    part of either is left in the text.
    """
    kept: list[Finding] = []
    for finding in sorted(findings, key=_rank):
        if not _allowed(text, finding):
            kept = _add(kept, finding)
    return sorted(kept)


def _rank(finding: Finding) -> tuple[int, float, int, str, str]:
    return (finding.start - finding.end, -finding.score, finding.start, finding.type, finding.source)


def _add(kept: Sequence[Finding], finding: Finding) -> list[Finding]:
    touching = [other for other in kept if other.start < finding.end and finding.start < other.end]
    if not touching:
        return [*kept, finding]
    winner = touching[0]
    start = min(finding.start, *(other.start for other in touching), winner.start)
    end = max(finding.end, *(other.end for other in touching), winner.end)
    return [*(other for other in kept if other not in touching), winner._replace(start=start, end=end)]


def _allowed(text: str, finding: Finding) -> bool:
    """On the allow list, or a name with an allowed one in it (`栗木集客服`), or inside a placeholder."""
    key = value_key(text[finding.start : finding.end])
    if not key or key in load_allowed():
        return True
    if finding.type == "PERSON" and any(word in key for word in load_allowed() if not word.isdigit()):
        return True
    return any(
        match.start() <= finding.start and finding.end <= match.end() for match in PLACEHOLDER.finditer(text)
    )
