"""A small installation: a real git and DVC repository with runs of several ages, and a real MLflow store."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pipelines import exchange, home, snapshot, workspace
from pipelines.register import reproduce, sources, trace
from pipelines.register.tracking import connect
from pipelines.retention import collect, objects, runs
from tests.conftest import ROOT

DAY_S = 86400
NOW = 1_900_000_000
DVC_YAML = {
    "stages": {
        "ingest": {"cmd": "python make.py ingested", "params": ["week"], "outs": ["data/ingested"]},
        "tune": {
            "cmd": "python make.py adapters/instruction",
            "params": ["week"],
            "outs": ["data/adapters/instruction"],
        },
    }
}
MAKE = """
import json, pathlib, sys, yaml
week = yaml.safe_load(open("params.yaml"))["week"]
out = pathlib.Path("data") / sys.argv[1]
out.mkdir(parents=True, exist_ok=True)
(out / "same.txt").write_text("in every run")
(out / "own.txt").write_text(f"{sys.argv[1]} of {week}")
part = {"partition": f"shop/{week}.jsonl", "key": f"key-{week}", "rows": 1, "rejected": 0}
(out / "manifest.json").write_text(json.dumps({"partitions": [part]}))
"""


def git(where, *args, at=None):
    env = {**os.environ, **snapshot.AUTHOR}
    if at is not None:
        env |= {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
    done = subprocess.run(["git", *args], cwd=where, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Place:
    def __init__(self, root, home_):
        self.root, self.home = root, home_

    def run(self, name, days_ago):
        """A run of that name with its data in cache and remote, as old as said."""
        from dvc.repo import Repo

        path, at = self.home / "runs" / name, NOW - days_ago * DAY_S
        git(self.root, "worktree", "add", "-q", "-B", f"run/{name}", str(path), "main")
        workspace.share_cache(path)
        (path / "params.yaml").write_text(f"week: {name}\n")
        before = Path.cwd()
        os.chdir(path)
        try:
            with Repo(str(path)) as repo:
                repo.reproduce()
                repo.push()
        finally:
            os.chdir(before)
        git(path, "add", "-f", "params.yaml", "dvc.lock")
        git(path, "commit", "-qm", f"Data of {name}", at=at)
        git(path, "tag", f"data/{name}")
        workspace._remove(path)
        (self.home / "reports" / name).mkdir(parents=True)
        (self.home / "reports" / name / "report.html").write_text("<p>page</p>")
        restricted = self.home / "restricted/conversations" / f"key-{name}.parquet"
        restricted.parent.mkdir(parents=True, exist_ok=True)
        restricted.write_bytes(b"encrypted")
        os.utime(restricted, (at, at))

    def age_objects(self, days=9):
        """Everything in the stores is now so old."""
        for path in [*(self.home / "dvc-cache").rglob("*"), *(self.home / "dvc-remote").rglob("*")]:
            os.utime(path, (NOW - days * DAY_S,) * 2)

    def names(self):
        return {run.name for run in runs.known_runs()}

    def data(self, name):
        """Whether every file of the run is in the cache, and whether it is in the remote."""
        lock = yaml.safe_load(self.locks[name])
        md5s = {out["md5"] for stage in lock["stages"].values() for out in stage["outs"]}
        for folder in list(md5s):
            md5s |= self.files[folder]
        return {
            store: all((self.home / store / "files/md5" / m[:2] / m[2:]).exists() for m in md5s)
            for store in ("dvc-cache", "dvc-remote")
        }

    def remember(self):
        """What each run's data is, before anything is collected."""
        self.locks = {n: git(self.root, "show", f"data/{n}:dvc.lock") for n in self.names()}
        cache = self.home / "dvc-cache/files/md5"
        self.files = {
            path.parent.name + path.name: {entry["md5"] for entry in json.loads(path.read_text())}
            for path in cache.rglob("*.dir")
        }


MODULES = (exchange, home, workspace, snapshot, runs, objects, collect, reproduce, sources, trace)


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A checkout with three runs: `version` (registered) and `old` are 200 days old, `young` is 3."""
    base = tmp_path_factory.mktemp("retention")
    place = Place(base / "checkout", base / "home")
    with pytest.MonkeyPatch.context() as patch:
        settle(place, base, patch)
        make_checkout(place.root)
        for name, days in (("version", 200), ("old", 200), ("young", 3)):
            place.run(name, days)
        client = connect()
        client.create_registered_model("kefu-instruction")
        tags = {"data_tag": "data/version", "trained_by": "tune", "adapter_sha256": "0" * 64}
        client.create_model_version("kefu-instruction", "nowhere", tags=tags)
    return base


@pytest.fixture
def installation(template, tmp_path, monkeypatch):
    """A copy of the template, to be changed at will."""
    for name in ("checkout", "home"):
        shutil.copytree(template / name, tmp_path / name)
    shutil.copy(template / "mlflow.db", tmp_path / "mlflow.db")
    place = Place(tmp_path / "checkout", tmp_path / "home")
    settle(place, tmp_path, monkeypatch)
    place.age_objects()
    place.remember()
    return place


def settle(place, base, patch):
    patch.setenv("KEFU_HOME", str(place.home))
    patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{base / 'mlflow.db'}")
    for module in MODULES:
        patch.setattr(module, "main_checkout", lambda: place.root)


def make_checkout(root):
    (root / ".dvc").mkdir(parents=True)
    (root / ".dvc/config").write_text((ROOT / ".dvc/config").read_text())
    (root / ".gitignore").write_text("/data/\n")
    (root / "make.py").write_text(MAKE)
    (root / "dvc.yaml").write_text(yaml.safe_dump(DVC_YAML))
    (root / "params.yaml").write_text("week: none\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first", at=NOW - 900 * DAY_S)
