"""What the page says, gathered from what the stages left; no text here that was not masked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.params import Params
from pipelines.records import SAMPLES
from pipelines.report.answers import compare
from pipelines.report.masking import masking
from pipelines.report.previous import Previous
from pipelines.report.questions import Reference, questions
from pipelines.stage import OUTPUTS, read_table

UNITS = {"ingest": "conversations", "mask": "conversations", "dedup": "conversations"}
DATA_STAGES = ("ingest", "mask", "dedup", "curate", "split", "synthesize")
SIDES = ("train_and_synthetic", "train", "validation", "test", "golden")
TRAININGS = ("pretrain", "tune")
# Reason codes that change a row and keep it begin so.
NOT_LEFT_OUT = ("corrected", "handed_over", "soothed", "reused")
Row = dict[str, Any]


def gather(
    params: Params, root: Path, previous: Previous | None = None, against: Reference | None = None
) -> dict[str, Any]:
    """Everything the template shows but for the registry's part; missing stages are left out.

    `previous` is the run that masked before this one, `against` the one whose data is compared with.
    """
    metrics = {stage: found for stage in OUTPUTS if (found := _json(root / f"data/metrics/{stage}.json"))}
    summary = _json(root / OUTPUTS["evaluate"] / "summary.json")
    samples = read_table(root / OUTPUTS["evaluate"] / "samples.parquet", SAMPLES).to_pylist()
    training = {stage: _training(root, stage, metrics) for stage in TRAININGS}
    return {
        "params": params,
        "summary": summary,
        "metrics": metrics,
        "stages": [_stage(stage, found) for stage, found in metrics.items()],
        "flow": [_flow(stage, metrics[stage]) for stage in DATA_STAGES if stage in metrics],
        "removed": [r for stage in metrics if stage != "evaluate" for r in _removed(stage, metrics[stage])],
        "masking": masking(params, root, metrics.get("mask", {}), previous),
        "composition": _composition(metrics),
        "synthetic_share": _own(metrics, "synthesize").get("share"),
        "faq": _own(metrics, "curate").get("faq", {}),
        "review": _own(metrics, "curate").get("intent_review", {}),
        "synthetic_by_intent": _largest_first(_own(metrics, "synthesize").get("share_by_intent", {})),
        "thin": _own(metrics, "split").get("thin_intents", {}),
        "thin_validation": _own(metrics, "split").get("thin_validation_intents", {}),
        "checks": [_checks(stage, found) for stage, found in metrics.items()],
        "curves": {stage: _json(root / OUTPUTS[stage] / "history.json") or [] for stage in TRAININGS},
        "training": training,
        "costs": costs(training),
        "against": against,
        "questions": questions(root, against),
        "answers": compare(samples),
    }


def _training(root: Path, stage: str, metrics: dict[str, Row]) -> Row:
    """What the adapter says of itself, and what only the metrics do, its seconds."""
    return {**(_json(root / OUTPUTS[stage] / "training.json") or {}), **_own(metrics, stage)}


def costs(training: dict[str, Row]) -> Row:
    """{"columns", "rows": [(stage or total, values)]} of what the trainings cost; {} if none was metered."""
    money = {"core_seconds": "", "gpu_seconds": "", "energy_wh": "", "cost_": "money"}
    names = {
        name: money[part] or name
        for part in money
        for found in training.values()
        for name in found
        if name.startswith(part)
    }
    rows = [(stage, [found.get(name) for name in names]) for stage, found in training.items()]
    total = [sum(value or 0 for value in column) for column in zip(*(v for _, v in rows), strict=True)]
    return {"columns": list(names.values()), "rows": [*rows, ("total", total)]} if names else {}


def _stage(stage: str, found: Row) -> Row:
    return {name: found.get(name, 0) for name in ("seconds", "rows_in", "rows_out")} | {"stage": stage}


def _flow(stage: str, found: Row) -> Row:
    left_out = sum(count for reason, count in found["dropped"].items() if not reason.startswith(NOT_LEFT_OUT))
    return {
        "stage": stage,
        "rows_out": found["rows_out"],
        "left_out": left_out,
        "unit": UNITS.get(stage, "examples"),
    }


def _removed(stage: str, found: Row) -> list[Row]:
    return [
        {
            "stage": stage,
            "reason": reason,
            "count": count,
            "samples": found.get("samples", {}).get(reason, []),
        }
        for reason, count in sorted(found["dropped"].items(), key=lambda pair: -pair[1])
        if count
    ]


def _composition(metrics: dict[str, Row]) -> dict[str, dict[str, int]]:
    """Rows by origin/language of each side, and of the training set once synthetic rows are in."""
    parts = dict(_own(metrics, "split").get("rows", {}))
    made = _own(metrics, "synthesize").get("made")
    if made and "train" in parts:
        parts["train_and_synthetic"] = dict(Counter(parts["train"]) + Counter(made))
    return {side: parts[side] for side in SIDES if side in parts}


def _largest_first(shares: dict[str, float]) -> dict[str, float]:
    return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def _checks(stage: str, found: Row) -> Row:
    tables = found.get("checks", {}).get("tables", {})
    return {
        "stage": stage,
        "expectations": sum(t["expectations"] for t in tables.values()),
        "failed": sum(t["failed"] for t in tables.values()),
        "tables": ", ".join(tables),
    }


def _own(metrics: dict[str, Row], stage: str) -> Row:
    own: Row = metrics.get(stage, {}).get("metrics", {})
    return own


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
