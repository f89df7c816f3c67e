"""One git worktree and one shared DVC cache per DAG run, so that a run never touches the engineer's checkout.

A run's worktree stands at `.kefu/runs/<run>` on the branch `run/<run>`. Its first commit is a snapshot: the
checkout as it was when the run began, uncommitted edits included, with the run's own parameters written into
params.yaml. Its last commit holds dvc.lock, tagged `data/<run>`. A tag never moves: where a run that was
published is cleared and comes to something else, that is tagged `data/<run>+2`. One task of a run works at a
time, so what it finds locked in its worktree was left by one that was killed. Where the workers are several
machines, the worktree follows the branch on a remote (exchange.py).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import yaml

from pipelines import begun, exchange
from pipelines.ends import die_with_parent, kill_group
from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.snapshot import git, has, keep, unlock

TAIL_LINES = 25


class StepFailed(KefuError):
    """A command of a run failed. `final` when it said why in a KefuError: trying again would say the same."""

    final = False


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
    """Commits dvc.lock, pushes the data to the DVC remote, tags the commit (data_tag); idempotent."""
    path = path_of(run_id)
    _unlock(run_id)
    fetch_data(run_id)
    keep(path, ["dvc.lock"], f"Data of {run_id}")
    _run(run_id, "dvc", "push", "-q")
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

    The file stays byte for byte where they are what it says: the run is then the branch's own (published.py).
    Another base brings its own licence and revision, never those of the base it replaces. `set` holds
    other parameters, a line each (tune.epochs=2).
    """
    from ruamel.yaml import YAML

    from pipelines.params import load

    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    text = path.read_text()
    document = editor.load(text)
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
    written = StringIO()
    editor.dump(document, written)
    if yaml.safe_load(written.getvalue()) != yaml.safe_load(text):
        path.write_text(written.getvalue())
    load(path)


def named(line: str) -> tuple[str, Any]:
    """(dotted name, value) of NAME=VALUE; the value as YAML reads it."""
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
