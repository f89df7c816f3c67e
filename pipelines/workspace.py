"""One git worktree and one shared DVC cache per DAG run, so that a run never touches the engineer's checkout.

A run's worktree stands at `.kefu/runs/<run>` on the branch `run/<run>`. Its first commit is a snapshot: the
checkout as it was when the run began, uncommitted edits included, with the run's own parameters written into
params.yaml. Its last commit holds dvc.lock, tagged `data/<run>`. A tag never moves. Where the workers are
several machines, the worktree follows the branch on a remote (exchange.py).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, NoReturn

import yaml

from pipelines import exchange
from pipelines.ends import die_with_parent, kill_group
from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.snapshot import git, has, keep, unlock

TAIL_LINES = 25
KEEP_FAILED_DAYS = 7


class StepFailed(KefuError):
    """A command of a run failed. `final` when it said why in a KefuError: trying again would say the same."""

    final = False


def name_of(run_id: str) -> str:
    """A run id as a file, branch and tag name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-.")


def path_of(run_id: str) -> Path:
    return home() / "runs" / name_of(run_id)


def branch_of(run_id: str) -> str:
    return f"run/{name_of(run_id)}"


def create(run_id: str, overrides: dict[str, Any]) -> Path:
    """The worktree of a run, made once: a retried task finds it, a cleared run gets its own branch back.

    `overrides` may name the `commit` to start from.
    """
    path, branch = path_of(run_id), branch_of(run_id)
    if bring(run_id) or (path / ".ready").exists():
        unlock(path, branch)
        return path
    _remove(path)
    _remove_old(KEEP_FAILED_DAYS)
    if has(f"refs/tags/data/{name_of(run_id)}", main_checkout()):
        _add_worktree(path, branch)
    else:
        _add_worktree(path, branch, exchange.start(overrides.get("commit")))
        write_overrides(path / "params.yaml", overrides)
        keep(path, ["params.yaml"], f"Parameters of {run_id}")
    _ready(path)
    if exchange.remote():
        exchange.push(path, branch)
    return path


def bring(run_id: str) -> bool:
    """Where there is a remote: the worktree at the tip of the run's branch there; whether there is one.

    What an earlier task left in this worktree without pushing it is given up.
    """
    path, branch = path_of(run_id), branch_of(run_id)
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
    _run(run_id, "dvc", "push", "-q", "--run-cache", stage)
    keep(path, ["dvc.lock"], f"Data of {run_id}: {stage}")
    exchange.push(path, branch_of(run_id))


def fetch_data(run_id: str) -> None:
    """Where there is a remote: all that the run's stages wrote so far, for the tasks that look at all of it.

    The stages are named, since DVC fails over the outputs of those that have not run.
    """
    if exchange.remote() and bring(run_id) and (done := locked(path_of(run_id))):
        _run(run_id, "dvc", "pull", "-q", *done)


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
    last: deque[str] = deque(maxlen=TAIL_LINES)
    process = subprocess.Popen(
        command,
        cwd=path,
        env=_environment(path, run_id),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            last.append(line.rstrip())
        process.wait()
    finally:
        kill_group(process)
    if process.returncode != 0:
        raise _failure(command, process.returncode, list(last), path)


def publish(run_id: str) -> dict[str, str]:
    """Commits dvc.lock, pushes the data to the DVC remote, tags the commit `data/<run>`; idempotent."""
    path, tag = path_of(run_id), f"data/{name_of(run_id)}"
    unlock(path, branch_of(run_id), tag)
    fetch_data(run_id)
    keep(path, ["dvc.lock"], f"Data of {run_id}")
    _run(run_id, "dvc", "push", "-q")
    if not has(f"refs/tags/{tag}", path):
        git("tag", tag, cwd=path)
    if exchange.remote():
        exchange.push(path, branch_of(run_id), tag)
    return {"commit": git("rev-parse", f"{tag}^{{commit}}", cwd=path), "tag": tag}


def finish(run_id: str) -> None:
    """Removes the worktree of a run that is done; branch, tag and data stay.

    Where there is a remote, other workers remove theirs when they next make one.
    """
    if exchange.remote() and bring(run_id):
        exchange.mark_finished(name_of(run_id), path_of(run_id))
    _remove(path_of(run_id))


def result(run_id: str, step: str) -> dict[str, Any]:
    """What `register` or `report` left for the DAG: ids, versions and links, no text."""
    path = _result_file(run_id, step)
    if not path.exists():
        raise KefuError(f"{step} left no result", str(path), f"run `python -m pipelines {step}` again")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write_result(run_id: str, step: str, result: dict[str, Any]) -> Path:
    """home()/reports/<run>/<step>.json, whole or not at all."""
    path = _result_file(run_id, step)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.rename(path)
    return path


def write_overrides(path: Path, overrides: dict[str, Any]) -> None:
    """Parameters chosen at trigger time; KefuError with every fault where the outcome cannot be.

    Another base brings its own licence and revision, never those of the base it replaces. `set` holds
    other parameters, a line each (tune.epochs=2).
    """
    from ruamel.yaml import YAML

    from pipelines.params import load

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    document = yaml.load(path.read_text())
    if overrides.get("profile"):
        document["profile"] = overrides["profile"]
    for day in ("since", "until"):
        if overrides.get(day):
            document["ingest"][day] = overrides[day]
    if overrides.get("base"):
        model = document["profiles"][document["profile"]].setdefault("model", {})
        model.update({name: overrides.get(name) for name in ("base", "license", "revision")})
    for line in (overrides.get("set") or "").splitlines():
        if line.strip():
            _put(document, *named(line))
    with path.open("w") as file:
        yaml.dump(document, file)
    load(path)


def named(line: str) -> tuple[str, Any]:
    """(dotted name, value) of NAME=VALUE; the value as YAML reads it."""
    import yaml

    name, found, value = (part.strip() for part in line.partition("="))
    try:
        return (name, yaml.safe_load(value)) if name and found else _not_named(line)
    except yaml.YAMLError:
        return _not_named(line)


def _not_named(line: str) -> NoReturn:
    raise KefuError(f"{line.strip()!r} is not NAME=VALUE", "set", "write a line each, such as tune.epochs=2")


def _put(document: dict[str, Any], name: str, value: Any) -> None:
    """One parameter, in the profile if a profile may hold it, since that is laid over the rest."""
    from pipelines.params import PROFILE_SECTIONS

    *sections, last = name.split(".")
    in_profile = bool(sections) and sections[0] in PROFILE_SECTIONS
    place = document["profiles"][document["profile"]] if in_profile else document
    for section in sections:
        place = place.setdefault(section, {})
        if not isinstance(place, dict):
            raise KefuError(f"{section} holds no parameters", f"set: {name}", "see the names in params.yaml")
    place[last] = value


def _failure(command: tuple[str, ...], code: int, last: list[str], path: Path) -> StepFailed:
    shown = "\n".join(last)
    failed = StepFailed(f"`{' '.join(command)}` ended with {code}\n{shown}", str(path))
    failed.final = any(line.startswith("error: ") for line in last)
    return failed


def _environment(path: Path, run_id: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(path),
        "PYTHONUNBUFFERED": "1",
        "KEFU_HOME": str(home()),
        "KEFU_RUN": run_id,
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    }


def _result_file(run_id: str, step: str) -> Path:
    return home() / "reports" / name_of(run_id) / f"{step}.json"


def _add_worktree(path: Path, branch: str, start: str | None = None) -> None:
    """On `branch` as it is, or made anew at the commit `start`."""
    what = ["-B", branch, str(path), start] if start else [str(path), branch]
    git("worktree", "add", "-q", "-f", *what, cwd=main_checkout())


def share_cache(path: Path) -> None:
    (path / ".dvc/config.local").write_text(exchange.dvc_config())


def _ready(path: Path) -> None:
    share_cache(path)
    (path / ".ready").write_text("")


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


def _remove_old(days: int) -> None:
    """Worktrees of failed runs stay some days to be looked at, then go."""
    runs = home() / "runs"
    for path in runs.iterdir() if runs.exists() else ():
        if time.time() - path.stat().st_mtime > days * 86400:
            _remove(path)
