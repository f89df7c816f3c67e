"""Where an adapter comes from: base, data, code, parameters, run."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from pipelines.errors import KefuError
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.evaluate.champion import PINNED
from pipelines.params import Params
from pipelines.stage import OUTPUTS
from pipelines.start.pinned import read_start
from pipelines.workspace import data_tag

WRITTEN_BY_RUNS = ("dvc.lock",)
SNAPSHOT = "Snapshot of uncommitted edits"  # workspace.py's commit of what was not committed


def tags(params: Params, root: Path, run_id: str, stage: str) -> dict[str, str]:
    """Lineage of the adapter that `stage` (pretrain or tune) made, as tags of its model version."""
    training = read_json(root / OUTPUTS[stage] / "training.json")
    start = read_start(root)
    found = {
        **_base(params),
        "adapter_sha256": adapter_sha256(root / OUTPUTS[stage]),
        "parent_adapter_sha256": training.get("parent_sha256") or "",
        "generation": start.generation,
        "seen_sha256": training.get("seen_sha256") or "",
        **{f"dvc.{out}": md5 for out, md5 in data_md5s(root).items()},
        **_code(root),
        "params_digest": params_digest(params),
        "profile": params.profile,
        "dag_run_id": run_id,
        "data_tag": data_tag(run_id, root),
        "airflow_url": airflow_run_url(run_id),
        "trained_by": stage,
    }
    return {name: str(value) for name, value in found.items()}


def data_md5s(root: Path) -> dict[str, str]:
    """{out: md5 that DVC knows it by} of every stage's output, Data Docs left out."""
    path = root / "dvc.lock"
    if not path.exists():
        raise KefuError(
            "there is no dvc.lock, so the data's versions are unknown", str(path), "run `dvc repro` first"
        )
    stages = (yaml.safe_load(path.read_text()) or {}).get("stages", {})
    outs = [out for stage in stages.values() for out in stage.get("outs", [])]
    return {
        out["path"]: out["md5"].removesuffix(".dir")
        for out in outs
        if out["path"] in OUTPUTS.values() and "md5" in out
    }


def compared_with(root: Path) -> str:
    """The version that was champion when this one was evaluated, "" where there was none."""
    champion = read_json(root / PINNED).get("champion")
    return str(champion["version"]) if champion else ""


def started_from(root: Path) -> str:
    """NAME/VERSION of the adapter that the domain adapter went on from, "" where that was the base."""
    champion = read_start(root).champion
    return f"{champion.name}/{champion.version}" if champion else ""


def params_digest(params: Params) -> str:
    """sha256 of all parameters as they held, the profile laid over."""
    text = json.dumps(params.of_results(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def airflow_base() -> str:
    """The address of Airflow, "" where none is known."""
    from pipelines.servers.environment import airflow_url

    try:
        return airflow_url()
    except KefuError:
        return ""


def airflow_run_url(run_id: str) -> str:
    """The DAG run's page in Airflow, "" where no Airflow is known."""
    base = airflow_base()
    return f"{base}/dags/retrain/runs/{quote(run_id, safe='')}" if base else ""


def read_json(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise KefuError("a file that a stage writes is not there", str(path), "run its stage (`dvc repro`)")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _base(params: Params) -> dict[str, str]:
    from pipelines.base.load import resolve

    base = resolve(params.model)
    return {
        "base": params.model.base,
        "base_name": base.name,
        "base_license": base.license,
        "base_revision": base.revision or "",
        "base_sha256": base.sha256,
    }


def _code(root: Path) -> dict[str, str]:
    """The commit, and whether it, or the checkout, holds edits that nobody committed."""
    changed = [line[3:] for line in _git(root, "status", "--porcelain", "--untracked-files=no").splitlines()]
    subjects = _git(root, "log", "-6", "--format=%s").splitlines()
    dirty = any(path not in WRITTEN_BY_RUNS for path in changed) or SNAPSHOT in subjects
    return {"git_sha": _git(root, "rev-parse", "HEAD").strip(), "code_dirty": str(dirty).lower()}


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=root, capture_output=True, text=True)
    if done.returncode != 0:
        raise KefuError(
            f"git {args[0]} failed, so the code's version is unknown", str(root), "run from a git checkout"
        )
    return done.stdout
