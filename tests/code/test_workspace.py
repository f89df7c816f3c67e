"""Worktrees of runs: isolation, snapshots, parameters, failures with their last lines."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from pipelines import exchange, home, snapshot, workspace
from pipelines.errors import KefuError
from tests.worktrees import git


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
    assert snapshot.left_out().startswith("new and not taken along: .env, data/;")
    assert git(checkout, "status", "--porcelain") == before
    assert git(checkout, "log", "-1", "--format=%s") == "first"


def test_new_files_that_are_staged_travel_and_others_are_told(checkout, capsys):
    for name in ("staged.py", "meant.py", "gone.py", "dvc.lock", "data/raw/new.jsonl", *"abcdef"):
        (checkout / name).write_text("new\n")
    git(checkout, "add", "staged.py", "gone.py", "dvc.lock", "data/raw")
    git(checkout, "add", "-N", "meant.py")
    (checkout / "staged.py").write_text("edited since\n")
    (checkout / "gone.py").unlink()
    before = git(checkout, "status", "--porcelain")
    path = workspace.create("r1", {})
    assert (path / "staged.py").read_text() == "edited since\n" and (path / "meant.py").exists()
    assert not any((path / name).exists() for name in ("gone.py", "dvc.lock", "data/raw", *"abcdef"))
    told = "new and not taken along: a, b, c, d, e and 1 more; `git add` what belongs to the run"
    assert told in capsys.readouterr().err and workspace.beginning("r1", None).endswith(f"; {told}")
    assert git(checkout, "status", "--porcelain") == before


def test_a_file_that_was_renamed_travels_under_its_new_name(checkout):
    git(checkout, "mv", "code.txt", "renamed.txt")
    path = workspace.create("r1", {})
    assert (path / "renamed.txt").read_text() == "committed\n" and not (path / "code.txt").exists()


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


def test_a_repository_without_a_commit_says_so(tmp_path, own_home, monkeypatch):
    git(tmp_path, "init", "-q")
    for module in (home, workspace, snapshot, exchange):
        monkeypatch.setattr(module, "main_checkout", lambda: tmp_path)
    with pytest.raises(KefuError, match="no commit yet"):
        workspace.create("r1", {})


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
