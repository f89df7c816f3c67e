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

from pipelines.backup.databases import SQLITE, is_filled
from pipelines.errors import KefuError
from pipelines.params.sections import Retention
from pipelines.retention.item import Item
from pipelines.retention.policy import DAY_S
from pipelines.servers import installation
from pipelines.workspace import run_of

RUN_TAGS = ("mlflow_parent_run",)
AT_ONCE = 100
GC = """
import os, sys
from mlflow.cli import cli
cli(["gc", "--backend-store-uri", os.environ["KEFU_MLFLOW_DB"], "--run-ids", sys.argv[1]])
"""  # a command line can be read by others, and the address may hold a password


@dataclass(frozen=True)
class Needs:
    """Names of runs in git whose data is held, and ids of all MLflow runs that registered versions name.

    `sure`: those of `runs` that a version names which was not rejected; data of the others may have gone.
    """

    runs: frozenset[str]
    mlflow_runs: frozenset[str]
    sure: frozenset[str]


def needs(client: MlflowClient, keeping: Retention, now: float) -> Needs:
    """Of every version of every model that is not deleted. The data of one that was rejected is held for so
    many days, while it has an alias, or is one of the newest; one that nobody decided on holds its own."""
    versions = _versions(client)
    kept = _named_or_newest(client, versions, keeping.newest_versions)
    held = [
        version
        for version in versions
        if (version.name, int(version.version)) in kept
        or not _rejected(version)
        or now - version.creation_timestamp / 1000 <= keeping.rejected_days * DAY_S
    ]
    tags = {run_of(version.tags.get("data_tag", "")) for version in held}
    runs = {version.run_id or "" for version in versions}
    runs |= {version.tags.get(tag, "") for version in versions for tag in RUN_TAGS}
    sure = {run_of(version.tags.get("data_tag", "")) for version in held if not _rejected(version)}
    return Needs(frozenset(tags - {""}), frozenset(runs - {""}), frozenset(sure - {""}))


def deleted_runs(client: MlflowClient, needed: Needs, now: float, days: float) -> list[Item]:
    """MLflow's runs that somebody deleted so long ago, as an item that `mlflow gc` takes; [] where MLflow's
    database is not of this installation: workers know no password of it."""
    backend = installation.here().databases["mlflow"]
    if backend.startswith(SQLITE) and not is_filled(backend):
        return []
    experiments = [e.experiment_id for e in client.search_experiments(view_type=ViewType.ALL)]
    runs = client.search_runs(experiments, run_view_type=ViewType.DELETED_ONLY, max_results=5000)
    old = [
        run.info.run_id
        for run in runs
        if run.info.run_id not in needed.mlflow_runs and now - (run.info.end_time or 0) / 1000 > days * DAY_S
    ]
    return (
        [Item("mlflow", "runs that were deleted in MLflow", len(old), 0, partial(_gc, backend, old))]
        if old
        else []
    )


def _named_or_newest(client: MlflowClient, versions: list[ModelVersion], newest: int) -> set[tuple[str, int]]:
    """(model, version) of those with an alias, and of each model's last ones."""
    kept: set[tuple[str, int]] = set()
    for name in {version.name for version in versions}:
        numbers = sorted(int(version.version) for version in versions if version.name == name)
        named = client.get_registered_model(name).aliases.values()
        kept |= {(name, number) for number in [*map(int, named), *numbers[max(len(numbers) - newest, 0) :]]}
    return kept


def _rejected(version: ModelVersion) -> bool:
    return version.tags.get("decision") == "rejected"


def _gc(backend: str, run_ids: list[str]) -> None:
    for start in range(0, len(run_ids), AT_ONCE):
        ids = ",".join(run_ids[start : start + AT_ONCE])
        env = {**os.environ, "KEFU_MLFLOW_DB": backend}
        done = subprocess.run([sys.executable, "-c", GC, ids], capture_output=True, text=True, env=env)
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
