"""The adapter's bill of materials: what it was made of, as hashes, signed; and whether that still holds.

It stands beside the adapter in the model version (`artifacts/bill.json`) and travels with it.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from mlflow.entities.model_registry import ModelVersion

from pipelines.errors import KefuError
from pipelines.fingerprint import fingerprint_code, sha256_of
from pipelines.home import ROOT
from pipelines.params import Params
from pipelines.register import signing
from pipelines.register.lineage import data_md5s

NAME, KIND = "bill.json", "kefu.adapter-bill/1"
LOADER = ROOT / "mlflow/adapter_model.py"
LOADS = ("mlflow.pyfunc.loaders.code_model", None, "artifacts/adapter", LOADER.name)  # as MLmodel says
IN_TAGS = {  # place in the bill: the version's tag that must say the same
    ("adapter", "sha256"): "adapter_sha256",
    ("base", "sha256"): "base_sha256",
    ("data", "tag"): "data_tag",
    ("code", "git_sha"): "git_sha",
    ("parameters", "digest"): "params_digest",
    ("dag_run_id",): "dag_run_id",
}
Bill = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    what: str
    ok: bool
    says: str


def make(
    params: Params, root: Path, adapter: Path, tags: dict[str, str], config: dict[str, Any], parent: str
) -> Bill:
    """The signed bill of the adapter in `adapter`; `tags` is its lineage, `parent` its version or ""."""
    values = params.of_results()
    bill = {
        "kind": KIND,
        "adapter": {"sha256": tags["adapter_sha256"], "files": hashes(adapter)},
        "loader": {"sha256": sha256_of(LOADER), "config": config},
        "base": {name: tags[f"base_{name}"] for name in ("name", "revision", "license", "sha256")},
        "data": {"tag": tags["data_tag"], "dvc_md5": data_md5s(root)},
        "code": {
            "git_sha": tags["git_sha"],
            "uncommitted_edits": tags["code_dirty"] == "true",
            "digest": fingerprint_code(ROOT / "pipelines"),
        },
        "parameters": {"digest": tags["params_digest"], "values": values},
        "packages": packages(),
        "parent": {"version": parent, "adapter_sha256": tags["parent_adapter_sha256"]} if parent else None,
        "dag_run_id": tags["dag_run_id"],
    }
    return {**bill, "signature": signing.sign(bill)}


def hashes(folder: Path) -> dict[str, str]:
    """{file name: sha256} of the files in `folder`."""
    return {file.name: sha256_of(file) for file in sorted(folder.iterdir()) if file.is_file()}


def packages() -> dict[str, str]:
    """Versions of Python and of every package installed here."""
    found = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
    return {"python": platform.python_version(), **dict(sorted(found.items(), key=lambda p: p[0].lower()))}


def write(bill: Bill, folder: Path) -> Path:
    path = folder / NAME
    path.write_text(json.dumps(bill, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def fetch(version: ModelVersion) -> Bill:
    """The bill that the version carries, unchecked; KefuError where it has none."""
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    uri = f"models:/{version.name}/{version.version}"
    with tempfile.TemporaryDirectory() as into:
        try:
            path = download_artifacts(artifact_uri=f"{uri}/artifacts/{NAME}", dst_path=into)
        except (MlflowException, OSError):
            raise KefuError(
                "this version carries no bill of materials", uri, "it was registered before there were any"
            ) from None
        return _read(Path(path))


def verify(version: ModelVersion) -> list[Finding]:
    """Whether files, loader, tags and signature of the registered version agree with its bill."""
    from mlflow.artifacts import download_artifacts

    bill = fetch(version)
    with tempfile.TemporaryDirectory() as into:
        uri = f"models:/{version.name}/{version.version}"
        folder = Path(download_artifacts(artifact_uri=uri, dst_path=into))
        findings = [
            _finding("adapter", list(_files(bill, folder)), f"{len(bill['adapter']['files'])} files"),
            _finding("loader", list(_loader(bill, folder)), "code and settings"),
        ]
    tags = [f"{name} differs" for name, value in _stated(bill).items() if version.tags.get(name) != value]
    return [*findings, _finding("tags", tags, "base, data, code, parameters, run"), _signature(bill)]


def _signature(bill: Bill) -> Finding:
    signature = bill["signature"]
    content = {name: value for name, value in bill.items() if name != "signature"}
    if not signing.holds(content, signature):
        return Finding("signature", False, "the bill was changed after it was signed")
    known, who = signing.signer(signature)
    return Finding("signature", known, f"{signing.ALGORITHM}, by {who}")


def _files(bill: Bill, folder: Path) -> Iterator[str]:
    stated, found = bill["adapter"]["files"], hashes(folder / "artifacts/adapter")
    for name in sorted({*stated, *found}):
        if name not in found:
            yield f"{name} is missing"
        elif name not in stated:
            yield f"{name} is not on the bill"
        elif found[name] != stated[name]:
            yield f"{name} was changed"
    weights = folder / "artifacts/adapter/adapter_model.safetensors"
    if weights.exists() and sha256_of(weights) != bill["adapter"]["sha256"]:
        yield "the weights are not those on the bill"


def _loader(bill: Bill, folder: Path) -> Iterator[str]:
    """What is run and read when the version is loaded."""
    model = yaml.safe_load((folder / "MLmodel").read_text())["flavors"]["python_function"]
    code = folder / LOADER.name
    if not code.exists() or sha256_of(code) != bill["loader"]["sha256"]:
        yield f"{LOADER.name} was changed"
    where = (model["artifacts"]["adapter"]["path"], Path(model.get("model_code_path") or "").name)
    if (model["loader_module"], model.get("code"), *where) != LOADS:
        yield "MLmodel names another loader or adapter"
    if model.get("config") != bill["loader"]["config"]:
        yield "MLmodel's config was changed"


def _stated(bill: Bill) -> dict[str, str]:
    """The tags that the version must have, as the bill says."""
    found = {f"dvc.{out}": md5 for out, md5 in bill["data"]["dvc_md5"].items()}
    for place, tag in IN_TAGS.items():
        value: Any = bill
        for name in place:
            value = value[name]
        found[tag] = value
    return found


def _finding(what: str, faults: list[str], says: str) -> Finding:
    return Finding(what, not faults, "; ".join(faults) if faults else f"agrees ({says})")


def _read(path: Path) -> Bill:
    try:
        found: Bill = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = {}
    if found.get("kind") != KIND:
        raise KefuError("the bill of materials cannot be read", NAME, "restore the artifact")
    return found
