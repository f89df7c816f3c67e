"""A registered version by its models:/ address, with the base that it stands on."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError, UnavailableError
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.evaluate.champion import IMPATIENT, Champion
from pipelines.evaluate.contender import Contender
from pipelines.evaluate.store import digest
from pipelines.mask.policy import Policy
from pipelines.params import Params
from pipelines.params.sections import Model
from pipelines.servers.environment import mlflow_url

ADDRESS = re.compile(r"models:/(?P<name>[^/@\s]+)(?:@(?P<alias>[^/@\s]+)|/(?P<version>\d+))")


def contender(model: str, params: Params, policy: Policy) -> Contender:
    """What `model` names, ready to be asked: a models:/ address, a folder with an adapter, or base."""
    if model == "base" or not model.startswith("models:/"):
        return _local(model, params, policy)
    found = _version(model)
    tags = found.tags
    own = _base_of(params.model, tags)
    base = _resolved(own, tags.get("base_sha256", ""), model)
    champion = Champion(found.name, str(found.version), base, tags.get("adapter_sha256", ""))
    key = digest([base, champion.adapter_sha256])
    return Contender("candidate", key, params.model_copy(update={"model": own}), policy, champion.adapter)


def _local(model: str, params: Params, policy: Policy) -> Contender:
    from pipelines.base.load import resolve

    base = resolve(params.model).sha256
    if model == "base":
        return Contender("candidate", base, params, policy)
    folder = Path(model)
    return Contender("candidate", digest([base, adapter_sha256(folder)]), params, policy, lambda: folder)


def _version(address: str) -> Any:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    parts = ADDRESS.fullmatch(address)
    if not parts:
        raise KefuError(
            f"{address!r} names no version", "--model", "give models:/NAME@ALIAS or models:/NAME/VERSION"
        )
    for variable, number in IMPATIENT.items():
        os.environ.setdefault(variable, number)
    url = mlflow_url()
    client = MlflowClient(tracking_uri=url, registry_uri=url)
    try:
        if parts["alias"]:
            return client.get_model_version_by_alias(parts["name"], parts["alias"])
        return client.get_model_version(parts["name"], parts["version"])
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise KefuError("there is no such version", address, "see MLflow's page of the model") from None
        raise UnavailableError(
            f"the MLflow server does not answer ({error.error_code})", url, "see `make status`"
        ) from None


def _base_of(model: Model, tags: dict[str, str]) -> Model:
    """The base that the version's tags name; that of params.yaml where they name none."""
    named = {"base": tags.get("base"), "license": tags.get("base_license")}
    named |= {"revision": tags.get("base_revision")}
    return model.model_copy(update={key: text for key, text in named.items() if text})


def _resolved(model: Model, sha256: str, address: str) -> str:
    from pipelines.base.load import resolve

    base = resolve(model)
    if base.sha256 != sha256:
        raise KefuError(
            f"the version stands on another base (sha256 {sha256[:12] or 'unknown'}) than {base.name} here",
            address,
            "prepare the base that it was trained on, and name it in params.yaml: model.base",
        )
    return base.sha256
