"""What the steward is told of masking: counts against the run before, samples, what changed in the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

from pipelines.params import Params
from pipelines.register.run import STEWARDS_FILE
from pipelines.register.tracking import shown_params
from pipelines.report.previous import Previous, differences
from pipelines.report.rules import changed_types, policy_before, policy_now

SAMPLES_SHOWN = 100  # of all types that changed together
SAMPLES_UNCHANGED = 10  # where none did, or there is no run to compare with
LINES_SHOWN = 300  # of a difference
CONTEXT_LINES = 2
ONLY_TIME = ("mask.processes", "mask.batch_size")  # parameters that change no result
KINDS = {"+": "added", "-": "gone", "@": "place"}
Row = dict[str, Any]


def masking(params: Params, root: Path, found: Row, previous: Previous | None) -> Row:
    """The facts of the section on personal data; `found` is data/metrics/mask.json, or {}."""
    own = found.get("metrics", {})
    policy = policy_now(params, root)
    rules = changed_types(policy, policy_before(params, previous)) if previous else set()
    messages = own.get("messages", {})
    rows = types(own.get("masked_by_type", {}), messages.get("all", 0), previous, rules)
    return {
        "types": rows,
        "labels": policy.labels,
        "surrogates": params.mask.replace == "surrogates",
        "shifted": params.mask.shift_dates,
        "conversations": own.get("conversations", {}),
        "messages": messages,
        "recognizers": recognizers(own.get("masked_by_recognizer", {})),
        "samples": samples(found.get("samples", {}).get("masked", []), rows if previous else []),
        "mostly_masked": found.get("samples", {}).get("mostly_masked", []),
        "previous": previous,
        "params": changed_params(params, previous),
        "file": file_change(root / params.knowledge / STEWARDS_FILE, previous),
    }


def types(
    by_type: dict[str, int], messages: int, previous: Previous | None, rules: Collection[str] = ()
) -> list[Row]:
    """Each type that either run found, and each whose rule changed (`rules`), most finds first.

    "n" and "before" are finds, "rate" and "rate_before" finds per 1,000 messages (None if not known).
    """
    before = previous.by_type if previous else {}
    rows = [
        {
            "type": type_,
            "n": by_type.get(type_, 0),
            "before": before.get(type_, 0),
            "rate": _rate(by_type.get(type_, 0), messages),
            "rate_before": _rate(before.get(type_, 0), previous.messages if previous else 0),
            "rule": type_ in rules,
        }
        for type_ in {*by_type, *before, *rules}
    ]
    return sorted(rows, key=lambda row: (-row["n"], -row["before"], row["type"]))


def samples(listed: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """{"type", "rule", "samples"} of each type that changed, first those whose rule did, then by how much.

    Where none did, one entry of no type, with a few samples over all types.
    """
    changed = sorted((row for row in rows if row["rule"] or row["n"] != row["before"]), key=_by_change)
    if not changed:
        return [{"type": "", "rule": False, "samples": _spread(listed, SAMPLES_UNCHANGED)}] if listed else []
    ruled, counted = ([row["type"] for row in changed if row["rule"] is is_rule] for is_rule in (True, False))
    first = _spread([one for one in listed if one["type"] in ruled], SAMPLES_SHOWN)
    more = _spread([one for one in listed if one["type"] in counted], SAMPLES_SHOWN - len(first))
    groups = [
        {**row, "samples": [one for one in first + more if one["type"] == row["type"]]} for row in changed
    ]
    return [group for group in groups if group["samples"] or (group["rule"] and group["before"])]


def _spread(listed: Sequence[Row], most: int) -> list[Row]:
    """`most` samples: the first of as many types as there are, then their second, and so on."""
    seen: Counter[str] = Counter()
    nth = []
    for sample in listed:
        nth.append((seen[sample["type"]], sample["type"], sample))
        seen[sample["type"]] += 1
    return [sample for _, _, sample in sorted(nth, key=lambda one: one[:2])[:most]]


def _by_change(row: Row) -> tuple[bool, float, str]:
    rates = row["rate"] is not None and row["rate_before"] is not None
    change = row["rate"] - row["rate_before"] if rates else row["n"] - row["before"]
    return not row["rule"], -abs(change), row["type"]


def _rate(finds: int, messages: int) -> float | None:
    return 1000 * finds / messages if messages else None


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
