"""The MLflow run of a DAG run: one parent, a child a stage; a retry finds them again."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException

from pipelines.errors import UnavailableError
from pipelines.params import Params
from pipelines.servers.environment import mlflow_url
from pipelines.stage import OUTPUTS

DAG_RUN, ROLE, COMPLETE = "kefu.dag_run", "kefu.role", "kefu.complete"
PARENT = "mlflow.parentRunId"
VIEW = "workflowType=machine_learning"  # MLflow's UI else opens at traces of agents: no runs, no models
BATCH = {"metrics": 1000, "params": 100}
NOT_METRICS = ("largest_clusters",)  # named by ids: a metric a cluster would drown the others
MAX_PARAM_CHARS = 6000
PATIENCE_S, AGAIN_S = 300, 10
FITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. /"


def connect(wait_s: float = 0) -> MlflowClient:
    """A client of the known server; a KefuError where none is known or none answers within `wait_s` seconds.

    With a wait, each later call waits through some four minutes without an answer, too.
    """
    import mlflow

    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "7" if wait_s else "3")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # for a few small files
    url = mlflow_url()
    mlflow.set_tracking_uri(url)
    mlflow.set_registry_uri(url)
    client = MlflowClient(tracking_uri=url, registry_uri=url)
    deadline = time.monotonic() + wait_s
    while True:
        try:
            client.search_experiments(max_results=1)
            return client
        except MlflowException as error:
            if time.monotonic() >= deadline:
                raise UnavailableError(
                    f"the MLflow server does not answer ({error.error_code})",
                    url,
                    "run `make up`, then try again",
                ) from None
        print(f"the MLflow server does not answer, waits ({url})", flush=True)
        time.sleep(AGAIN_S)


def patience_s() -> float:
    """How long a task of a DAG run waits for the server; whoever types a command is told at once."""
    return PATIENCE_S if os.environ.get("KEFU_RUN") else 0


def experiment(client: MlflowClient, name: str) -> str:
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found else client.create_experiment(name))


def parent_run(client: MlflowClient, experiment_id: str, run_id: str) -> Run:
    """The run that stands for the DAG run: found by its tag, else made."""
    return _run(client, experiment_id, when(run_id), {DAG_RUN: run_id, ROLE: "parent"})


def when(run_id: str) -> str:
    """What a list of runs shows of a DAG run's id: its minute in UTC first, then how it was started."""
    found = re.match(r"(\w+?)__(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", run_id)
    return f"{found[2]} {found[3]} {found[1]}" if found else run_id


def name_version(client: MlflowClient, parent: Run, version: str, verdict: str) -> None:
    """Names the run by what it made, since lists of runs show little else."""
    client.update_run(parent.info.run_id, name=f"v{version} {verdict}, {when(parent.data.tags[DAG_RUN])}")


def run_url(run: Run) -> str:
    """The run's page in MLflow's UI."""
    return page_url(mlflow_url(), f"experiments/{run.info.experiment_id}/runs/{run.info.run_id}")


def page_url(base: str, path: str) -> str:
    """A page of MLflow's UI among runs and models; `path` may have a query."""
    return f"{base}/#/{path}{'&' if '?' in path else '?'}{VIEW}"


def child_run(client: MlflowClient, parent: Run, stage: str) -> Run:
    tags = {DAG_RUN: parent.data.tags[DAG_RUN], ROLE: stage, PARENT: parent.info.run_id}
    return _run(client, parent.info.experiment_id, stage, tags)


def log_stage(client: MlflowClient, parent: Run, stage: str, root: Path) -> None:
    """Metrics and training curve of a stage into its child run, in whole or not at all."""
    path = root / f"data/metrics/{stage}.json"
    if not path.exists():
        return
    child = child_run(client, parent, stage)
    if child.data.tags.get(COMPLETE):
        return
    found = json.loads(path.read_text(encoding="utf-8"))
    metrics = [Metric(name, value, _now(), 0) for name, value in flat_metrics(found).items()]
    metrics += new_points(client, child, curve(root / OUTPUTS[stage] / "history.json"))
    log_metrics(client, child, metrics, {COMPLETE: "true"})
    client.set_terminated(child.info.run_id)


def log_metrics(client: MlflowClient, run: Run, metrics: list[Metric], tags: dict[str, str]) -> None:
    """All metrics in as few calls as the server takes, the tags with the last of them."""
    starts = range(0, max(len(metrics), 1), BATCH["metrics"])
    for start in starts:
        last = [RunTag(name, value) for name, value in tags.items()] if start == starts[-1] else []
        client.log_batch(run.info.run_id, metrics=metrics[start : start + BATCH["metrics"]], tags=last)


def new_points(client: MlflowClient, run: Run, points: list[Metric]) -> list[Metric]:
    """Those that the run does not hold: training writes them as it goes, as far as the server answers."""
    names = {point.key for point in points} & set(run.data.metrics)
    there = {(name, m.step) for name in names for m in client.get_metric_history(run.info.run_id, name)}
    return [point for point in points if (point.key, point.step) not in there]


def flat_metrics(found: dict[str, Any]) -> dict[str, float]:
    """Numbers of a stage's metrics file by name; reason codes as dropped.<code>."""
    named = {name: found.get(name) for name in ("seconds", "rows_in", "rows_out")}
    named |= {f"dropped.{reason}": count for reason, count in found.get("dropped", {}).items()}
    own = {name: value for name, value in found.get("metrics", {}).items() if name not in NOT_METRICS}
    named |= _flat(own)
    return {metric_name(k): float(v) for k, v in named.items() if isinstance(v, int | float)}


def metric_name(name: str) -> str:
    return "".join(c if c in FITS else "_" for c in name)[:250]


def curve(path: Path) -> list[Metric]:
    """history.json's points: one metric a number and step; [] where the stage trains nothing."""
    if not path.exists():
        return []
    return [
        Metric(name, float(value), _now(), int(point["step"]))
        for point in json.loads(path.read_text())
        for name, value in point.items()
        if name != "step" and isinstance(value, int | float)
    ]


def log_params(client: MlflowClient, run: Run, params: Params) -> None:
    listed = [Param(name, value) for name, value in shown_params(params).items()]
    for start in range(0, len(listed), BATCH["params"]):
        client.log_batch(run.info.run_id, params=listed[start : start + BATCH["params"]])


def shown_params(params: Params) -> dict[str, str]:
    """The parameters by dotted name, as the run holds them."""
    named = _flat(params.of_results())
    return {name: _shown(value) for name, value in named.items()}


def log_file(client: MlflowClient, run: Run, path: Path) -> None:
    """`path` as an artifact of the run under its own name, once; nothing where there is no such file."""
    if path.is_file() and path.name not in [found.path for found in client.list_artifacts(run.info.run_id)]:
        client.log_artifact(run.info.run_id, str(path))


def log_data(client: MlflowClient, run: Run, md5s: dict[str, str], source: dict[str, str]) -> None:
    """The data's versions as inputs of the run: names and DVC md5s, no row of them."""
    inputs = [
        DatasetInput(
            dataset=Dataset(
                name=path,
                digest=md5,
                source_type="code",
                source=json.dumps({"tags": {**source, "path": path}}),
                profile=json.dumps({"versioned_by": "dvc"}),
            ),
            tags=[InputTag("mlflow.data.context", _context(path))],
        )
        for path, md5 in md5s.items()
    ]
    client.log_inputs(run.info.run_id, datasets=inputs)


def _run(client: MlflowClient, experiment_id: str, name: str, tags: dict[str, str]) -> Run:
    wanted = " and ".join(f"tags.`{tag}` = {tags[tag]!r}" for tag in (DAG_RUN, ROLE))
    found = client.search_runs([experiment_id], wanted, order_by=["attributes.start_time ASC"], max_results=1)
    return found[0] if found else client.create_run(experiment_id, tags=tags, run_name=name)


def _flat(value: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in value.items():
        found |= _flat(one, f"{before}{name}.") if isinstance(one, dict) else {f"{before}{name}": one}
    return found


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:MAX_PARAM_CHARS]


def _context(path: str) -> str:
    return {"data/synthesized": "training", "data/split": "evaluation"}.get(path, path.rsplit("/", 1)[-1])


def _now() -> int:
    return int(time.time() * 1000)
