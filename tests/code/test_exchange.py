"""Two workers with folders of their own: what one leaves on the remotes, the other goes on with."""

import subprocess

import pytest

from pipelines import exchange, home, snapshot, workspace
from pipelines.errors import KefuError, UnavailableError
from tests.conftest import ROOT

DVC_YAML = """
stages:
  first:
    cmd: mkdir -p data/first && cp code.txt data/first/rows && echo ran >> ../../count
    deps: [code.txt]
    outs: [data/first]
  second:
    cmd: mkdir -p data/second && cat data/first/rows data/first/rows > data/second/rows
    deps: [data/first]
    outs: [data/second]
"""
WHO = ("-c", "user.name=t", "-c", "user.email=t@t")


def git(where, *args):
    return subprocess.run(
        ["git", *args], cwd=where, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def origin(tmp_path, monkeypatch):
    """A bare repository with a small project of two stages, and a folder as DVC remote."""
    root = tmp_path / "project"
    (root / ".dvc").mkdir(parents=True)
    (root / ".dvc/config").write_text("[core]\n    remote = local\n    analytics = false\n")
    (root / ".gitignore").write_text("/data/first/\n/data/second/\n.ready\nconfig.local\n/.dvc/tmp\n")
    (root / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    (root / "dvc.yaml").write_text(DVC_YAML)
    (root / "code.txt").write_text("committed\n")
    (root / "pipelines/base").mkdir(parents=True)
    (root / "pipelines/base/__main__.py").write_text("open('../../prepared', 'a').write('a base\\n')\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, *WHO, "commit", "-qm", "first")
    git(tmp_path, "clone", "-q", "--bare", str(root), "origin.git")
    monkeypatch.setenv("KEFU_GIT_REMOTE", str(tmp_path / "origin.git"))
    monkeypatch.setenv("KEFU_DVC_REMOTE", str(tmp_path / "dvc-remote"))
    return tmp_path / "origin.git"


@pytest.fixture
def at(origin, tmp_path, monkeypatch):
    """at(1) works as the first worker from here on, at(2) as the second."""

    def become(number):
        clone = tmp_path / f"worker{number}/checkout"
        if not clone.exists():
            git(tmp_path, "clone", "-q", str(origin), str(clone))
        for module in (home, workspace, snapshot, exchange):
            monkeypatch.setattr(module, "main_checkout", lambda: clone)
        monkeypatch.setenv("KEFU_HOME", str(clone.parent / "home"))
        return clone

    return become


def run_stage(stage):
    workspace.execute("r1", *workspace.repro(stage))
    workspace.hand_over("r1", stage)


def test_the_second_worker_goes_on_where_the_first_ended(at, origin):
    at(1)
    workspace.create("r1", {"profile": "tiny"})
    run_stage("first")
    first = workspace.path_of("r1")
    at(2)
    run_stage("second")
    second = workspace.path_of("r1")
    assert second != first and (second / "data/second/rows").read_text() == "committed\n" * 2
    assert "profile: tiny" in (second / "params.yaml").read_text()
    assert (home.home() / "prepared").read_text() == "a base\n"
    assert workspace.publish("r1")["commit"] == git(origin, "rev-parse", "data/r1")
    at(1)
    workspace.fetch_data("r1")
    assert (first / "data/second/rows").read_text() == "committed\n" * 2
    workspace.finish("r1")
    assert not first.exists() and second.exists()
    at(2)
    workspace.create("r2", {})
    workspace.bring("r1")
    assert exchange.finished() == {"r1"}


def test_data_is_fetched_before_every_stage_has_run(at):
    """`enough_news` looks at the data stages' tables on whichever worker it comes to."""
    at(1)
    workspace.create("r1", {})
    workspace.fetch_data("r1")
    run_stage("first")
    at(2)
    workspace.fetch_data("r1")
    assert (workspace.path_of("r1") / "data/first/rows").exists()


def test_a_stage_that_another_worker_computed_is_not_computed_again(at):
    at(1)
    workspace.create("r1", {})
    run_stage("first")
    count = home.home() / "count"
    assert count.read_text() == "ran\n"
    at(2)
    workspace.create("r2", {})
    workspace.execute("r2", *workspace.repro("first"))
    assert (workspace.path_of("r2") / "data/first/rows").exists() and not (home.home() / "count").exists()


def test_a_task_is_retried_at_another_worker(at):
    """The first worker died after its commit and before its push: what it did not push is done again."""
    at(1)
    workspace.create("r1", {})
    path = workspace.path_of("r1")
    pushed = git(path, "rev-parse", "HEAD")
    (path / "code.txt").write_text("half\n")
    snapshot.keep(path, ["code.txt"], "not pushed")
    at(2)
    run_stage("first")
    assert (workspace.path_of("r1") / "data/first/rows").read_text() == "committed\n"
    at(1)
    workspace.bring("r1")
    assert (path / "code.txt").read_text() == "committed\n" and git(path, "rev-parse", "HEAD~1") == pushed


def test_a_retried_prepare_finds_its_run_at_the_remote(at):
    at(1)
    workspace.create("r1", {"profile": "tiny"})
    made = git(workspace.path_of("r1"), "rev-parse", "HEAD")
    at(2)
    workspace.create("r1", {"profile": "gpu-8b"})
    assert git(workspace.path_of("r1"), "rev-parse", "HEAD") == made


def both_commit(at, mine, theirs):
    """Worker 1 and worker 2 each commit a file of the same run; worker 1 has pushed. At worker 2."""
    paths = []
    for number in (1, 2):
        at(number)
        workspace.create("r1", {})
        paths.append(workspace.path_of("r1"))
    for path, text in zip(paths, (mine, theirs), strict=True):
        (path / "dvc.lock").write_text(text)
        git(path, "add", "-f", "dvc.lock")
        git(path, *WHO, "commit", "-qm", f"by {path.parent}")
    at(1)
    exchange.push(paths[0], "run/r1")
    at(2)
    return paths


def test_a_cleared_run_is_registered_under_the_tag_of_what_it_came_to(at, origin):
    """Published by one worker, cleared, published again by another: the third knows which tag is which."""
    at(1)
    workspace.create("r1", {})
    run_stage("first")
    assert workspace.publish("r1")["tag"] == "data/r1"
    at(2)
    workspace.create("r1", {})
    path = workspace.path_of("r1")
    (path / "data").mkdir(exist_ok=True)
    (path / "data/start.json").write_text("{}")
    workspace.commit("r1", "data/start.json")
    assert workspace.publish("r1")["tag"] == workspace.publish("r1")["tag"] == "data/r1+2"
    assert git(origin, "rev-parse", "data/r1+2^{tree}") == git(path, "rev-parse", "HEAD^{tree}")
    at(3)
    workspace.fetch_data("r1")
    assert workspace.data_tag("r1", workspace.path_of("r1")) == "data/r1+2"


def test_a_tag_that_was_never_pushed_stands_in_nobodys_way(at, origin):
    """The worker died between its tag and its push, and another published the run."""
    at(1)
    workspace.create("r1", {})
    git(workspace.path_of("r1"), "tag", "data/r1")
    at(2)
    run_stage("first")
    workspace.publish("r1")
    at(1)
    workspace.fetch_data("r1")
    assert workspace.publish("r1") == {"tag": "data/r1", "commit": git(origin, "rev-parse", "data/r1")}


def test_locks_that_a_killed_fetch_left_are_removed_before_the_next(at):
    clone = at(1)
    workspace.create("r1", {})
    at(2)
    run_stage("first")
    at(1)
    lock = clone / ".git/refs/kefu/run/r1.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    index = clone / ".git/worktrees/r1/index.lock"
    index.touch()
    workspace.bring("r1")
    assert (workspace.path_of("r1") / "dvc.lock").exists() and not lock.exists() and not index.exists()


def test_two_workers_that_did_the_same_task_end_at_one_commit(at):
    first, second = both_commit(at, "same\n", "same\n")
    exchange.push(second, "run/r1")
    assert git(second, "rev-parse", "HEAD") == git(first, "rev-parse", "HEAD")


def test_a_worker_whom_the_run_has_left_behind_changes_nothing(at, origin):
    first, second = both_commit(at, "later\n", "earlier\n")
    with pytest.raises(KefuError, match="went on at another worker"):
        exchange.push(second, "run/r1")
    assert git(origin, "rev-parse", "run/r1") == git(first, "rev-parse", "HEAD")


def test_a_run_starts_from_the_remote_and_never_from_a_workers_clone(at, origin, tmp_path):
    clone = at(1)
    (clone / "code.txt").write_text("left lying about\n")
    project = tmp_path / "project"
    (project / "code.txt").write_text("newer\n")
    git(project, *WHO, "commit", "-qam", "newer")
    git(project, "push", "-q", str(origin), "main")
    assert (workspace.create("r1", {}) / "code.txt").read_text() == "newer\n"


def test_an_engineers_uncommitted_edits_are_offered_to_the_workers(at, tmp_path, monkeypatch):
    mine = at(3)
    (mine / "code.txt").write_text("edited\n")
    commit = exchange.offer()
    at(1)
    assert (workspace.create("r1", {"commit": commit}) / "code.txt").read_text() == "edited\n"
    assert git(mine, "log", "-1", "--format=%s") == "first"


def test_worktrees_of_runs_that_another_worker_ended_go(at):
    at(1)
    workspace.create("r1", {})
    left = workspace.path_of("r1")
    at(2)
    workspace.create("r2", {})
    workspace.bring("r1")
    workspace.finish("r1")
    at(1)
    assert left.exists()
    workspace.bring("r2")
    assert not left.exists() and workspace.path_of("r2").exists()


def test_a_run_that_was_done_and_is_cleared_keeps_its_worktree(at):
    at(1)
    workspace.create("r1", {})
    workspace.finish("r1")
    assert exchange.finished() == {"r1"}
    workspace.bring("r1")
    assert exchange.finished() == set()
    at(2)
    workspace.create("r2", {})
    at(1)
    workspace.bring("r2")
    assert workspace.path_of("r1").exists()


def test_a_remote_that_cannot_be_reached_is_told_without_its_password(at, monkeypatch):
    at(1)
    monkeypatch.setenv("KEFU_GIT_REMOTE", "http://kefu:hush@127.0.0.1:9/kefu.git")
    with pytest.raises(UnavailableError, match="ls-remote failed") as caught:
        workspace.create("r1", {})
    assert "hush" not in str(caught.value) and "127.0.0.1:9" in str(caught.value)


def test_where_the_data_goes(at, monkeypatch):
    at(1)
    monkeypatch.setenv("KEFU_DVC_REMOTE", "s3://kefu-dvc")
    monkeypatch.setenv("KEFU_S3_ENDPOINT", "http://127.0.0.1:9000")
    path = workspace.create("r1", {})
    written = (path / ".dvc/config.local").read_text()
    assert "url = s3://kefu-dvc" in written and "endpointurl = http://127.0.0.1:9000" in written
    monkeypatch.delenv("KEFU_DVC_REMOTE")
    assert f"url = {home.home() / 'dvc-remote'}" in exchange.dvc_config()
    assert "endpointurl" not in exchange.dvc_config()
    config = "['remote \"local\"']\n    url = {}\n"
    for url, written in (
        ("s3://ours/kefu", "s3://ours/kefu"),
        ("../remote", str(home.home() / "dvc-remote")),
    ):
        (home.main_checkout() / ".dvc/config").write_text(config.format(url))
        assert f"url = {written}\n" in exchange.dvc_config()
