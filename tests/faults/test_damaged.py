"""Bytes that a disk has changed: in DVC's cache, in the store of remembered work, in the restricted area."""

import hashlib
import subprocess

import pytest

from pipelines import home, outputs, snapshot, workspace
from pipelines.errors import KefuError
from pipelines.ingest.restricted import partition_path, read_partition, write_partition
from pipelines.mask import store
from pipelines.mask.tally import Tally
from pipelines.steps import StepFailed
from tests.faults.test_disks import conversations

DVC_YAML = """
stages:
  write:
    cmd:
      - mkdir -p data/out/deep
      - seq 2000 > data/out/a.txt && seq 5 > data/out/deep/b.txt && echo 1 > data/m.json
    deps: [params.yaml]
    outs: [data/out]
    metrics: [data/m.json]
"""


@pytest.fixture
def checkout(tmp_path, own_home, monkeypatch):
    """A small repository with one stage, which runs share a DVC cache of."""
    root = tmp_path / "checkout"
    (root / ".dvc").mkdir(parents=True)
    (root / ".dvc/config").write_text("[core]\n    remote = local\n")
    (root / ".gitignore").write_text("data/\n")
    (root / "dvc.yaml").write_text(DVC_YAML)
    (root / "params.yaml").write_text((home.ROOT / "params.yaml").read_text())
    for command in (["init", "-qb", "main"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    snapshot.git("commit", "-qm", "first", cwd=root, env=snapshot.AUTHOR)
    for module in (home, workspace, snapshot):
        monkeypatch.setattr(module, "main_checkout", lambda: root)
    return root


def run(name, forced=False):
    """A run of the one stage, as the DAG makes it; returns {file: bytes} before and after it is held."""
    path = workspace.create(name, {})
    workspace.execute(name, "dvc", "repro", "--single-item", *(["--force"] if forced else []), "write")
    before = contents(path)
    outputs.hold(name, "write")
    return before, contents(path)


def contents(path):
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in (path / "data").rglob("*") if p.is_file()}


def damage(path):
    """One bit in the middle; the file keeps its size, its rights and its time."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(raw)
    path.chmod(0o444)


def cached():
    return [p for p in (home.home() / "dvc-cache/files/md5").rglob("*") if p.is_file()]


def damaged():
    return [
        p
        for p in cached()
        if hashlib.md5(p.read_bytes()).hexdigest() != (p.parent.name + p.name).removesuffix(".dir")
    ]


def test_a_damaged_file_of_the_cache_comes_into_no_run(checkout, capsys):
    """Damaged are in turn the second run's: a file, a list of files; and what the third has just made."""
    _, wanted = run("first")
    damage(next(p for p in cached() if p.stat().st_size > 5000))
    taken, held = run("second")
    assert taken != wanted and held == wanted and damaged() == []
    assert "data/out is made anew" in capsys.readouterr().out
    damage(next(p for p in cached() if p.name.endswith(".dir")))
    assert run("third")[1] == wanted and damaged() == []
    for file in cached():
        damage(file)
    outputs.hold("third", "write")
    assert damaged() == [] and contents(workspace.path_of("third")) == wanted


def test_a_remote_that_cannot_be_reached_is_told_and_gets_all_later(checkout):
    run("first")
    remote = home.home() / "dvc-remote"
    remote.write_text("no folder")
    with pytest.raises(StepFailed, match="Not a directory") as caught:
        workspace.publish("first")
    assert not caught.value.final
    assert snapshot.git("tag", cwd=checkout) == ""
    remote.unlink()
    assert workspace.publish("first")["tag"] == "data/first"
    assert [p.name for p in remote.rglob("*") if p.is_file()]


def test_what_cannot_be_mended_is_told(checkout, monkeypatch):
    run("first")
    (workspace.path_of("first") / "data/out/a.txt").write_text("another\n")
    monkeypatch.setattr(workspace, "execute", lambda *_: None)
    with pytest.raises(KefuError, match="is not what dvc"):
        outputs.hold("first", "write")


def test_locks_of_a_killed_git_do_not_stop_the_next_attempt(checkout):
    path = workspace.create("r1", {})
    (path / "dvc.lock").write_text("schema: '2.0'\n")
    worktree = checkout / ".git/worktrees/r1"
    locks = [worktree / "index.lock", worktree / "HEAD.lock", checkout / ".git/refs/heads/run/r1.lock"]
    locks.append(checkout / ".git/refs/tags/data/r1.lock")
    for lock in locks:
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    assert workspace.publish("r1")["tag"] == "data/r1"
    assert not any(lock.exists() for lock in locks)


def test_a_damaged_partition_of_the_store_counts_as_absent_and_one_of_the_restricted_area_is_told(own_home):
    table = conversations()
    for number in range(20):
        key = f"{number:064}"
        store.remember(key, table, Tally())
        file = store.path_of(key)
        raw = bytearray(file.read_bytes())
        raw[len(raw) * number // 20] ^= 4
        file.write_bytes(raw)
        found = store.recall(key)
        assert found is None or found[0] == table, f"bit changed at {number / 20:.0%}"
    write_partition("a" * 64, table)
    damage(partition_path("a" * 64))
    with pytest.raises(KefuError, match="a partition is damaged"):
        read_partition("a" * 64)
