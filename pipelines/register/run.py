"""`python -m pipelines register --run-id ID`: what a DAG run made, into MLflow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Metric, Run

from pipelines.home import ROOT
from pipelines.params import Params
from pipelines.register import bill, lineage, tracking, versions
from pipelines.register.card import card
from pipelines.results import write_result
from pipelines.stage import OUTPUTS

MODELS = {"domain": "pretrain", "instruction": "tune"}
DOCS = "data/checks"
STEWARDS_FILE = "pii.yaml"  # of the knowledge folder: what the steward has decided to mask


def register(params: Params, run_id: str, root: Path = ROOT) -> dict[str, Any]:
    """Parent and child runs, data, Data Docs, two model versions; all found again by a retry.

    Returns (and leaves for the DAG) names, versions and ids; a KefuError where a stage is missing.
    """
    summary = lineage.read_json(root / OUTPUTS["evaluate"] / "summary.json")
    tags = {name: lineage.tags(params, root, run_id, stage) for name, stage in MODELS.items()}
    client = tracking.connect(tracking.patience_s())
    parent = tracking.parent_run(client, tracking.experiment(client, params.register_.name), run_id)
    _log_run(client, parent, params, root, tags["instruction"], summary)
    made = _versions(client, parent, params, root, tags, summary)
    tracking.name_version(client, parent, made["version"], summary["verdict"])
    result = {
        **made,
        "run_id": parent.info.run_id,
        "experiment_id": parent.info.experiment_id,
        "mlflow_url": tracking.mlflow_url(),
        "mlflow_run_url": tracking.run_url(parent),
        "airflow_url": tags["instruction"]["airflow_url"],
        "dag_run_id": run_id,
        "verdict": summary["verdict"],
        "adapter_sha256": tags["instruction"]["adapter_sha256"],
    }
    write_result(run_id, "register", result)
    return result


def _log_run(
    client: MlflowClient,
    parent: Run,
    params: Params,
    root: Path,
    tags: dict[str, str],
    summary: dict[str, Any],
) -> None:
    tracking.log_params(client, parent, params)
    source = {"git": tags["git_sha"], "tag": tags["data_tag"]}
    tracking.log_data(client, parent, lineage.data_md5s(root), source)
    for stage in OUTPUTS:
        tracking.log_stage(client, parent, stage, root)
    headline = lineage.read_json(root / "data/metrics/evaluate.json")
    shown = [
        Metric(tracking.metric_name(name), value, 0, 0)
        for name, value in tracking.flat_metrics(headline).items()
        if name.startswith(("candidate.", "base.", "champion.", "gain_", "blessed"))
    ]
    if (root / DOCS).is_dir() and not client.list_artifacts(parent.info.run_id, "data_docs"):
        client.log_artifacts(parent.info.run_id, str(root / DOCS), "data_docs")
    tracking.log_file(client, parent, root / params.knowledge / STEWARDS_FILE)
    own = {"verdict": summary["verdict"], "git_sha": tags["git_sha"], "airflow_url": tags["airflow_url"]}
    tracking.log_metrics(client, parent, shown, own)


def _versions(
    client: MlflowClient,
    parent: Run,
    params: Params,
    root: Path,
    tags: dict[str, dict[str, str]],
    summary: dict[str, Any],
) -> dict[str, str]:
    names = {model: f"{params.register_.name}-{model}" for model in MODELS}
    made: dict[str, str] = {}
    for model, stage in MODELS.items():
        lineage_tags = {**tags[model], "verdict": summary["verdict"], "mlflow_parent_run": parent.info.run_id}
        parent_version = (
            lineage.started_from(root) if model == "domain" else f"{names['domain']}/{made['domain']}"
        )
        lineage_tags["parent_version"] = parent_version
        lineage_tags["compared_with"] = lineage.compared_with(root)
        config = _config(params, root, stage, tags[model])
        own_bill = bill.make(
            params, root, root / OUTPUTS[stage], tags[model], versions.settings(config), parent_version
        )
        version = versions.add(
            client,
            parent.info.run_id,
            names[model],
            root / OUTPUTS[stage],
            config,
            lineage_tags,
            card(stage, params, lineage_tags, summary, root),
            own_bill,
        )
        made[model] = str(version.version)
        print(f"register: {names[model]} version {version.version}", flush=True)
    return {
        "name": names["instruction"],
        "version": made["instruction"],
        "domain_name": names["domain"],
        "domain_version": made["domain"],
    }


def _config(params: Params, root: Path, stage: str, tags: dict[str, str]) -> dict[str, Any]:
    """What the loader needs to know beside the adapter."""
    from pipelines.base.load import base_path, dtype_name, end_of_answer_ids, load_tokenizer
    from pipelines.knowledge import load_brand

    training = lineage.read_json(root / OUTPUTS[stage] / "training.json")
    return {
        "base": params.model.base,
        "revision": params.model.revision,
        "license": tags["base_license"],
        "base_sha256": tags["base_sha256"],
        "dtype": dtype_name(training.get("dtype", params.model.dtype)),
        "max_new_tokens": params.evaluate.max_new_tokens,
        "stop_ids": end_of_answer_ids(load_tokenizer(base_path(params.model))),
        "system_prompt": load_brand(root / params.knowledge).system_prompt.zh,
    }
