"""Why something was masked or was not: every candidate with its recognizer, rule, score and fate.

What this module returns is unmasked text: it is for a terminal, and for no log and no file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from pipelines.mask.conversation import looked_back, mask_conversation
from pipelines.mask.engine import build_engine
from pipelines.mask.labels import Finding
from pipelines.mask.language import language_of
from pipelines.mask.normalise import Normalised
from pipelines.mask.policy import Policy
from pipelines.mask.recognizers.read import doubt
from pipelines.mask.resolve import resolve

Message = tuple[str, str]  # role, text
_TURN = re.compile(r"\s*(customer|agent|system)\s*[:：]\s*", re.IGNORECASE)
HEADS = ("turn", "type", "text", "recognizer", "rule", "base", "raised by", "score", "threshold", "verdict")


class Candidate(NamedTuple):
    """A finding before anything was decided, and where its score comes from."""

    finding: Finding
    rule: str = ""
    base: float | None = None
    raised_by: str = ""


class Row(NamedTuple):
    turn: int  # from 1
    candidate: Candidate
    text: str
    threshold: float
    verdict: str


class Explanation(NamedTuple):
    rows: list[Row]
    messages: list[Message]  # masked


def turns(lines: Sequence[str], role: str) -> list[Message]:
    """A message a line; `customer:`, `agent:` or `system:` before it says who speaks, else `role` does."""
    found = []
    for line in lines:
        if line.strip():
            said = _TURN.match(line)
            found.append((said[1].lower(), line[said.end() :]) if said else (role, line.strip()))
    return found


def explain(messages: Sequence[Message], policy: Policy) -> Explanation:
    engine = build_engine(policy)
    candidates = [_candidates(engine, text) for _, text in messages]
    accepted = [[c.finding for c in listed if policy.accepts(c.finding)] for listed in candidates]
    dialogue = looked_back(messages, dict(enumerate(accepted)))
    known = {text: found for (_, text), found in zip(messages, accepted, strict=True)}
    masked = mask_conversation(messages, known, policy)
    rows = []
    for index, (_, text) in enumerate(messages):
        listed = candidates[index] + [Candidate(f, "answer to a question") for f in dialogue.get(index, ())]
        listed += [
            Candidate(f, "found in another turn") for f in masked.findings[index] if f.source == "Repeated"
        ]
        rows += _rows(index + 1, text, listed, masked.findings[index], policy)
    spoken = zip(messages, masked.texts, strict=True)
    return Explanation(rows, [(role, text) for (role, _), text in spoken])


def _candidates(engine: Any, text: str) -> list[Candidate]:
    """All that any recognizer sees in `text`, whatever its score."""
    plain = Normalised(text)
    language = language_of(plain.text)
    [(read, artifacts)] = engine.nlp_engine.process_batch([plain.text], language)
    results = engine.analyze(
        read, language, score_threshold=0.0, nlp_artifacts=artifacts, return_decision_process=True
    )
    doubt(results, artifacts, language)
    return [_candidate(plain, result) for result in results]


def _candidate(plain: Normalised, result: Any) -> Candidate:
    source = (result.recognition_metadata or {}).get("recognizer_name", "")
    span = plain.span(result.start, result.end)
    finding = Finding(*span, result.entity_type, round(result.score, 3), source)
    why = result.analysis_explanation
    if why is None:
        return Candidate(finding)
    return Candidate(finding, why.pattern_name or "", why.original_score, why.supportive_context_word)


def _rows(
    turn: int, text: str, listed: Sequence[Candidate], masked: Sequence[Finding], policy: Policy
) -> list[Row]:
    accepted = [c.finding for c in listed if policy.accepts(c.finding)]
    winners = resolve(text, accepted, policy)
    return [
        Row(
            turn,
            candidate,
            text[candidate.finding.start : candidate.finding.end],
            policy.threshold_of(candidate.finding.type),
            verdict(text, candidate.finding, masked, winners, policy),
        )
        for candidate in sorted(listed, key=lambda c: (c.finding.start, -c.finding.end, -c.finding.score))
    ]


def verdict(
    text: str, finding: Finding, masked: Sequence[Finding], winners: Sequence[Finding], policy: Policy
) -> str:
    """What became of `finding`: `masked` is what the message lost, `winners` won before types went."""
    if not policy.accepts(finding):
        return "below threshold"
    if policy.allows(text, finding):
        return "stays: allow list, or a placeholder"
    if winner := _winner(finding, masked):
        return "masked" if _same(winner, finding) else f"lost to {winner.type} ({winner.source})"
    if policy.keeps(finding):
        return "stays: type off"
    winner = _winner(finding, winners)
    return f"stays: lost to {winner.type}, which is off" if winner else "stays"


def _winner(finding: Finding, findings: Sequence[Finding]) -> Finding | None:
    touching = [f for f in findings if f.start < finding.end and finding.start < f.end]
    return max(touching, key=lambda f: (_same(f, finding), f.end - f.start), default=None)


def _same(winner: Finding, finding: Finding) -> bool:
    """Whether `winner` is `finding`, perhaps widened."""
    own = (winner.type, winner.source, winner.score) == (finding.type, finding.source, finding.score)
    return own and winner.start <= finding.start and finding.end <= winner.end


def table(rows: Sequence[Row]) -> list[str]:
    """Lines with aligned columns; a Chinese character is two columns wide."""
    cells = [HEADS, *map(_cells, rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(HEADS))]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in cells]


def _cells(row: Row) -> tuple[str, ...]:
    finding, rule, base, raised_by = row.candidate
    return (
        str(row.turn),
        finding.type,
        row.text.replace("\n", "⏎"),
        finding.source,
        rule or "-",
        f"{finding.score if base is None else base:.2f}",
        raised_by.replace("\n", "⏎") or "-",
        f"{finding.score:.2f}",
        f"{row.threshold:.2f}",
        row.verdict,
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
