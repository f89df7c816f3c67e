"""Runs in git: branch `run/<run>` and tag `data/<run>`, worktrees, and what each tip's dvc.lock names.

A run is known by what a remote was last seen to hold of it, too: those refs are the run's, and go with it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from pipelines import exchange
from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.retention.policy import Run
from pipelines.snapshot import git, has
from pipelines.workspace import run_of

BRANCH, TAG = "refs/heads/run/", "refs/tags/data/"
SEEN = f"{exchange.TRACKED}/run/"
OFFERED = f"{exchange.TRACKED}/{exchange.OFFERED}/"
OF_RUN = re.compile(rf"(?:{BRANCH}|{TAG}|{SEEN}|refs/remotes/[^/]+/run/)(.+)")
LOCK = "dvc.lock"


def known_runs() -> list[Run]:
    """Every run that has a branch or tags, here or at a remote as last seen."""
    found: dict[str, list[tuple[str, float]]] = {}
    for ref, at in refs():
        if of_run := OF_RUN.fullmatch(ref):
            found.setdefault(run_of(of_run[1]), []).append((ref, at))
    standing = {path.name for path in worktrees()}
    return [
        Run(name, max(at for _, at in held), tuple(ref for ref, _ in held), name in standing)
        for name, held in sorted(found.items())
    ]


def offered() -> list[Run]:
    """Snapshots that engineers pushed for runs to start from, by the day in their name."""
    listed = [(ref, at) for ref, at in refs() if ref.startswith(OFFERED)]
    return [Run(ref.removeprefix(f"{exchange.TRACKED}/"), _offered_at(ref, at), (ref,)) for ref, at in listed]


def open_elsewhere(now: float, hours: float) -> list[str]:
    """Runs that no worker has ended and that went on within so many hours, as the remote knows."""
    if not exchange.remote():
        return []
    seen = {ref.removeprefix(SEEN): at for ref, at in refs() if ref.startswith(SEEN)}
    done = exchange.finished()
    return sorted(name for name, at in seen.items() if name not in done and abs(now - at) < hours * 3600)


def refs() -> list[tuple[str, float]]:
    """(name, date of its commit) of every branch, tag and remote branch of the repository."""
    form = "--format=%(refname) %(committerdate:unix) %(*committerdate:unix)"
    lines = git("for-each-ref", form, cwd=main_checkout()).splitlines()
    split = [line.split() for line in lines]
    return [(parts[0], float(parts[-1]) if len(parts) > 1 else 0.0) for parts in split]


def worktrees() -> list[Path]:
    folder = home() / "runs"
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.exists() else []


def forget(run: Run) -> None:
    """Removes the run's branch and tags, on the remote first; its data is then nobody's, and goes with the
    next step or run."""
    exchange.forget(run.name, run.refs)
    for ref in run.refs:
        if has(ref, main_checkout()):
            git("update-ref", "-d", ref, cwd=main_checkout())


def locks(going: Iterable[Run]) -> list[dict[str, str]]:
    """{out: md5} of every dvc.lock that must stay whole: at the tip of each ref but those of `going`, at
    HEAD, and as it lies in the checkout, in runs' worktrees and in reproductions, committed or not."""
    gone = {ref for run in going for ref in run.refs}
    root = main_checkout()
    tips = {*(ref for ref, _ in refs() if ref not in gone), "HEAD"}
    texts = [_shown(tip) for tip in sorted(tips)]
    folders = [root, *worktrees(), *(home() / "reproduced").glob("*")]
    texts += [path.read_text() for folder in folders if (path := folder / LOCK).is_file()]
    for folder in [*worktrees(), *(home() / "reproduced").glob("*")]:
        with contextlib.suppress(KefuError):
            texts.append(git("show", f"HEAD:{LOCK}", cwd=folder))
    return [outs(text) for text in dict.fromkeys(texts) if text]


def outs(text: str) -> dict[str, str]:
    """{path: md5} of the outputs that a dvc.lock names; KefuError where it cannot be read."""
    try:
        stages: dict[str, Any] = (yaml.safe_load(text) or {}).get("stages", {})
        listed = [out for stage in stages.values() for out in stage.get("outs", [])]
        return {out["path"]: out["md5"] for out in listed if "md5" in out}
    except (yaml.YAMLError, AttributeError, TypeError, KeyError):
        raise KefuError(
            "a dvc.lock cannot be read, so what must be kept is not known",
            "a branch, tag or worktree of this repository",
            "mend or remove it (`git worktree list`, `git branch`), then collect again",
        ) from None


def _offered_at(ref: str, committed: float) -> float:
    try:
        return datetime.strptime(ref.removeprefix(OFFERED)[:10], "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return committed


def _shown(ref: str) -> str:
    try:
        return git("show", f"{ref}:{LOCK}", cwd=main_checkout())
    except KefuError:  # a tip without one
        return ""
