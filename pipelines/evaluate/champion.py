"""The adapter in charge: MLflow's alias `champion`, where there is one on the same base.

`data/champion.json` makes it an input that DVC sees: a run writes it (`look`) before it evaluates, so a moved
champion makes the stage run again. Where the file names none, the stage asks the registry itself.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.params import Params
from pipelines.servers.environment import mlflow_url

ALIAS = "champion"
FILE = "data/champion.json"
IMPATIENT = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}


@dataclass(frozen=True)
class Champion:
    name: str
    version: str
    base_sha256: str
    adapter_sha256: str

    def adapter(self) -> Path:
        """The adapter's folder, fetched from the registry."""
        from mlflow.artifacts import download_artifacts

        into = Path(tempfile.mkdtemp(prefix="kefu-champion-"))
        found = Path(
            download_artifacts(
                artifact_uri=f"models:/{self.name}/{self.version}",
                dst_path=str(into),
                tracking_uri=mlflow_url(),
            )
        )
        configs = sorted(found.rglob("adapter_config.json"))
        if not configs:
            raise KefuError(
                "the champion's version holds no adapter",
                f"models:/{self.name}/{self.version}",
                "move the alias champion to a version that `register` made",
            )
        return configs[0].parent


def look(params: Params, root: Path) -> dict[str, Any]:
    """Asks the registry and writes data/champion.json: {"champion": {...} or null, "note"}."""
    from pipelines.base.load import resolve

    champion, note = find(f"{params.register_.name}-instruction", resolve(params.model).sha256)
    found = {"champion": asdict(champion) if champion else None, "note": note}
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")
    return found


def of_run(name: str, base_sha256: str, root: Path) -> tuple[Champion | None, str]:
    """The champion that data/champion.json names, else what the registry says now."""
    path = root / FILE
    named = json.loads(path.read_text(encoding="utf-8")).get("champion") if path.exists() else None
    if not named:
        return find(name, base_sha256)
    champion = Champion(**named)
    which = f"{champion.name} version {champion.version}"
    if champion.base_sha256 != base_sha256:
        return None, f"the champion, {which}, stands on another base"
    return champion, f"the champion is {which}"


def find(name: str, base_sha256: str) -> tuple[Champion | None, str]:
    """(champion of the registered model `name`, why there is none or which it is)."""
    try:
        url = mlflow_url()
    except KefuError:
        return None, "no MLflow server is known, so there is no champion"
    for variable, value in IMPATIENT.items():
        os.environ.setdefault(variable, value)
    return _ask(url, name, base_sha256)


def _ask(url: str, name: str, base_sha256: str) -> tuple[Champion | None, str]:
    from mlflow.exceptions import MlflowException, RestException

    from mlflow import MlflowClient

    try:
        version = MlflowClient(tracking_uri=url, registry_uri=url).get_model_version_by_alias(name, ALIAS)
    except RestException:
        return None, f"no version of {name} is champion yet"
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None, f"no version of {name} is champion yet"
        return None, f"the MLflow server at {url} did not answer, so no champion was looked at"
    tags = version.tags
    which = f"{name} version {version.version}"
    if tags.get("base_sha256") != base_sha256:
        return None, f"the champion, {which}, stands on another base ({tags.get('base', 'unknown')})"
    champion = Champion(name, str(version.version), base_sha256, tags.get("adapter_sha256", ""))
    return champion, f"the champion is {which}"
