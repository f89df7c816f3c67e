"""An adapter as a version of a registered model: the adapter and how to load it, never the base."""

from __future__ import annotations

import importlib.metadata
import shutil
import tempfile
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types.schema import Array, ColSpec, DataType, Object, ParamSchema, ParamSpec, Property, Schema

from pipelines.register import bill
from pipelines.register.bill import LOADER, Bill

NEEDS = ("mlflow", "torch", "transformers", "peft", "safetensors")
QUESTION = {"zh": "怎么退货？", "en": "How do I return an item?"}


def find(client: MlflowClient, name: str, sha: str, run_id: str) -> ModelVersion | None:
    """The version that this DAG run already made of this adapter.

    A request that a halted server answers too late is sent again, and then both may make a version: the
    first stays.
    """
    try:
        versions = client.search_model_versions(f"name='{name}'")
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None
    same = [v for v in versions if (v.tags.get("adapter_sha256"), v.tags.get("dag_run_id")) == (sha, run_id)]
    first, *twins = sorted(same, key=lambda v: int(v.version)) or [None]
    for twin in twins:
        client.delete_model_version(name, twin.version)
    return first


def add(
    client: MlflowClient,
    mlflow_run_id: str,
    name: str,
    adapter: Path,
    config: dict[str, Any],
    tags: dict[str, str],
    card: str,
    bill: Bill,
) -> ModelVersion:
    """The version of `adapter` under `name`: found where a retry made it before, else logged and made."""
    found = find(client, name, tags["adapter_sha256"], tags["dag_run_id"])
    if found is None:
        made = mlflow.register_model(_log(mlflow_run_id, name, adapter, config, bill), name, tags=tags)
        found = find(client, name, tags["adapter_sha256"], tags["dag_run_id"]) or made
    if not found.description:  # what a cleared run made again stays what its bill says
        client.update_model_version(name, found.version, description=card)
    return client.get_model_version(name, found.version)


def requirements() -> list[str]:
    """The few packages that loading needs, as installed here."""
    return [f"{package}=={importlib.metadata.version(package).split('+')[0]}" for package in NEEDS]


def signature(max_new_tokens: int) -> ModelSignature:
    """Rows with `messages` to answers; `max_new_tokens` may be given with the call."""
    message = Object([Property("role", DataType.string), Property("content", DataType.string)])
    return ModelSignature(
        inputs=Schema([ColSpec(Array(message), "messages")]),
        outputs=Schema([ColSpec(DataType.string)]),
        params=ParamSchema([ParamSpec("max_new_tokens", DataType.long, max_new_tokens)]),
    )


def example(system_prompt: str, language: str) -> list[dict[str, Any]]:
    """One row as `predict` takes it; invented, not a customer's."""
    question = QUESTION.get(language, QUESTION["en"])
    return [
        {
            "messages": [
                {"role": "system", "content": system_prompt},
                {"role": "user", "content": question},
            ]
        }
    ]


def settings(config: dict[str, Any]) -> dict[str, Any]:
    """What the loader reads of `config`."""
    return {name: value for name, value in config.items() if name != "system_prompt"}


def _log(mlflow_run_id: str, name: str, adapter: Path, config: dict[str, Any], own: Bill) -> str:
    """Logs the pyfunc model into the run; returns its URI."""
    with tempfile.TemporaryDirectory() as scratch, mlflow.start_run(run_id=mlflow_run_id):
        folder = Path(scratch) / "adapter"
        folder.mkdir()
        for file in sorted(path for path in adapter.iterdir() if path.is_file()):
            shutil.copy(file, folder / file.name)
        model = mlflow.pyfunc.log_model(
            name=name,
            python_model=str(LOADER),
            artifacts={"adapter": str(folder), "bill": str(bill.write(own, Path(scratch)))},
            model_config=settings(config),
            signature=signature(config["max_new_tokens"]),
            input_example=example(config["system_prompt"], "zh"),
            pip_requirements=requirements(),
        )
    return str(model.model_uri)
