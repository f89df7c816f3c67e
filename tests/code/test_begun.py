"""What a run that was given no commit tells of the one it took."""

import os
import subprocess
import time
from datetime import UTC, datetime

import pytest

from pipelines import begun, exchange, workspace
from pipelines.errors import KefuError
from tests.worktrees import WHO, git


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
