"""Copies of a training's checkpoints in `$KEFU_CHECKPOINTS`, a folder or bucket that every worker reaches.

A task that is tried again on another machine goes on from there. Without the variable there are no copies.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec

from pipelines.training.checkpoints import SEAL, is_whole, latest, step_of, whole

Place = tuple[Any, str]  # a file system, and the training's folder there


def send(checkpoints: Path) -> None:
    """Makes the copies those that are here: new ones go there, ones that are gone here go there too."""
    _ride_out("stays on this machine", lambda place: _send(checkpoints, *place), checkpoints)


def fetch(checkpoints: Path) -> None:
    """Brings the copies here where one of them is further than what is here."""
    _ride_out("cannot be looked for elsewhere", lambda place: _fetch(checkpoints, *place), checkpoints)


def forget(checkpoints: Path) -> None:
    """Removes the copies of a training that is done."""
    _ride_out("is left elsewhere", lambda place: _remove(*place), checkpoints)


def _ride_out(left: str, do: Callable[[Place], None], checkpoints: Path) -> None:
    """A place that does not answer costs the copies and never the training."""
    url = os.environ.get("KEFU_CHECKPOINTS")
    if not url:
        return
    endpoint = os.environ.get("KEFU_S3_ENDPOINT")
    options = {"endpoint_url": endpoint} if url.startswith("s3://") and endpoint else {}
    try:
        files, root = fsspec.core.url_to_fs(url, use_listings_cache=False, **options)
        do((files, f"{root}/{checkpoints.parent.name}"))
    except Exception as error:
        print(f"the checkpoint {left}: KEFU_CHECKPOINTS failed ({type(error).__name__})", flush=True)


def _send(checkpoints: Path, files: Any, base: str) -> None:
    there, here = _sealed(files, base), {checkpoint.name: checkpoint for checkpoint in whole(checkpoints)}
    for name in [name for name in here if name not in there]:
        parts = [path for path in sorted(here[name].rglob("*")) if path.is_file() and path.name != SEAL]
        for path in [*parts, here[name] / SEAL]:
            target = f"{base}/{name}/{path.relative_to(here[name])}"
            files.makedirs(target.rpartition("/")[0], exist_ok=True)
            files.put_file(str(path), target)
    for name in [name for name in there if name not in here]:
        files.rm_file(f"{base}/{name}/{SEAL}")
        files.rm(f"{base}/{name}", recursive=True)


def _fetch(checkpoints: Path, files: Any, base: str) -> None:
    there, last = _sealed(files, base), latest(checkpoints)
    if max((step_of(Path(name)) for name in there), default=-1) <= (step_of(last) if last else -1):
        return
    incoming = checkpoints / ".incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    for name in there:
        for path in files.find(f"{base}/{name}"):
            target = incoming / name / path.partition(f"/{name}/")[2]
            target.parent.mkdir(parents=True, exist_ok=True)
            files.get_file(path, str(target))
        if is_whole(incoming / name):
            shutil.rmtree(checkpoints / name, ignore_errors=True)
            (incoming / name).rename(checkpoints / name)
            print(f"{name} of this training came from another machine", flush=True)
    shutil.rmtree(incoming)


def _sealed(files: Any, base: str) -> list[str]:
    if not files.exists(base):
        return []
    seals = [path.split("/")[-2:] for path in files.find(base) if path.endswith(f"/{SEAL}")]
    return [name for name, _ in seals]


def _remove(files: Any, base: str) -> None:
    if files.exists(base):
        files.rm(base, recursive=True)
