"""The raw files behind a version, as ingest's manifest of that state names them: no row, no text.

A file whose name holds something personal is named there by an HMAC, so it is here too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.home import home, main_checkout
from pipelines.snapshot import git, has
from pipelines.stage import OUTPUTS

INGESTED, MANIFEST = OUTPUTS["ingest"], "manifest.json"
Row = dict[str, Any]


def source_files(ingested_md5: str) -> list[Row] | None:
    """[{"name", "sha256", "conversations", "rejected"}] of data/ingested at that md5.

    None where neither the DVC cache nor the local remote of this installation holds it.
    """
    manifest = stored_file(ingested_md5, MANIFEST)
    if manifest is None:
        return None
    return [_file(part) for part in json.loads(manifest.read_text())["partitions"]]


def stored_file(folder_md5: str, name: str) -> Path | None:
    """The file `name` of a folder that DVC versions, at the folder's md5.

    None where neither the DVC cache nor the local remote of this installation holds it.
    """
    folder = _object(f"{folder_md5}.dir") if folder_md5 else None
    if folder is None:
        return None
    md5 = {entry["relpath"]: entry["md5"] for entry in json.loads(folder.read_text())}.get(name)
    return _object(md5) if md5 else None


def knowledge_files(tag: str, folder: str) -> list[Row] | None:
    """[{"name", "git_blob"}] of the FAQ, policies and products at the git tag; None where it is not here."""
    root = main_checkout()
    if not has(f"refs/tags/{tag}", root):
        return None
    lines = git("ls-tree", "-r", "--format=%(objectname) %(path)", tag, "--", folder, cwd=root).splitlines()
    return [dict(zip(("git_blob", "name"), line.split(" ", 1), strict=True)) for line in lines]


def _file(part: Row) -> Row:
    return {
        "name": part["partition"],
        "sha256": part.get("sha256", ""),
        "conversations": part["rows"],
        "rejected": part["rejected"],
    }


def _object(md5: str) -> Path | None:
    """A file of DVC's content-addressed store, in the cache or in the local remote."""
    for store in ("dvc-cache", "dvc-remote"):
        path = home() / store / "files/md5" / md5[:2] / md5[2:]
        if path.is_file():
            return path
    return None
