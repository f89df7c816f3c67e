"""`make restore FROM=...`: into an installation that has nothing yet; it never overwrites.

A cluster's databases are put into its PostgreSQL, which is started for it alone.
"""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from pipelines.backup import archive, databases, keys, parts
from pipelines.backup.backup import BUNDLE, keys_path
from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.retention.runs import BRANCH, TAG
from pipelines.servers import installation
from pipelines.servers.alone import alone
from pipelines.servers.cluster import settings, start, workers
from pipelines.servers.environment import state
from pipelines.servers.installation import CLUSTER, Installation
from pipelines.servers.ports import free_port
from pipelines.snapshot import git


@alone()
def restore(path: Path) -> dict[str, Any]:
    """Checks every hash, then puts all in place; returns the manifest. KefuError, and nothing changed, where
    the archive is not whole, keys are missing, or this installation already holds something."""
    if state():
        raise KefuError("the servers are running", str(home()), "run `make down` first")
    of_cluster = archive.about(path).get("profile") == CLUSTER
    first = settings.PORTS["postgres"]
    ports = {"postgres_port": free_port("POSTGRES", first)} if of_cluster else {}
    place = installation.cluster(ports) if of_cluster else installation.one_machine()
    _refuse_what_is_there(place)
    held = keys.read(keys_path(path))
    staging = home() / "restore.partial"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        manifest = archive.extract(path, staging)
        copies = _copies(place, staging)
        with _started(place, ports):
            _put(place, staging, held, copies)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _started(place: Installation, ports: dict[str, int]) -> AbstractContextManager[None]:
    return start.databases_alone(ports) if place.profile == CLUSTER else nullcontext()


def _refuse_what_is_there(place: Installation) -> None:
    there = [str(folder) for folder in parts.folders(place, True, True).values() if any(folder.glob("*"))]
    if place.profile == CLUSTER:
        there += ["databases of the profile cluster"] if settings.postgres_data().exists() else []
    else:
        there += [f"the database {name}" for name, url in place.databases.items() if databases.is_filled(url)]
    if there:
        raise KefuError(
            f"this installation already holds {', '.join(there)}",
            str(home()),
            "restore into an empty KEFU_HOME, or move these away first",
        )


def _copies(place: Installation, staging: Path) -> dict[str, Path]:
    """{database: its copy}; KefuError where a copy is of another kind than the database it is meant for."""
    found = {path.stem: path for path in (staging / "databases").glob("*")}
    for name, file in found.items():
        if name in place.databases and not databases.fits(place.databases[name], file):
            raise KefuError(
                f"the copy of {name} is a {file.suffix} file, the database here is of another kind",
                f"KEFU_{name.upper()}_DB",
                "set it as it was where the backup was made",
            )
    return found


def _put(place: Installation, staging: Path, held: dict[str, str], copies: dict[str, Path]) -> None:
    """Git first, since it may refuse; then keys, folders, databases."""
    if place.profile == CLUSTER:
        workers.make_repository()
    if (staging / BUNDLE).exists():
        git("worktree", "prune", cwd=place.repository)  # git guards branches of worktrees that are gone
        specs = [f"{prefix}*:{prefix}*" for prefix in (BRANCH, TAG)]
        git("fetch", "-q", "--no-write-fetch-head", str(staging / BUNDLE), *specs, cwd=place.repository)
    keys.put(held)
    for name, folder in parts.folders(place, True, True).items():
        if (staging / name).exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                folder.rmdir()
            shutil.move(staging / name, folder)
    for copy in list(staging.rglob(Path(parts.PAID).name)):
        target = home() / copy.relative_to(staging)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy.rename(target)
    for name, url in place.databases.items():
        if name in copies:
            databases.load(url, copies[name])
