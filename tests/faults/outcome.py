"""What a run has made, as far as another run of the same must make the same."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipelines.outputs import stored
from pipelines.stage import OUTPUTS
from pipelines.workspace import name_of
from tests.test_e2e import git

OF_THE_CLOCK = (
    "seconds",
    "attempts",
    "resumed_from_step",
    "per_s",
    "latency",
    "reused",
    "cost",
    "energy",
    "peak",
)
OF_THE_CLOCK += ("p50_s", "p95_s")
"""Parts of names of metrics and columns that tell how long or how often, and need not be the same."""
ADAPTERS = {"kefu-domain": "pretrain", "kefu-instruction": "tune"}


def outcome(installation, run_id):
    """{what: its bytes in short}: the stages' outputs by DVC's md5, metrics without times, adapters."""
    lock = yaml.safe_load(git("show", f"data/{name_of(run_id)}:dvc.lock", cwd=installation.path))
    made = {}
    for stage, output in OUTPUTS.items():
        md5s = {out["path"]: out["md5"] for out in lock["stages"][stage]["outs"]}
        made[output] = contents(installation, md5s[output])
        made[f"{stage} metrics"] = metrics(installation, md5s[f"data/metrics/{stage}.json"])
    made |= {name: registered(installation, run_id, name) for name in ADAPTERS}
    return made


def contents(installation, md5):
    """{file: sha256} of a folder in the DVC cache, times aside; fails where a file is damaged."""
    cache, found = installation.home / "dvc-cache", {}
    for part in json.loads(whole(cache, md5)):
        raw = whole(cache, part["md5"])
        if part["relpath"].endswith(".json"):
            raw = json.dumps(without_times(json.loads(raw)), sort_keys=True).encode()
        elif part["relpath"].endswith(".parquet"):
            raw = rows_without_times(raw)
        found[part["relpath"]] = hashlib.sha256(raw).hexdigest()[:16]
    return found


def rows_without_times(raw):
    """The table's schema and rows; the file itself where it has no column of times."""
    table = pq.read_table(pa.BufferReader(raw))
    of_the_clock = [name for name in table.schema.names if any(part in name for part in OF_THE_CLOCK)]
    if not of_the_clock:
        return raw
    return json.dumps(table.drop_columns(of_the_clock).to_pylist(), default=str).encode()


def whole(cache, md5):
    raw = stored(cache, md5).read_bytes()
    assert hashlib.md5(raw).hexdigest() == md5.removesuffix(".dir"), f"{md5} of the cache is damaged"
    return raw


def metrics(installation, md5):
    found = without_times(json.loads(whole(installation.home / "dvc-cache", md5)))
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def without_times(value):
    if isinstance(value, list):
        return [without_times(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {k: v for k, v in value.items() if not any(part in k for part in OF_THE_CLOCK)}
    return {name: without_times(one) for name, one in kept.items()}


def registered(installation, run_id, name):
    """sha256 of the one version that the run has registered under `name`: not two, and none of it missing."""
    client = installation.mlflow()
    versions = [
        v for v in client.search_model_versions(f"name='{name}'") if v.tags.get("dag_run_id") == run_id
    ]
    assert len(versions) == 1, f"{len(versions)} versions of {name}"
    installation.python("-m", "pipelines", "verify", f"{name}/{versions[0].version}")
    return versions[0].tags["adapter_sha256"]


def differences(one, other):
    """Names of what two outcomes do not share."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def no_twins(installation):
    """No run of MLflow stands twice for one stage of one DAG run."""
    client = installation.mlflow()
    runs = client.search_runs([e.experiment_id for e in client.search_experiments()])
    roles = Counter((run.data.tags.get("kefu.dag_run"), run.data.tags.get("kefu.role")) for run in runs)
    return [role for role, count in roles.items() if count > 1]


def left_over(home: Path):
    """Files that a kill left half-written in places where a later run might take them for whole."""
    return [path for name in ("dvc-remote", "reports") for path in (home / name).rglob("*.partial")]
