"""One span where recognizers disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

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
    """Within a value of the allow list or a placeholder, or a name with one in it (`栗木集客服`)."""
    key = value_key(text[finding.start : finding.end])
    if finding.type == "PERSON" and any(word in key for word in load_allowed() if not word.isdigit()):
        return True
    spans = chain(PLACEHOLDER.finditer(text), _allowed_pattern().finditer(text))
    return not key or any(match.start() <= finding.start and finding.end <= match.end() for match in spans)


@lru_cache
def _allowed_pattern() -> re.Pattern[str]:
    """Every allowed value, with any signs between its letters and digits."""
    loose = (r"\W{0,2}".join(map(re.escape, value)) for value in sorted(load_allowed()))
    return re.compile(f"(?<![0-9])(?:{'|'.join(loose)})(?![0-9])", re.IGNORECASE)
