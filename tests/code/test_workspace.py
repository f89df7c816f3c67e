"""Worktrees of runs: isolation, snapshots, parameters, failures with their last lines."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import yaml

from pipelines import exchange, home, snapshot, workspace
from pipelines.errors import KefuError
from pipelines.params import load
from tests.conftest import ROOT


def git(where, *args):
    done = subprocess.run(["git", *args], cwd=where, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path, own_home, monkeypatch):
    """A small repository that looks like a checkout of the project."""
    root = tmp_path / "checkout"
    (root / ".dvc").mkdir(parents=True)
    (root / "data/raw").mkdir(parents=True)
    (root / ".dvc/config").write_text("")
    (root / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    (root / "code.txt").write_text("committed\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "first")
    for module in (home, workspace, snapshot, exchange):
        monkeypatch.setattr(module, "main_checkout", lambda: root)
    return root


def test_a_run_has_its_own_worktree_and_branch(checkout):
    made = workspace.create("manual__2026-09-07T03:00:00+00:00", {})
    path = workspace.path_of("manual__2026-09-07T03:00:00+00:00")
    assert made == path and (path / "code.txt").read_text() == "committed\n"
    assert git(path, "branch", "--show-current") == "run/manual__2026-09-07T03-00-00-00-00"
    assert git(checkout, "status", "--porcelain") == ""


def test_uncommitted_edits_travel_and_the_checkout_stays_as_it_is(checkout):
    (checkout / "code.txt").write_text("edited\n")
    (checkout / "pipelines").mkdir()
    (checkout / "pipelines/new.py").write_text("new = 1\n")
    private = [checkout / "data/raw/private.jsonl", checkout / "data/ours/private.jsonl", checkout / ".env"]
    for path in private:
        path.parent.mkdir(exist_ok=True)
        path.write_text("a customer's own words\n")
    before = git(checkout, "status", "--porcelain")
    path = workspace.path_of("r1")
    workspace.create("r1", {})
    assert (path / "code.txt").read_text() == "edited\n" and (path / "pipelines/new.py").exists()
    assert not any((path / p.relative_to(checkout)).exists() for p in private)
    assert git(checkout, "status", "--porcelain") == before
    assert git(checkout, "log", "-1", "--format=%s") == "first"


def test_parameters_chosen_at_trigger_time_are_in_the_commit(checkout):
    workspace.create(
        "r1", {"profile": "tiny", "base": "smollm2-135m", "since": "2026-09-14", "until": "2026-09-21"}
    )
    path = workspace.path_of("r1")
    raw = yaml.safe_load(git(path, "show", "HEAD:params.yaml"))
    days = (str(raw["ingest"]["since"]), str(raw["ingest"]["until"]))
    assert (raw["profile"], *days) == ("tiny", "2026-09-14", "2026-09-21")
    assert raw["profiles"]["tiny"]["model"]["base"] == "smollm2-135m"
    assert "# characters a shingle" in (path / "params.yaml").read_text()
    assert yaml.safe_load((checkout / "params.yaml").read_text())["profile"] == "laptop"


def test_another_base_does_not_inherit_licence_and_revision(checkout):
    workspace.create("r1", {"profile": "gpu-8b", "base": "some/other"})
    raw = yaml.safe_load((workspace.path_of("r1") / "params.yaml").read_text())
    model = raw["profiles"]["gpu-8b"]["model"]
    assert (model["base"], model["license"], model["revision"]) == ("some/other", None, None)


def test_any_parameter_can_be_chosen_at_trigger_time(checkout):
    chosen = "tune.epochs=2\n\n lora.targets = [q_proj, v_proj]\ngate.max_pii_answers=1\n"
    workspace.create("r1", {"profile": "tiny", "set": chosen})
    held = load(workspace.path_of("r1") / "params.yaml")
    assert (held.tune.epochs, held.lora.targets, held.gate.max_pii_answers) == (2, ["q_proj", "v_proj"], 1)
    assert held.tune.max_examples == 64  # the profile's other words stay


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tune.epoch=2", "tune.epoch"),
        ("lora.r=many", "lora.r"),
        ("tune.batch_size.first=1", "batch_size holds no parameters"),
        ("nowhere=1", "nowhere"),
        ("tune.epochs", "'tune.epochs' is not NAME=VALUE"),
        ("=2", "'=2' is not NAME=VALUE"),
        ("lora.targets=[q_proj", "is not NAME=VALUE"),
    ],
)
def test_a_parameter_that_cannot_be_is_told_before_anything_runs(checkout, line, says):
    with pytest.raises(KefuError, match=says):
        workspace.create("r1", {"profile": "laptop", "set": line})


def test_a_tag_never_moves_and_a_cleared_run_gets_its_branch_back(checkout):
    path = workspace.create("r1", {"profile": "tiny"})
    git(path, "tag", "data/r1")
    tagged = git(checkout, "rev-parse", "data/r1")
    workspace.finish("r1")
    (checkout / "code.txt").write_text("edited since\n")
    path = workspace.create("r1", {})
    assert git(path, "rev-parse", "HEAD") == tagged and (path / "code.txt").read_text() == "committed\n"


def test_worktrees_of_old_failed_runs_go(checkout):
    old, new = workspace.create("old", {}), workspace.create("new", {})
    os.utime(old, (0, 0))
    workspace.create("r1", {})
    assert not old.exists() and new.exists()


def test_a_repository_without_a_commit_says_so(tmp_path, own_home, monkeypatch):
    git(tmp_path, "init", "-q")
    for module in (home, workspace, snapshot, exchange):
        monkeypatch.setattr(module, "main_checkout", lambda: tmp_path)
    with pytest.raises(KefuError, match="no commit yet"):
        workspace.create("r1", {})


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


def test_a_bad_parameter_stops_the_run_before_it_starts(checkout):
    with pytest.raises(KefuError, match="fault"):
        workspace.create("r1", {"profile": "tiny", "since": "soon"})


def test_a_retry_finds_the_same_worktree(checkout):
    first = workspace.create("r1", {})
    (workspace.path_of("r1") / "left.txt").write_text("work of the first try")
    assert workspace.create("r1", {}) == first
    assert (workspace.path_of("r1") / "left.txt").exists()


def test_a_half_made_worktree_is_made_anew(checkout):
    workspace.create("r1", {})
    (workspace.path_of("r1") / ".ready").unlink()
    (workspace.path_of("r1") / "params.yaml").write_text("half")
    workspace.create("r1", {})
    assert yaml.safe_load((workspace.path_of("r1") / "params.yaml").read_text())["profile"] == "laptop"


def test_two_runs_do_not_see_each_other(checkout):
    workspace.create("r1", {"profile": "tiny"})
    workspace.create("r2", {})
    (workspace.path_of("r1") / "code.txt").write_text("r1")
    assert (workspace.path_of("r2") / "code.txt").read_text() == "committed\n"


def test_a_run_starts_from_the_commit_that_was_chosen(checkout):
    git(checkout, "tag", "v1")
    (checkout / "code.txt").write_text("second\n")
    git(checkout, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qam", "second")
    workspace.create("r1", {"commit": "v1"})
    assert (workspace.path_of("r1") / "code.txt").read_text() == "committed\n"
    with pytest.raises(KefuError, match="no commit, branch or tag 'v2'"):
        workspace.create("r2", {"commit": "v2"})


def test_two_runs_compute_at_the_same_time(checkout):
    """Each waits for the other to have begun: neither would end if one blocked the other."""
    script = (
        "import pathlib, sys, time; mine, other = map(pathlib.Path, sys.argv[1:]); mine.write_text('here')\n"
        "until = time.monotonic() + 60\n"
        "while not other.exists():\n    assert time.monotonic() < until\n    time.sleep(0.02)"
    )
    meet = [workspace.create(run, {}).parent / f"{run}.met" for run in ("scheduled", "engineers")]
    with ThreadPoolExecutor() as at_once:
        runs = [
            at_once.submit(workspace.execute, run, sys.executable, "-c", script, str(mine), str(other))
            for run, mine, other in (("scheduled", *meet), ("engineers", *reversed(meet)))
        ]
    assert [run.result() for run in runs] == [None, None]


def test_a_failing_command_shows_its_last_lines(checkout):
    workspace.create("r1", {})
    script = "print('step 1'); import sys; sys.exit('error: 3 columns are missing')"
    with pytest.raises(workspace.StepFailed, match="3 columns are missing") as caught:
        workspace.execute("r1", sys.executable, "-c", script)
    assert caught.value.final
    with pytest.raises(workspace.StepFailed) as caught:
        workspace.execute("r1", sys.executable, "-c", "raise MemoryError")
    assert not caught.value.final


def test_a_command_in_a_lost_worktree_says_so(checkout):
    with pytest.raises(KefuError, match="worktree is gone"):
        workspace.execute("never-made", "true")


def test_inputs_of_a_run_are_on_its_branch(checkout):
    path = workspace.create("r1", {})
    (path / "data").mkdir(exist_ok=True)
    (path / "data/champion.json").write_text("{}")
    commit = workspace.commit("r1", "data/champion.json")["commit"]
    assert git(path, "show", f"{commit}:data/champion.json") == "{}"
    assert workspace.commit("r1", "data/champion.json")["commit"] == commit


def test_finish_removes_the_worktree_and_keeps_the_branch(checkout):
    workspace.create("r1", {})
    workspace.finish("r1")
    assert not workspace.path_of("r1").exists()
    assert "run/r1" in git(checkout, "branch", "--list", "run/*")
