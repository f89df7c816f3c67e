"""What the page says, gathered from what the stages left; no text here that was not masked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.evaluate.judge import is_right
from pipelines.params import Params
from pipelines.records import SAMPLES
from pipelines.report.masking import masking
from pipelines.report.previous import Previous
from pipelines.stage import OUTPUTS, read_table

UNITS = {"ingest": "conversations", "mask": "conversations", "dedup": "conversations"}
DATA_STAGES = ("ingest", "mask", "dedup", "curate", "split", "synthesize")
TRAININGS = ("pretrain", "tune")
# Reason codes that change a row and keep it begin so.
NOT_LEFT_OUT = ("corrected", "handed_over", "soothed", "reused")
Row = dict[str, Any]


def gather(params: Params, root: Path, previous: Previous | None = None) -> dict[str, Any]:
    """Everything the template shows but for the registry's part; missing stages are left out."""
    metrics = {stage: found for stage in OUTPUTS if (found := _json(root / f"data/metrics/{stage}.json"))}
    summary = _json(root / OUTPUTS["evaluate"] / "summary.json")
    samples = read_table(root / OUTPUTS["evaluate"] / "samples.parquet", SAMPLES).to_pylist()
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
        "thin": _own(metrics, "split").get("thin_intents", {}),
        "thin_validation": _own(metrics, "split").get("thin_validation_intents", {}),
        "checks": [_checks(stage, found) for stage, found in metrics.items()],
        "curves": {stage: _json(root / OUTPUTS[stage] / "history.json") or [] for stage in TRAININGS},
        "training": {stage: _training(root, stage, metrics) for stage in TRAININGS},
        "answers": compare(samples),
    }


def compare(samples: list[Row]) -> list[Row]:
    """One entry a question with all models' answers: {"example", "models", "change", "tags"}; worst first.

    `change` is better or worse where the candidate's rightness differs from that of the champion (of the base
    where there is none), else right or wrong.
    """
    asked: dict[str, dict[str, Row]] = {}
    for row in samples:
        asked.setdefault(row["example_id"], {})[row["model"]] = {**row, "right": is_right(row)}
    entries = [_entry(models) for models in asked.values() if "candidate" in models]
    order = ["worse", "wrong", "better", "right"]
    return sorted(entries, key=lambda e: (order.index(e["change"]), e["example"]["example_id"]))


def _entry(models: dict[str, Row]) -> Row:
    candidate = models["candidate"]
    before = models.get("champion") or models.get("base") or candidate
    if candidate["right"] == before["right"]:
        change = "right" if candidate["right"] else "wrong"
    else:
        change = "better" if candidate["right"] else "worse"
    return {"example": candidate, "models": models, "change": change}


def _training(root: Path, stage: str, metrics: dict[str, Row]) -> Row:
    """What the adapter says of itself, and what only the metrics do, its seconds."""
    return {**(_json(root / OUTPUTS[stage] / "training.json") or {}), **_own(metrics, stage)}


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
        parts["train + synthetic"] = dict(Counter(parts["train"]) + Counter(made))
    return parts


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
