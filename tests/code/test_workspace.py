"""Worktrees of runs: isolation, snapshots, parameters, failures with their last lines."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psutil
import pytest
import yaml

from pipelines import begun, exchange, home, snapshot, workspace
from pipelines.errors import KefuError, UnavailableError
from pipelines.params import load
from tests.conftest import ROOT

WHO = ("-c", "user.name=t", "-c", "user.email=t@t")


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


def test_a_new_run_takes_no_other_runs_worktree(checkout):
    """Working in a worktree does not touch the time of its root."""
    other = workspace.create("other", {})
    os.utime(other, (0, 0))
    workspace.create("r1", {})
    assert other.exists()


def test_a_cleared_run_that_comes_to_other_data_gets_a_tag_of_its_own(checkout, monkeypatch):
    monkeypatch.setattr(workspace, "_run", lambda *_: None)  # dvc push
    path = workspace.create("r1", {})

    def published(lock):
        (path / "dvc.lock").write_text(lock)
        made = workspace.publish("r1")
        assert git(path, "show", f"{made['tag']}:dvc.lock") == lock.strip()
        assert made["commit"] == git(checkout, "rev-parse", made["tag"])
        assert workspace.data_tag("r1", path) == made["tag"]
        return made["tag"]

    assert [published(f"of: {data}\n") for data in "aabbca"] == [
        *["data/r1", "data/r1", "data/r1+2", "data/r1+2", "data/r1+3", "data/r1"]
    ]
    assert {workspace.run_of(tag) for tag in ("data/r1", "data/r1+2", "data/r1+10")} == {"r1"}


LOCKS = ("worktrees/r1/index.lock", "worktrees/r1/HEAD.lock", "refs/heads/run/r1.lock")
LOCKS += ("refs/kefu/run/r1.lock", "refs/tags/data/r1.lock", "refs/tags/data/r1+2.lock")
OTHERS = ("index.lock", "refs/heads/run/r12.lock", "refs/tags/data/r12.lock")


@pytest.mark.parametrize("begin", [workspace.bring, lambda run: workspace.execute(run, "true")])
def test_a_task_removes_the_locks_that_a_killed_one_left(checkout, begin):
    path = workspace.create("r1", {})
    for name in (*LOCKS, *OTHERS):
        lock = checkout / ".git" / name
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    (path / ".dvc/tmp").mkdir(parents=True)
    (path / ".dvc/tmp/rwlock").write_text('{"cut off')
    begin("r1")
    assert [name for name in (*LOCKS, *OTHERS) if (checkout / ".git" / name).exists()] == list(OTHERS)
    assert not (path / ".dvc/tmp/rwlock").exists()


def test_locks_of_a_worktree_that_was_half_made_go_and_never_the_checkouts(checkout):
    path = workspace.path_of("r1")
    path.mkdir(parents=True)
    for name in ("index.lock", "refs/heads/run/r1.lock"):
        lock = checkout / ".git" / name
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    workspace.create("r1", {})
    assert (checkout / ".git/index.lock").exists()


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


def at(path, seconds):
    os.utime(path, (seconds, seconds))


def test_a_run_tells_which_commit_it_took_and_what_was_edited_while_it_waited(checkout):
    """HEAD moves when the checkout is made; the edit comes an hour later."""
    made = time.time()
    (checkout / "code.txt").write_text("edited while it waited\n")
    at(checkout / "code.txt", made + 3600)
    workspace.create("r1", {})
    start = git(workspace.path_of("r1"), "rev-parse", "HEAD")
    told = workspace.beginning("r1", datetime.fromtimestamp(made + 60, UTC))
    assert told.startswith(f"commit {start[:12]}, taken 20") and "after this run was due" in told
    edited = datetime.fromtimestamp(made + 3600, UTC)
    assert f"last changed {edited:%Y-%m-%d %H:%M} UTC" in told
    calm = workspace.beginning("r1", datetime.fromtimestamp(made + 7200, UTC))
    assert calm.startswith(f"commit {start[:12]}, taken 20") and "due" not in calm
    assert workspace.create("r1", {}) and workspace.beginning("r1", None) == calm


def test_a_commit_that_was_checked_out_meanwhile_counts_as_an_edit(checkout):
    before = datetime.fromtimestamp(time.time() - 3600, UTC)
    date = {"GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"}
    add = ["git", *WHO, "commit", "-q", "--allow-empty", "-m", "of long ago"]
    subprocess.run(add, cwd=checkout, env={**os.environ, **date}, check=True)
    for name in ("HEAD~1", "main"):
        git(checkout, "checkout", "-q", name)
    workspace.create("r1", {})
    assert "after this run was due" in workspace.beginning("r1", before)


def test_a_run_that_was_given_its_commit_tells_nothing(checkout):
    workspace.create("r1", {"commit": exchange.offer()})
    assert workspace.beginning("r1", None) == workspace.beginning("never", None) == ""


def test_what_is_offered_is_what_the_run_takes(checkout):
    (checkout / "code.txt").write_text("as it was triggered\n")
    commit = exchange.offer()
    (checkout / "code.txt").write_text("edited while it waited\n")
    assert (workspace.create("r1", {"commit": commit}) / "code.txt").read_text() == "as it was triggered\n"


def test_a_commit_with_other_stages_than_the_dag_is_refused(tmp_path):
    (tmp_path / "dvc.yaml").write_text("stages:\n  ingest: {}\n  mask: {}\n  weigh: {}\n")
    begun.same_stages(tmp_path, ["ingest", "mask", "weigh"])
    with pytest.raises(KefuError, match="only the commit has weigh; only the DAG has dedup"):
        begun.same_stages(tmp_path, ["ingest", "mask", "dedup"])
    with pytest.raises(KefuError, match="their order differs"):
        begun.same_stages(tmp_path, ["mask", "ingest", "weigh"])


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


@pytest.mark.parametrize("chosen", [{}, {"profile": "laptop", "set": "split.salt=kefu"}])
def test_parameters_that_are_as_the_file_says_leave_no_commit(checkout, chosen):
    path = workspace.create("r1", chosen)
    assert git(path, "rev-parse", "HEAD") == git(checkout, "rev-parse", "HEAD")


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
