"""This run beside the last few, as MLflow knows them."""

from __future__ import annotations

from typing import Any

from mlflow import MlflowClient

from pipelines.report.runs import KnownRun, earlier_runs

EARLIER = 4
LOOKED_AT = 50  # runs at most, since one that was not evaluated does not count
FIGURES = {  # shown: metric of the parent run
    "key_facts": "candidate.key_facts",
    "intent": "candidate.intent",
    "hand_over_recall": "candidate.hand_over_recall",
    "loss": "candidate.loss",
    "p95_s": "candidate.p95_s",
}
TRAININGS = ("pretrain", "tune")

Row = dict[str, Any]


def history(client: MlflowClient, run_id: str) -> list[Row]:
    """The evaluated runs, at most EARLIER before `run_id`, and that one last; unknown figures are None.

    {"run", "at", "own", "verdict", "version", "decision", "url", "rows", "cost", *FIGURES}
    """
    earlier = [
        run
        for run in earlier_runs(client, run_id, LOOKED_AT)
        if FIGURES["key_facts"] in run.parent.data.metrics
    ][:EARLIER]
    own = KnownRun(client, client.get_run(run_id))
    return [*(_row(run, False) for run in reversed(earlier)), _row(own, True)]


def _row(run: KnownRun, own: bool) -> Row:
    metrics, tags = run.parent.data.metrics, run.parent.data.tags
    return {
        "run": run.name,
        "at": run.at,
        "own": own,
        "verdict": tags.get("verdict", ""),
        "version": str(run.version.version) if run.version else "",
        "decision": run.version.tags.get("decision", "") if run.version else "",
        "url": tags.get("report_url", ""),
        "rows": run.stages.get("synthesize", {}).get("rows_out"),
        "cost": _cost(run),
        **{shown: metrics.get(name) for shown, name in FIGURES.items()},
    }


def _cost(run: KnownRun) -> float | None:
    """Of both trainings, in the currency of the price table; None where it was not metered."""
    found = [
        value
        for stage in TRAININGS
        for name, value in run.stages.get(stage, {}).items()
        if name.startswith("cost_")
    ]
    return sum(found) if found else None
