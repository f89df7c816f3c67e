"""What the steward is told of masking: counts against the run before, samples, what changed in the rules."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Any

from pipelines.params import Params
from pipelines.register.run import STEWARDS_FILE
from pipelines.register.tracking import shown_params
from pipelines.report.previous import Previous, differences

LINES_SHOWN = 300  # of a difference
CONTEXT_LINES = 2
ONLY_TIME = ("mask.processes", "mask.batch_size")  # parameters that change no result
KINDS = {"+": "added", "-": "gone", "@": "place"}
Row = dict[str, Any]


def masking(params: Params, root: Path, found: Row, previous: Previous | None) -> Row:
    """The facts of the section on personal data; `found` is data/metrics/mask.json, or {}."""
    own = found.get("metrics", {})
    by_type = own.get("masked_by_type", {})
    return {
        "types": types(by_type, previous),
        "conversations": own.get("conversations", {}),
        "messages": own.get("messages", {}),
        "recognizers": recognizers(own.get("masked_by_recognizer", {})),
        "samples": found.get("samples", {}).get("masked", []),
        "mostly_masked": found.get("samples", {}).get("mostly_masked", []),
        "previous": previous,
        "params": changed_params(params, previous),
        "file": file_change(root / params.knowledge / STEWARDS_FILE, previous),
    }


def types(by_type: dict[str, int], previous: Previous | None) -> list[Row]:
    """{"type", "n", "before"} of each type that either run found, most finds first."""
    before = previous.by_type if previous else {}
    rows = [{"type": t, "n": by_type.get(t, 0), "before": before.get(t, 0)} for t in by_type | before]
    return sorted(rows, key=lambda row: (-row["n"], -row["before"], row["type"]))


def recognizers(found: dict[str, dict[str, int]]) -> list[Row]:
    rows = [{"name": name, "type": t, "n": n} for name, kinds in found.items() for t, n in kinds.items()]
    return sorted(rows, key=lambda row: (-row["n"], row["name"], row["type"]))


def changed_params(params: Params, previous: Previous | None) -> list[tuple[str, str, str]]:
    """(name, before, now) of each parameter of mask that changes what is masked."""
    own = {k: v for k, v in shown_params(params).items() if k.startswith("mask.") and k not in ONLY_TIME}
    return differences(previous.params, own) if previous else []


def file_change(path: Path, previous: Previous | None) -> Row:
    """{"state": absent | first | same | new | gone | changed, "lines": [(kind, line)], "more": not shown}.

    The values of its lists are the company's own: they are shown as the steward wrote them.
    """
    now = path.read_text(encoding="utf-8") if path.exists() else None
    before = previous.pii_file if previous else None
    state = _state(now, before, previous)
    if state not in ("new", "gone", "changed"):
        return {"state": state, "lines": [], "more": 0}
    compared = unified_diff(
        (before or "").splitlines(), (now or "").splitlines(), n=CONTEXT_LINES, lineterm=""
    )
    lines = [(KINDS.get(line[:1], ""), line) for line in list(compared)[2:]]
    return {"state": state, "lines": lines[:LINES_SHOWN], "more": max(0, len(lines) - LINES_SHOWN)}


def _state(now: str | None, before: str | None, previous: Previous | None) -> str:
    if now == before:
        return "absent" if now is None else "same"
    if previous is None:
        return "first"
    if now is None or before is None:
        return "gone" if now is None else "new"
    return "changed"
