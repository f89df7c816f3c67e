"""One git worktree and one shared DVC cache per DAG run, so that a run never touches the engineer's checkout.

A run's worktree stands at `.kefu/runs/<run>` on the branch `run/<run>`. Its first commit is a snapshot: the
checkout as it was when the run began, uncommitted edits included, with the run's own parameters written into
params.yaml. Its last commit holds dvc.lock, tagged `data/<run>`. A tag never moves: where a run that was
published is cleared and comes to something else, that is tagged `data/<run>+2`. One task of a run works at a
time, so what it finds locked in its worktree was left by one that was killed. Where the workers are several
machines, the worktree follows the branch on a remote (exchange.py).
"""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from pipelines import begun, exchange, steps
from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.params.chosen import write_overrides
from pipelines.snapshot import git, has, keep, unlock


def name_of(run_id: str) -> str:
    """A run id as a file, branch and tag name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-.")


def path_of(run_id: str) -> Path:
    return home() / "runs" / name_of(run_id)


def beginning(run_id: str, due: datetime | None) -> str:
    """Which commit the run took by itself and when; "" where it was given one, or another worker took it."""
    ready = path_of(run_id) / ".ready"
    return begun.told(ready.read_text(), due) if ready.exists() else ""


def branch_of(run_id: str) -> str:
    return f"run/{name_of(run_id)}"


def create(run_id: str, overrides: dict[str, Any]) -> Path:
    """The worktree of a run, made once: a retried task finds it, a cleared run gets its own branch back.

    `overrides` may name the `commit` to start from; `.ready` holds what is told of one that was not named.
    """
    path, branch = path_of(run_id), branch_of(run_id)
    if bring(run_id) or (path / ".ready").exists():
        return path
    _remove(path)
    taken = ""
    if has(f"refs/tags/data/{name_of(run_id)}", main_checkout()):
        _add_worktree(path, branch)
    else:
        start = exchange.start(overrides.get("commit"))
        taken = "" if overrides.get("commit") else begun.taken(start)
        _add_worktree(path, branch, start)
        write_overrides(path / "params.yaml", overrides)
        keep(path, ["params.yaml"], f"Parameters of {run_id}")
    _ready(path, taken)
    if exchange.remote():
        exchange.push(path, branch)
    return path


def bring(run_id: str) -> bool:
    """Where there is a remote: the worktree at the tip of the run's branch there; whether there is one.

    What an earlier task left in this worktree without pushing it is given up, its locks first.
    """
    path, branch = path_of(run_id), branch_of(run_id)
    _unlock(run_id)
    tip = exchange.tip(branch) if exchange.remote() else None
    if tip is None:
        return False
    if not (path / ".ready").exists():
        _remove(path)
        _remove_finished(name_of(run_id))
        _add_worktree(path, branch, tip)
        _ready(path)
    elif git("rev-parse", "HEAD", cwd=path) != tip:
        git("reset", "-q", "--hard", tip, cwd=path)
    return True


def commit(run_id: str, *files: str) -> dict[str, str]:
    """Keeps files of the worktree on the run's branch; returns path and commit."""
    path = path_of(run_id)
    keep(path, list(files), f"Inputs of {run_id}")
    if exchange.remote():
        exchange.push(path, branch_of(run_id))
    return {"path": str(path), "commit": git("rev-parse", "HEAD", cwd=path)}


def repro(stage: str, force: bool = False) -> list[str]:
    """The command that runs a stage; where there is a remote, it gets from there what the stage needs."""
    options = ["--force"] if force else []
    return ["dvc", "repro", "--single-item", *(["--pull"] if exchange.remote() else []), *options, stage]


def hand_over(run_id: str, stage: str) -> None:
    """Where there is a remote: what the stage wrote, then the commit that names it."""
    if not exchange.remote():
        return
    path = path_of(run_id)
    _run(run_id, "dvc", "push", "--run-cache", stage)
    keep(path, ["dvc.lock"], f"Data of {run_id}: {stage}")
    exchange.push(path, branch_of(run_id))


def fetch_data(run_id: str) -> None:
    """Where there is a remote: all that the run's stages wrote so far, for the tasks that look at all of it.

    The stages are named, since DVC fails over the outputs of those that have not run.
    """
    if exchange.remote() and bring(run_id) and (done := locked(path_of(run_id))):
        _run(run_id, "dvc", "pull", *done)


def locked(worktree: Path) -> dict[str, Any]:
    """{stage: what dvc.lock holds of it}; {} before the first stage has run."""
    lock = worktree / "dvc.lock"
    return dict((yaml.safe_load(lock.read_text()) or {}).get("stages", {})) if lock.exists() else {}


def execute(run_id: str, *command: str) -> None:
    """Runs a command in the worktree with its code, output streamed; a failure raises with its last lines.

    Where there is a remote, the worktree is brought to the run's newest commit first, and the run's base to
    this machine. Whatever ends this call, a timeout or a kill included, ends the command and all that it
    started.
    """
    if bring(run_id):
        _equip(run_id)
    _run(run_id, *command)


def _equip(run_id: str) -> None:
    """The base model of the run on this machine, looked after once."""
    done = path_of(run_id) / ".equipped"
    if not done.exists():
        _run(run_id, "python", "-m", "pipelines.base", "prepare")
        done.write_text("")


def _run(run_id: str, *command: str) -> None:
    path = path_of(run_id)
    if not (path / ".ready").exists():
        raise KefuError(
            "the run's worktree is gone", str(path), "clear the task `prepare` of this run as well"
        )
    steps.run(run_id, path, *command)


def publish(run_id: str) -> dict[str, str]:
    """Commits dvc.lock, pushes the data to the DVC remote, tags the commit (data_tag); idempotent."""
    path = path_of(run_id)
    _unlock(run_id)
    fetch_data(run_id)
    keep(path, ["dvc.lock"], f"Data of {run_id}")
    _run(run_id, "dvc", "push")
    tag = data_tag(run_id, path)
    if not has(f"refs/tags/{tag}", path):
        git("tag", tag, cwd=path)
    if exchange.remote():
        exchange.push(path, branch_of(run_id), tag)
    return {"commit": git("rev-parse", f"{tag}^{{commit}}", cwd=path), "tag": tag}


def data_tag(run_id: str, root: Path) -> str:
    """The run's tag of what `root` has committed: `data/<run>`, or `data/<run>+2` and so on where the earlier
    ones hold something else. No run's name has a `+`."""
    first, number = f"data/{name_of(run_id)}", 1
    while True:
        tag = first if number == 1 else f"{first}+{number}"
        if not has(f"refs/tags/{tag}", root) or _tree(tag, root) == _tree("HEAD", root):
            return tag
        number += 1


def run_of(tag: str) -> str:
    """The name of the run whose tag (`data/...`) this is."""
    return tag.removeprefix("data/").partition("+")[0]


def finish(run_id: str) -> None:
    """Removes the worktree of a run that is done; branch, tag and data stay.

    Where there is a remote, other workers remove theirs when they next make one.
    """
    if exchange.remote() and bring(run_id):
        exchange.mark_finished(name_of(run_id), path_of(run_id))
    _remove(path_of(run_id))


def _add_worktree(path: Path, branch: str, start: str | None = None) -> None:
    """On `branch` as it is, or made anew at the commit `start`."""
    what = ["-B", branch, str(path), start] if start else [str(path), branch]
    git("worktree", "add", "-q", "-f", *what, cwd=main_checkout())


def share_cache(path: Path) -> None:
    (path / ".dvc/config.local").write_text(exchange.dvc_config())


def _ready(path: Path, taken: str = "") -> None:
    share_cache(path)
    partial = path / ".ready.partial"
    partial.write_text(taken)
    partial.rename(path / ".ready")


def _unlock(run_id: str) -> None:
    """What a killed task left locked: git's files, and what DVC notes as read or written.

    DVC asks of a noted process only whether its number is in use, and after a reboot another may have it.
    """
    path, branch = path_of(run_id), branch_of(run_id)
    tags = f"refs/tags/data/{name_of(run_id)}"
    unlock(path, f"refs/heads/{branch}", f"{exchange.TRACKED}/{branch}", tags, f"{tags}+*")
    (path / ".dvc/tmp/rwlock").unlink(missing_ok=True)


def _tree(commit: str, root: Path) -> str:
    return git("rev-parse", f"{commit}^{{tree}}", cwd=root)


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    git("worktree", "prune", cwd=main_checkout())


def _remove_finished(begun: str) -> None:
    """Worktrees of runs that another worker has ended; the run that is begun, perhaps again, is not ended."""
    runs, done = home() / "runs", exchange.finished()
    if begun in done:
        exchange.mark_unfinished(begun)
    for path in runs.iterdir() if runs.exists() else ():
        if path.name in done:
            _remove(path)
