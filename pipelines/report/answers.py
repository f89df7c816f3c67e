"""The models' answers to the same questions, failures first, with what differs between them marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from pipelines.evaluate.judge import is_right

SHOWN = 300  # answers on the page, the worst first
ORDER = ("worse", "wrong", "better", "right")
ALIKE = 0.35  # share of text in common, below which marks would say nothing
PIECES = re.compile(r"[A-Za-z0-9]+|\s+|.", re.S)  # words of Latin letters, all else by characters

Row = dict[str, Any]
Marked = list[tuple[str, str]]  # (same | gone | added, text)


def compare(samples: Sequence[Row]) -> list[Row]:
    """One entry a question with all models' answers: {"example", "models", "against", "change", "marked"}.

    `change` is better or worse where the candidate's rightness differs from that of the champion (of the base
    where there is none), else right or wrong; the worst come first. `marked` holds the two texts that were
    compared piece by piece, {} where they have too little in common.
    """
    asked: dict[str, dict[str, Row]] = {}
    for row in samples:
        asked.setdefault(row["example_id"], {})[row["model"]] = {**row, "right": is_right(row)}
    entries = [_entry(models) for models in asked.values() if "candidate" in models]
    return sorted(entries, key=lambda e: (ORDER.index(e["change"]), e["example"]["example_id"]))


def _entry(models: dict[str, Row]) -> Row:
    candidate = models["candidate"]
    against = next((name for name in ("champion", "base") if name in models), "")
    before = models.get(against, candidate)
    if candidate["right"] == before["right"]:
        change = "right" if candidate["right"] else "wrong"
    else:
        change = "better" if candidate["right"] else "worse"
    marked = marks(before["answer"] or "", candidate["answer"] or "") if against else None
    return {
        "example": candidate,
        "models": models,
        "against": against,
        "change": change,
        "marked": {against: marked[0], "candidate": marked[1]} if marked else {},
    }


def marks(before: str, now: str) -> tuple[Marked, Marked] | None:
    """Both texts in pieces: what is the same, what is gone, what is added; None where little is the same."""
    old, new = PIECES.findall(before), PIECES.findall(now)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    first: Marked = []
    second: Marked = []
    for kind, a, b, c, d in matcher.get_opcodes():
        was, is_ = "".join(old[a:b]), "".join(new[c:d])
        first += [("same" if kind == "equal" else "gone", was)] if was else []
        second += [("same" if kind == "equal" else "added", is_)] if is_ else []
    return first, second
