"""What the registry needs, and what MLflow itself may let go."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial

from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.entities.model_registry import ModelVersion

from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.retention.item import Item
from pipelines.retention.policy import DAY_S
from pipelines.workspace import run_of

RUN_TAGS = ("mlflow_parent_run",)
AT_ONCE = 100


@dataclass(frozen=True)
class Needs:
    """Names of runs in git, and ids of MLflow runs, that registered versions name."""

    runs: frozenset[str]
    mlflow_runs: frozenset[str]


def needs(client: MlflowClient) -> Needs:
    """Of every version of every model that is not deleted, whatever its aliases."""
    versions = _versions(client)
    tags = {run_of(version.tags.get("data_tag", "")) for version in versions}
    runs = {version.run_id or "" for version in versions}
    runs |= {version.tags.get(tag, "") for version in versions for tag in RUN_TAGS}
    return Needs(frozenset(tags - {""}), frozenset(runs - {""}))


def deleted_runs(client: MlflowClient, needed: Needs, now: float, days: float) -> list[Item]:
    """MLflow's runs that somebody deleted so long ago, as an item that `mlflow gc` takes."""
    experiments = [e.experiment_id for e in client.search_experiments(view_type=ViewType.ALL)]
    runs = client.search_runs(experiments, run_view_type=ViewType.DELETED_ONLY, max_results=5000)
    old = [
        run.info.run_id
        for run in runs
        if run.info.run_id not in needed.mlflow_runs and now - (run.info.end_time or 0) / 1000 > days * DAY_S
    ]
    return [Item("mlflow", "runs that were deleted in MLflow", len(old), 0, partial(_gc, old))] if old else []


def _gc(run_ids: list[str]) -> None:
    backend = os.environ.get("KEFU_MLFLOW_DB", f"sqlite:///{home() / 'mlflow/mlflow.db'}")
    for start in range(0, len(run_ids), AT_ONCE):
        ids = ",".join(run_ids[start : start + AT_ONCE])
        command = ["-m", "mlflow", "gc", "--backend-store-uri", backend, "--run-ids", ids]
        done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no words"])[-1]
            raise KefuError(f"mlflow gc ended with {done.returncode}: {last}", "MLflow's database")


def _versions(client: MlflowClient) -> list[ModelVersion]:
    found: list[ModelVersion] = []
    page = None
    while True:
        answer = client.search_model_versions("", max_results=1000, page_token=page)
        found += answer
        page = answer.token
        if not page:
            return found
