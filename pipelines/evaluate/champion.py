"""The adapter in charge: MLflow's alias `champion`, where there is one on the same base.

`pin` asks the registry once, at the start of a run, and writes what it said to data/champion.json. `evaluate`
depends on that file and asks nobody, so that it is a pure function of its inputs like every other stage.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import KefuError, UnavailableError
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.home import home
from pipelines.servers.environment import mlflow_url

ALIAS = "champion"
PINNED = "data/champion.json"
IMPATIENT = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}


@dataclass(frozen=True)
class Champion:
    name: str
    version: str
    base_sha256: str
    adapter_sha256: str
    generation: int = 0  # versions since the one that started from the base
    seen_sha256: str = ""  # of the list of rows that its training had, beside the adapter

    def adapter(self) -> Path:
        """The adapter's folder, fetched once and checked against the sha that was pinned."""
        kept = home() / "store/champions" / self.adapter_sha256
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=kept.parent) as into:
                _checked(self._fetch(Path(into)), self.adapter_sha256).rename(kept)
        return kept

    def _fetch(self, into: Path) -> Path:
        from pipelines.servers.models import fetch

        uri = f"models:/{self.name}/{self.version}"
        configs = sorted(fetch(uri, into).rglob("adapter_config.json"))
        if not configs:
            raise KefuError(
                "the champion's version holds no adapter",
                uri,
                "move the alias champion to a version that `register` made",
            )
        return configs[0].parent


def _checked(folder: Path, sha256: str) -> Path:
    found = adapter_sha256(folder)
    if found != sha256:
        raise KefuError(
            f"the champion's adapter is not the registered one (sha256 {found[:12]}, not {sha256[:12]})",
            "MLflow's artifact store",
            "restore the artifact, or move the alias champion to a whole version",
        )
    return folder


def pin(name: str, root: Path) -> str:
    """Writes the champion of the registered model `name` to data/champion.json below `root`; says which."""
    champion, note = find(name)
    (root / PINNED).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"champion": asdict(champion) if champion else None, "note": note}, indent=1)
    (root / PINNED).write_text(text + "\n")
    return note


def pinned(root: Path, base_sha256: str) -> tuple[Champion | None, str]:
    """(champion to compare with, why there is none or which it is), as data/champion.json says."""
    try:
        said = json.loads((root / PINNED).read_text())
        champion = Champion(**said["champion"]) if said["champion"] else None
    except (OSError, ValueError, KeyError, TypeError):
        raise KefuError(
            "what the champion is cannot be read",
            str(root / PINNED),
            "run `python -m pipelines pin-champion`",
        ) from None
    if champion and champion.base_sha256 != base_sha256:
        return None, f"the champion, {champion.name} version {champion.version}, stands on another base"
    return champion, str(said["note"])


def find(name: str) -> tuple[Champion | None, str]:
    """(champion of the registered model `name`, why there is none or which it is), asked from the server."""
    try:
        url = mlflow_url()
    except KefuError:
        return None, "no MLflow server is known, so there is no champion"
    for variable, value in IMPATIENT.items():
        os.environ.setdefault(variable, value)
    return _ask(url, name)


def _ask(url: str, name: str) -> tuple[Champion | None, str]:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    try:
        version = MlflowClient(tracking_uri=url, registry_uri=url).get_model_version_by_alias(name, ALIAS)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None, f"no version of {name} is champion yet"
        raise UnavailableError(
            f"the MLflow server did not say who is champion ({error.error_code})", url, "see `make status`"
        ) from None
    tags = version.tags
    champion = Champion(
        name,
        str(version.version),
        tags.get("base_sha256", ""),
        tags.get("adapter_sha256", ""),
        int(tags.get("generation") or 0),
        tags.get("seen_sha256", ""),
    )
    return champion, f"the champion is {name} version {version.version}"
