"""Worktrees of runs: isolation, snapshots, parameters, failures with their last lines."""

import subprocess
import sys

import pytest
import yaml

from pipelines import home, workspace
from pipelines.errors import KefuError
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
    for module in (home, workspace):
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
    (checkout / "new.txt").write_text("new\n")
    (checkout / "data/raw/private.jsonl").write_text("a customer's own words\n")
    before = git(checkout, "status", "--porcelain")
    path = workspace.path_of("r1")
    workspace.create("r1", {})
    assert (path / "code.txt").read_text() == "edited\n" and (path / "new.txt").exists()
    assert not (path / "data/raw/private.jsonl").exists()
    assert git(checkout, "status", "--porcelain") == before
    assert git(checkout, "log", "-1", "--format=%s") == "first"


def test_parameters_chosen_at_trigger_time_are_in_the_commit(checkout):
    workspace.create("r1", {"profile": "tiny", "base": "smollm2-135m", "since": "2026-09-14"})
    path = workspace.path_of("r1")
    raw = yaml.safe_load(git(path, "show", "HEAD:params.yaml"))
    assert (raw["profile"], str(raw["ingest"]["since"])) == ("tiny", "2026-09-14")
    assert raw["profiles"]["tiny"]["model"]["base"] == "smollm2-135m"
    assert "# characters a shingle" in (path / "params.yaml").read_text()
    assert yaml.safe_load((checkout / "params.yaml").read_text())["profile"] == "laptop"


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
