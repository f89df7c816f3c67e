"""DVC's content-addressed files, in the cache and in the remote: which are needed, which may go.

It reads and removes through DVC's own classes, so a remote on S3 is one like a folder. Nothing younger than
a day is taken, whoever names it: a run may just have written it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from pipelines.home import home, main_checkout
from pipelines.retention.item import Item, of_paths
from pipelines.retention.policy import DAY_S
from pipelines.workspace import share_cache

DIR = ".dir"


@dataclass(frozen=True)
class Stores:
    """Two of DVC's object stores."""

    cache: Any
    remote: Any

    def read(self, md5: str) -> bytes | None:
        """An object from the cache, else from the remote; None where neither holds it."""
        for store in (self.cache, self.remote):
            with suppress(FileNotFoundError), store.fs.open(store.oid_to_path(md5), "rb") as file:
                return bytes(file.read())
        return None


@contextmanager
def open_stores() -> Iterator[Stores]:
    """Cache and default remote of this installation, as every run's worktree has them."""
    from dvc.repo import Repo

    scratch = _scratch()
    repo = Repo(str(scratch), uninitialized=True)
    try:
        yield Stores(repo.cache.local, repo.cloud.get_remote_odb())
    finally:
        repo.close()
        shutil.rmtree(scratch, ignore_errors=True)


def needed(stores: Stores, md5s: Iterable[str]) -> set[str]:
    """`md5s` and, of those that are folders, all files in them; one that is in no store names nothing."""
    found = set(md5s)
    for md5 in [one for one in found if one.endswith(DIR)]:
        found |= {entry["md5"] for entry in json.loads(stores.read(md5) or b"[]")}
    return found


def file_of(stores: Stores, folder_md5: str, name: str) -> bytes | None:
    """The file `name` of a folder object."""
    for entry in json.loads(stores.read(folder_md5) or b"[]"):
        if entry["relpath"] == name:
            return stores.read(entry["md5"])
    return None


def unneeded(stores: Stores, keep: set[str], now: float, remote_too: bool = True) -> list[Item]:
    """Items of cache and remote; in each, folders go before the files that they name."""
    items = []
    for kind, store in [
        ("dvc cache", stores.cache),
        *([("dvc remote", stores.remote)] if remote_too else []),
    ]:
        old = [(md5, size) for md5, size in _objects(store, now) if md5 not in keep]
        if old:
            md5s = sorted((md5 for md5, _ in old), key=lambda md5: not md5.endswith(DIR))
            name = "objects that no run that stays and no version needs"
            items.append(Item(kind, name, len(old), sum(s for _, s in old), partial(_take, store, md5s)))
    return items + _run_cache(keep)


def _take(store: Any, md5s: list[str]) -> None:
    for md5 in md5s:
        with suppress(FileNotFoundError):
            store.fs.remove(store.oid_to_path(md5))


def _objects(store: Any, now: float) -> Iterator[tuple[str, int]]:
    """(md5, bytes) of each object that is a day old."""
    if not store.fs.exists(store.path):
        return
    for md5 in store.all():
        info = store.fs.info(store.oid_to_path(md5))
        if now - _written(info) > DAY_S:
            yield md5, int(info["size"])


def _written(info: dict[str, Any]) -> float:
    """Seconds since 1970; a store that does not say when gets none of its objects taken."""
    found = next((info[name] for name in ("mtime", "LastModified", "last_modified") if name in info), None)
    if isinstance(found, datetime):
        return found.timestamp()
    return float(found) if isinstance(found, int | float) else float("inf")


def _run_cache(keep: set[str]) -> list[Item]:
    """Entries of DVC's run cache that would restore something which is gone."""
    entries = [path for path in (home() / "dvc-cache/runs").rglob("*") if path.is_file()]
    return of_paths("run cache", "entries of data that goes", [p for p in entries if not _whole(p, keep)])


def _whole(entry: Path, keep: set[str]) -> bool:
    try:
        outs = yaml.safe_load(entry.read_text()).get("outs", [])
    except (OSError, yaml.YAMLError, AttributeError):
        return True
    return all(out.get("md5") in keep for out in outs)


def _scratch() -> Path:
    """A folder that DVC takes for a repository with the cache and remote of runs; no checkout is touched."""
    path = home() / f"collect-{os.getpid()}"
    shutil.rmtree(path, ignore_errors=True)
    (path / ".dvc").mkdir(parents=True)
    shutil.copy(main_checkout() / ".dvc/config", path / ".dvc/config")
    share_cache(path)
    with (path / ".dvc/config.local").open("a") as file:
        file.write("\n[core]\n    no_scm = true\n")
    return path
