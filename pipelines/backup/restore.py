"""`make restore FROM=...`: into an installation that has nothing yet; it never overwrites."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from pipelines.backup import archive, databases, keys, parts
from pipelines.backup.backup import BUNDLE, keys_path
from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.retention.runs import BRANCH, TAG
from pipelines.servers.environment import state
from pipelines.snapshot import git


def restore(path: Path) -> dict[str, Any]:
    """Checks every hash, then puts all in place; returns the manifest. KefuError, and nothing changed, where
    the archive is not whole, keys are missing, or this installation already holds something."""
    _refuse_what_is_there()
    held = keys.read(keys_path(path))
    staging = home() / "restore.partial"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        manifest = archive.extract(path, staging)
        copies = _copies(staging)
        _put(staging, held, copies)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _refuse_what_is_there() -> None:
    if state():
        raise KefuError("the servers are running", str(home()), "run `make down` first")
    there = [str(folder) for folder in parts.folders(True, True).values() if any(folder.glob("*"))]
    there += [f"the database {name}" for name, url in parts.databases().items() if databases.is_filled(url)]
    if there:
        raise KefuError(
            f"this installation already holds {', '.join(there)}",
            str(home()),
            "restore into an empty KEFU_HOME, or move these away first",
        )


def _copies(staging: Path) -> dict[str, Path]:
    """{database: its copy}; KefuError where a copy is of another kind than the database it is meant for."""
    found = {path.stem: path for path in (staging / "databases").glob("*")}
    for name, file in found.items():
        if name in parts.databases() and not databases.fits(parts.databases()[name], file):
            raise KefuError(
                f"the copy of {name} is a {file.suffix} file, the database here is of another kind",
                f"KEFU_{name.upper()}_DB",
                "set it as it was where the backup was made",
            )
    return found


def _put(staging: Path, held: dict[str, str], copies: dict[str, Path]) -> None:
    """Git first, since it may refuse; then keys, folders, databases."""
    if (staging / BUNDLE).exists():
        git("worktree", "prune", cwd=main_checkout())  # git guards branches of worktrees that are gone
        specs = [f"{prefix}*:{prefix}*" for prefix in (BRANCH, TAG)]
        git("fetch", "-q", "--no-write-fetch-head", str(staging / BUNDLE), *specs, cwd=main_checkout())
    keys.put(held)
    for name, folder in parts.folders(True, True).items():
        if (staging / name).exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                folder.rmdir()
            shutil.move(staging / name, folder)
    if (staging / parts.PAID).exists():
        (home() / parts.PAID).parent.mkdir(parents=True, exist_ok=True)
        (staging / parts.PAID).rename(home() / parts.PAID)
    for name, url in parts.databases().items():
        if name in copies:
            databases.load(url, copies[name])
