"""Operators are built once; what stops them is said."""

import subprocess

import pytest

from pipelines.base import ops
from pipelines.errors import KefuError


def test_what_is_there_is_not_built_again(own_home, monkeypatch):
    monkeypatch.setattr(ops.subprocess, "run", lambda *_, **__: pytest.fail("built again"))
    for name in ops.needed(offload=True):
        path = ops.folder() / "py311_cpu" / name / f"{name}.so"
        path.parent.mkdir(parents=True)
        path.touch()
    lines = ops.build(offload=True)
    assert lines == ["DeepSpeed operator deepspeed_shm_comm: there", "DeepSpeed operator cpu_adam: there"]


def test_no_compiler(own_home, monkeypatch):
    monkeypatch.setattr(ops.shutil, "which", lambda _: None)
    with pytest.raises(KefuError, match="no C\\+\\+ compiler"):
        ops.build(offload=False)


def test_a_failed_build_gives_the_compilers_reason(own_home, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "note\nfatal error: no space left on device\n")
    monkeypatch.setattr(ops.shutil, "which", lambda _: "/usr/bin/c++")
    monkeypatch.setattr(ops.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(KefuError, match="no space left"):
        ops.build(offload=False)


def test_offload_alone_needs_adam():
    assert ops.needed(offload=False) == ["deepspeed_shm_comm"]
    assert "cpu_adam" in ops.needed(offload=True)


def test_a_lock_that_a_kill_left_is_not_copied(tmp_path):
    built = tmp_path / "built/deepspeed_shm_comm"
    built.mkdir(parents=True)
    for name in ("deepspeed_shm_comm.so", "build.ninja", "lock", ".ninja_lock"):
        (built / name).write_text(name)
    (tmp_path / "own").mkdir()
    (tmp_path / "own/old").touch()
    own = ops.copy(tmp_path / "built", tmp_path / "own")
    assert sorted(path.name for path in own.rglob("*.*")) == ["build.ninja", "deepspeed_shm_comm.so"]
    assert not list(own.rglob("lock")) and not (own / "old").exists()
