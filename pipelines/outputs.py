"""A stage's outputs against dvc.lock: DVC trusts the files of its cache and does not read them again.

A file of the cache that a disk has damaged would come into a run unseen, and go out to the remote under the
name of what it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from pipelines import workspace
from pipelines.errors import KefuError
from pipelines.home import home


def hold(run_id: str, stage: str) -> None:
    """After a stage: what DVC took from a damaged file of its cache is made anew, and mended there."""
    root, cache = workspace.path_of(run_id), home() / "dvc-cache"
    if wrong := damaged(root, stage):
        print(f"{stage}: DVC's cache is damaged, {', '.join(wrong)} is made anew", flush=True)
        forget(root, stage, cache)
        workspace.execute(run_id, "dvc", "repro", "--single-item", "--force", stage)
        if wrong := damaged(root, stage):
            raise KefuError(
                f"{', '.join(wrong)} is not what dvc.lock says", str(root), "see whether the disk is sound"
            )
    for md5 in mend_cache(root, stage, cache):
        print(f"{stage}: the file {md5} of DVC's cache was damaged, it is written anew", flush=True)


def damaged(root: Path, stage: str) -> list[str]:
    """The outputs of `stage` in the worktree `root` that are not what dvc.lock says, by their paths."""
    return [path for path, md5 in recorded(root, stage).items() if md5_of(root / path) != md5]


def recorded(root: Path, stage: str) -> dict[str, str]:
    """{path: md5} of the stage's outputs, metrics included, as dvc.lock has them; {} before its first run."""
    found = workspace.locked(root).get(stage, {})
    return {out["path"]: out["md5"] for out in found.get("outs", ())}


def md5_of(path: Path) -> str | None:
    """DVC's md5 of a file, or of a folder (over the list of its files); None where there is none."""
    if path.is_file():
        return _md5(path)
    return hashlib.md5(_listing(path)).hexdigest() + ".dir" if path.is_dir() else None


def mend_cache(root: Path, stage: str, cache: Path) -> list[str]:
    """Writes files of the DVC cache anew that are damaged, from the stage's outputs; returns their md5s."""
    mended = []
    for path in recorded(root, stage):
        parts = sorted(p for p in (root / path).rglob("*") if p.is_file()) if (root / path).is_dir() else []
        for file in parts or [root / path]:
            mended += _mend(cache, _md5(file), file.read_bytes)
        if parts:
            mended += _mend(cache, md5_of(root / path) or "", lambda path=path: _listing(root / path))
    return mended


def forget(root: Path, stage: str, cache: Path) -> None:
    """Removes the stage's outputs, and from the cache what is damaged of them, so that they are made anew."""
    for path, md5 in recorded(root, stage).items():
        _remove(root / path)
        listing = stored(cache, md5)
        for named in [md5, *_parts(listing)]:
            file = stored(cache, named)
            if file.exists() and _md5(file) != named.removesuffix(".dir"):
                file.unlink()


def stored(cache: Path, md5: str) -> Path:
    return cache / "files/md5" / md5[:2] / md5[2:]


def _parts(listing: Path) -> list[str]:
    """md5s of a folder's files; [] where the list itself is damaged."""
    try:
        return [part["md5"] for part in json.loads(listing.read_bytes())]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _listing(folder: Path) -> bytes:
    """What DVC keeps of a folder: its files by name with their md5s, as JSON."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    parts = [{"md5": _md5(files[name]), "relpath": name} for name in sorted(files)]
    return json.dumps(parts, sort_keys=True).encode()


def _mend(cache: Path, md5: str, content: Any) -> list[str]:
    file = stored(cache, md5)
    if not file.exists() or _md5(file) == md5.removesuffix(".dir"):
        return []
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    partial.write_bytes(content())
    partial.chmod(0o444)
    partial.rename(file)
    return [md5]


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
