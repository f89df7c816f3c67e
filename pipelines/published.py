"""What runs have published, read from git: whose state it is, and since when.

A branch's own run is one of the schedule, or one that nobody gave other parameters, uncommitted edits or the
data of another run. An experiment and a rebuilt week are none, nor is a run of a branch that is not merged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import UnavailableError
from pipelines.home import home
from pipelines.snapshot import git, has, holds
from pipelines.stage import OUTPUTS
from pipelines.workspace import name_of, run_of

LOOKED_AT = 200  # commits of a run at most
SNAPSHOT = "Snapshot of uncommitted edits"
SCHEDULED = "scheduled__"  # how Airflow names a run of the schedule
OWN = ("Inputs", "Data")  # `Data of RUN`, as workspace.py writes them
MANIFEST = "manifest.json"
Partitions = list[dict[str, Any]]


@dataclass(frozen=True)
class Published:
    """`began` in seconds since 1970; `foreign` says why the run is not the branch's own, "" where it is."""

    tag: str
    began: float
    foreign: str

    @property
    def run(self) -> str:
        return run_of(self.tag)

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.began, UTC).strftime("%Y-%m-%d")


def published(root: Path) -> Iterator[Published]:
    """All that the tags `data/*` name, the newest commit first; `root` is at the branch."""
    if has("HEAD", root):
        form = ("--sort=-version:refname", "--sort=-committerdate", "--format=%(refname:lstrip=2)")
        for tag in git("for-each-ref", *form, "refs/tags/data/", cwd=root).split():
            yield _read(tag, root)


def last_manifest(root: Path, run_id: str) -> Partitions | None:
    """ingest's manifest of the last run of the branch but `run_id`; None where there is none."""
    for one in published(root):
        if not one.foreign and one.run != name_of(run_id):
            return _manifest(one.tag, root)
    return None


def _read(tag: str, root: Path) -> Published:
    """Its commits, newest first, down to what it started from."""
    form = ("--first-parent", f"-{LOOKED_AT}", "--format=%H\t%ct\t%P\t%s")
    began, run = 0.0, run_of(tag)
    kinds = (*OWN, "Parameters") if run.startswith(SCHEDULED) else OWN  # nobody chooses the schedule's
    for line in git("log", *form, tag, cwd=root).splitlines():
        commit, at, parents, subject = line.split("\t", 3)
        if _own(subject, run, kinds):
            began = float(at)
            continue
        began = began or float(at)
        start = parents.split(" ")[0] if subject == SNAPSHOT else commit
        return Published(tag, began, _foreign(subject, start, run, root))
    return Published(tag, began, "its beginning is not known")


def _foreign(subject: str, start: str, run: str, root: Path) -> str:
    if _own(subject, run, ("Parameters",)):
        return "it was given other parameters"
    if subject.startswith(tuple(f"{kind} of " for kind in OWN)):
        return "it started from the data of another run"
    if subject == SNAPSHOT and not run.startswith(SCHEDULED):
        return "it holds uncommitted edits"
    return "" if holds(root, start) else "it started from another branch"


def _own(subject: str, run: str, kinds: tuple[str, ...]) -> bool:
    kind, _, rest = subject.partition(" of ")
    return kind in kinds and name_of(rest.partition(": ")[0]) == run


def _manifest(tag: str, root: Path) -> Partitions | None:
    from pipelines.retention.runs import outs

    folder = outs(git("show", f"{tag}:dvc.lock", cwd=root)).get(OUTPUTS["ingest"])
    if folder is None:
        return None
    raw = _cached(folder) or _far(folder)
    found: Partitions | None = json.loads(raw)["partitions"] if raw else None
    return found


def _cached(folder: str) -> bytes | None:
    """From DVC's cache by its layout: loading DVC takes a second."""
    from pipelines.outputs import stored

    cache = home() / "dvc-cache"
    try:
        listed = json.loads(stored(cache, folder).read_bytes())
        return stored(cache, {entry["relpath"]: entry["md5"] for entry in listed}[MANIFEST]).read_bytes()
    except (OSError, ValueError, KeyError):
        return None


def _far(folder: str) -> bytes | None:
    """The same where the cache was emptied: from DVC's remote."""
    from pipelines.retention.objects import file_of, open_stores

    try:
        with open_stores() as stores:
            return file_of(stores, folder, MANIFEST)
    except Exception as error:
        raise UnavailableError(
            f"what the last run ingested cannot be read ({type(error).__name__})",
            "DVC's cache and remote",
            "see that the remote can be reached",
        ) from None
