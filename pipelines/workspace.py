"""One git worktree and one shared DVC cache per DAG run, so that a run never touches the engineer's checkout.

A run's worktree stands at `.kefu/runs/<run>` on the branch `run/<run>`. Its first commit is a snapshot: the
checkout as it was when the run began, uncommitted edits included, with the run's own parameters written into
params.yaml. Its last commit holds dvc.lock, tagged `data/<run>`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.home import home, main_checkout

TAIL_LINES = 25
NOT_IN_SNAPSHOT = (":!data/raw", ":!data/raw_spans", ":!dvc.lock")
AUTHOR = {
    "GIT_AUTHOR_NAME": "kefu",
    "GIT_AUTHOR_EMAIL": "kefu@localhost",
    "GIT_COMMITTER_NAME": "kefu",
    "GIT_COMMITTER_EMAIL": "kefu@localhost",
}


class StepFailed(KefuError):
    """A command of a run failed. `final` when it said why in a KefuError: trying again would say the same."""

    final = False


def name_of(run_id: str) -> str:
    """A run id as a file, branch and tag name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-.")


def path_of(run_id: str) -> Path:
    return home() / "runs" / name_of(run_id)


def create(run_id: str, overrides: dict[str, Any]) -> Path:
    """The worktree of a run, made once (a retried task finds it); returns its path."""
    path = path_of(run_id)
    if not (path / ".ready").exists():
        _remove(run_id)
        branch = f"run/{name_of(run_id)}"
        _git("worktree", "add", "-q", "-f", "-B", branch, str(path), _snapshot(), cwd=main_checkout())
        _write_overrides(path / "params.yaml", overrides)
        _share_cache(path)
        _commit(path, ["params.yaml"], f"Parameters of {run_id}")
        (path / ".ready").write_text("")
    return path


def commit(run_id: str, *files: str) -> dict[str, str]:
    """Keeps files of the worktree on the run's branch; returns path and commit."""
    path = path_of(run_id)
    _commit(path, list(files), f"Inputs of {run_id}")
    return {"path": str(path), "commit": _git("rev-parse", "HEAD", cwd=path)}


def execute(run_id: str, *command: str) -> None:
    """Runs a command in the worktree with its code, output streamed; a failure raises with its last lines."""
    path = path_of(run_id)
    if not (path / ".ready").exists():
        raise KefuError(
            "the run's worktree is gone", str(path), "clear the task `prepare` of this run as well"
        )
    last: deque[str] = deque(maxlen=TAIL_LINES)
    process = subprocess.Popen(
        command,
        cwd=path,
        env=_environment(path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            last.append(line.rstrip())
    finally:
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.terminate()
    if process.wait() != 0:
        shown = "\n".join(last)
        failed = StepFailed(f"`{' '.join(command)}` ended with {process.returncode}\n{shown}", str(path))
        failed.final = any(line.startswith("error: ") for line in last)
        raise failed


def publish(run_id: str) -> dict[str, str]:
    """Commits dvc.lock, pushes the data to the DVC remote, tags the commit `data/<run>`; idempotent."""
    path = path_of(run_id)
    _commit(path, ["dvc.lock"], f"Data of {run_id}")
    execute(run_id, "dvc", "push", "-q")
    tag = f"data/{name_of(run_id)}"
    _git("tag", "-f", tag, cwd=path)
    return {"commit": _git("rev-parse", "HEAD", cwd=path), "tag": tag}


def finish(run_id: str) -> None:
    """Removes the worktree of a run that is done; branch, tag and data stay."""
    _git("worktree", "remove", "--force", str(path_of(run_id)), cwd=main_checkout())


def _snapshot() -> str:
    """A commit of the checkout as it stands, edits included, without touching its index or branch.

    Raw logs are left out: what is untracked there may hold personal data and is read where it lies.
    """
    root = main_checkout()
    head = _git("rev-parse", "HEAD", cwd=root)
    index = home() / f"snapshot-index-{os.getpid()}"
    index.parent.mkdir(parents=True, exist_ok=True)
    env = {"GIT_INDEX_FILE": str(index)}
    try:
        _git("read-tree", "HEAD", cwd=root, env=env)
        _git("add", "-A", "--", ".", *NOT_IN_SNAPSHOT, cwd=root, env=env)
        tree = _git("write-tree", cwd=root, env=env)
    finally:
        index.unlink(missing_ok=True)
    if tree == _git("rev-parse", "HEAD^{tree}", cwd=root):
        return head
    return _git("commit-tree", tree, "-p", head, "-m", "Snapshot of uncommitted edits", cwd=root, env=AUTHOR)


def _write_overrides(path: Path, overrides: dict[str, Any]) -> None:
    """Parameters chosen at trigger time; a base goes into the profile, which is laid over the rest."""
    from ruamel.yaml import YAML

    from pipelines.params import load

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    document = yaml.load(path.read_text())
    if overrides.get("profile"):
        document["profile"] = overrides["profile"]
    if overrides.get("since"):
        document["ingest"]["since"] = overrides["since"]
    if overrides.get("base"):
        document["profiles"][document["profile"]].setdefault("model", {})["base"] = overrides["base"]
    with path.open("w") as file:
        yaml.dump(document, file)
    load(path)


def _share_cache(path: Path) -> None:
    """Absolute places for cache and remote, since a worktree lies elsewhere than the checkout.

    What the checkout's own `.dvc/config.local` says (an S3 remote, credentials) is taken along and wins.
    """
    own = main_checkout() / ".dvc/config.local"
    lines = [
        "[cache]",
        f"    dir = {home() / 'dvc-cache'}",
        "['remote \"local\"']",
        f"    url = {home() / 'dvc-remote'}",
    ]
    (path / ".dvc/config.local").write_text(
        "\n".join(lines) + "\n" + (own.read_text() if own.exists() else "")
    )


def _environment(path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(path),
        "PYTHONUNBUFFERED": "1",
        "KEFU_HOME": str(home()),
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    }


def _commit(path: Path, files: list[str], message: str) -> None:
    _git("add", "-f", *files, cwd=path)
    if _git("status", "--porcelain", "--untracked-files=no", cwd=path):
        _git("commit", "-q", "--no-verify", "-m", message, cwd=path, env=AUTHOR)


def _remove(run_id: str) -> None:
    path = path_of(run_id)
    shutil.rmtree(path, ignore_errors=True)
    _git("worktree", "prune", cwd=main_checkout())


def _git(*args: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        ["git", *args], cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise KefuError(f"git {args[0]} failed: {said[-1] if said else done.returncode}", str(cwd))
    return done.stdout.strip()


def result(run_id: str, step: str) -> dict[str, Any]:
    """What `register` or `report` left for the DAG: ids, versions and links, no text."""
    import json

    path = home() / "reports" / name_of(run_id) / f"{step}.json"
    if not path.exists():
        raise KefuError(f"{step} left no result", str(path), f"run `python -m pipelines {step}` again")
    found: dict[str, Any] = json.loads(path.read_text())
    return found
