"""The run before this one, as MLflow knows it: what its masking found, and the steward's file it ran with."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlflow import MlflowClient

from pipelines.register.run import STEWARDS_FILE
from pipelines.report.runs import KnownRun, earlier_runs

LOOKED_AT = 50  # earlier runs at most, the latest first
BY_TYPE, MESSAGES = "masked_by_type.", "messages.all"


@dataclass(frozen=True)
class Previous:
    """The latest earlier run of the same experiment that masked something."""

    run: str  # the DAG run's id
    at: str  # when it was registered
    by_type: dict[str, int]
    params: dict[str, str] = field(default_factory=dict)  # as MLflow holds them, by dotted name
    pii_file: str | None = None  # pii.yaml as it was; None if the run kept none
    messages: int = 0  # read by masking; 0 if the run did not say


def previous_run(client: MlflowClient, run_id: str) -> Previous | None:
    """The run before the MLflow run `run_id`; None if it is the first."""
    for run in earlier_runs(client, run_id, LOOKED_AT):
        if "mask" in run.stages:
            return _previous(client, run)
    return None


def _previous(client: MlflowClient, run: KnownRun) -> Previous:
    metrics = run.stages["mask"]
    return Previous(
        run.name,
        run.at,
        {k.removeprefix(BY_TYPE): int(n) for k, n in metrics.items() if k.startswith(BY_TYPE)},
        dict(run.parent.data.params),
        _stewards_file(client, run.parent.info.run_id),
        int(metrics.get(MESSAGES, 0)),
    )


def _stewards_file(client: MlflowClient, run_id: str) -> str | None:
    if STEWARDS_FILE not in [artifact.path for artifact in client.list_artifacts(run_id)]:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = client.download_artifacts(run_id, STEWARDS_FILE, folder)
        return Path(path).read_text(encoding="utf-8")


def differences(before: dict[str, str], now: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(name, before, now) of each parameter that both runs have and that differs, as MLflow holds them."""
    return [
        (name, before[name], value) for name, value in now.items() if name in before and before[name] != value
    ]
