"""What goes by its age alone: worktrees, unfinished trainings, remembered work, logs."""

from __future__ import annotations

from pathlib import Path

from pipelines.home import home, restricted
from pipelines.mask import store, vault
from pipelines.params.sections import Retention
from pipelines.retention.item import Item, of_paths, touched
from pipelines.retention.policy import DAY_S
from pipelines.retention.runs import worktrees

COSTLY = (".sqlite",)  # paraphrases that a model was paid for


def by_age(keeping: Retention, now: float) -> list[Item]:
    """Everything whose age alone decides; of no registered version does anything here hold a part."""
    return [
        *_worktrees(keeping.failed_days, now),
        *_trainings(keeping.failed_days, now),
        *_remembered(keeping.store_days, now),
        *_logs(keeping.log_days, now),
    ]


def forgotten_partitions(named: set[str], keeping: Retention, now: float) -> list[Item]:
    """Conversations before masking, and their values, that no manifest of a run that stays names by key."""
    files = [p for p in (restricted() / "conversations").glob("*.parquet") if p.stem not in named]
    old = [path for path in files if _unused(path, now) > keeping.run_days * DAY_S]
    found = of_paths("restricted", "conversations of runs that go", old)
    return found + _vaulted(named, keeping.run_days, now)


def _vaulted(named: set[str], days: float, now: float) -> list[Item]:
    """Of each named partition the masking that was used last stays. What goes is also forgotten by the store:
    it would be taken from there, and not be vaulted, should it come back."""
    by_use = sorted(vault.files(), key=lambda path: path.stat().st_mtime)
    last = {store.ingest_key_of(path.stem): path for path in by_use}
    stay = {path for key, path in last.items() if key in named}
    old = [p for p in by_use if p not in stay and now - p.stat().st_mtime > days * DAY_S]
    remembered = [path for one in old if (path := store.path_of(one.stem)).exists()]
    return of_paths("vault", "values of partitions, or of maskings, that no run uses", [*remembered, *old])


def _worktrees(days: float, now: float) -> list[Item]:
    """Of failed runs; a run in progress writes to its own."""
    folders = [*worktrees(), *(home() / "reproduced").glob("*")]
    return [
        item
        for path in folders
        if now - touched(path) > days * DAY_S
        for item in of_paths("worktree", path.name, [path])
    ]


def _trainings(days: float, now: float) -> list[Item]:
    folders = [path for path in (home() / "checkpoints").glob("*") if path.is_dir()]
    old = [path for path in folders if now - touched(path) > days * DAY_S]
    return of_paths("checkpoints", "trainings that nobody went on with", old)


def _remembered(days: float, now: float) -> list[Item]:
    files = [p for p in (home() / "store").rglob("*") if p.is_file() and p.suffix not in COSTLY]
    return of_paths("store", "remembered work", [p for p in files if _unused(p, now) > days * DAY_S])


def _logs(days: float, now: float) -> list[Item]:
    files = [path for path in (home() / "logs/tasks").rglob("*") if path.is_file()]
    old = [path for path in files if now - path.stat().st_mtime > days * DAY_S]
    return of_paths("logs", "logs of tasks", old)


def _unused(path: Path, now: float) -> float:
    """Seconds since it was read or written (where the volume does not note reads: since it was written)."""
    stat = path.stat()
    return now - max(stat.st_atime, stat.st_mtime)
