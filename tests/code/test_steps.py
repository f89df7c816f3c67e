"""Commands of a run: their output, their failures, and what outlives them."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from pipelines import home, steps, workspace
from pipelines.errors import UnavailableError
from tests.conftest import ROOT


def test_what_the_machine_fails_is_tried_again(checkout, monkeypatch):
    """A disk that is full when git writes the worktree, and nothing that a user chose."""
    git_itself = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    fake = checkout.parent / "bin/git"
    fake.parent.mkdir()
    said = "error: unable to write file: No space left on device"
    fake.write_text(f'#!/bin/sh\ncase "$*" in *"worktree add"*) echo "{said}" >&2; exit 128;; esac\n')
    fake.write_text(f'{fake.read_text()}exec {git_itself} "$@"\n')
    fake.chmod(0o755)
    with monkeypatch.context() as full:
        full.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
        with pytest.raises(UnavailableError, match="No space left"):
            workspace.create("r1", {})
    assert workspace.create("r1", {}).exists()


def test_a_killed_task_leaves_nothing_running(checkout):
    """The task's process is killed; the command it ran, and what that started, end with it."""
    path = workspace.create("r1", {})
    stage = "import os, time; from pipelines.ends import die_with_parent; die_with_parent()"
    stage += "; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    command = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {stage!r}])"
    task = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pipelines import workspace\n"
    task += f"workspace.execute('r1', sys.executable, '-c', {command!r})"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KEFU_HOME": str(home.home())}
    (path / "pipelines").symlink_to(ROOT / "pipelines")
    killed = subprocess.Popen([sys.executable, "-c", task], env=env, cwd=ROOT)
    while not ((path / "pid").exists() and (path / "pid").read_text()):
        time.sleep(0.05)
        assert killed.poll() is None
    started = psutil.Process(int((path / "pid").read_text()))
    killed.kill()
    killed.wait()
    _, alive = psutil.wait_procs([started], timeout=10)
    assert not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def test_a_failing_command_shows_its_last_lines(checkout):
    workspace.create("r1", {})
    script = "print('step 1'); import sys; sys.exit('error: 3 columns are missing')"
    with pytest.raises(steps.StepFailed, match="3 columns are missing") as caught:
        workspace.execute("r1", sys.executable, "-c", script)
    assert caught.value.final
    with pytest.raises(steps.StepFailed) as caught:
        workspace.execute("r1", sys.executable, "-c", "raise MemoryError")
    assert not caught.value.final
