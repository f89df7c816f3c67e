"""`make backup`: databases first, then what they name, so that nothing they name is missing."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.backup import archive, databases, keys, parts
from pipelines.home import home, main_checkout
from pipelines.mask import vault
from pipelines.retention.item import size
from pipelines.retention.runs import BRANCH, TAG
from pipelines.servers import installation
from pipelines.servers.installation import Installation
from pipelines.snapshot import git

BUNDLE = "runs.bundle"


def default_path() -> Path:
    return home().parent / f"kefu-backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"


def keys_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.keys")


def backup(
    path: Path, with_restricted: bool = False, with_data: bool = False, with_vault: bool = False
) -> dict[str, Any]:
    """Writes the archive and, beside it, the keys; returns what was backed up, for people. May run while
    servers and runs do. The vault, which is of the restricted area, and its key are left out unless asked.
    KefuError where a database is missing."""
    place = installation.here()
    staging = home() / "backup.partial"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        files = _copies(place, staging)
        folders = parts.folders(place, with_restricted, with_data)
        for name, folder in folders.items():
            files += parts.files(name, folder)
        if not with_vault:
            vaulted = place.restricted / vault.folder().name
            files = [(name, file) for name, file in files if vaulted not in file.parents]
        encrypted = keys.save(keys_path(path), with_vault)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"made_at": made_at, "commit": _head(), "profile": place.profile, "version": 1}
        manifest = archive.write(path, files, about)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    counted = {name: len([f for f in manifest["files"] if f.startswith(f"{name}/")]) for name in folders}
    shown = {name: databases.shown(url) for name, url in place.databases.items()}
    return {"parts": counted, "databases": shown, "bytes": size(path), "keys_encrypted": encrypted}


def _copies(place: Installation, staging: Path) -> list[tuple[str, Path]]:
    """Databases, and the runs' branches and tags."""
    found = []
    for name, url in place.databases.items():
        made = databases.dump(url, name, staging)
        found.append((f"databases/{made.name}", made))
    for number, path in enumerate(parts.paid()):
        copy = databases.copy_sqlite(path, staging / f"paid-{number}.sqlite")
        found.append((path.relative_to(home()).as_posix(), copy))
    wanted = git("for-each-ref", "--format=%(refname)", BRANCH, TAG, cwd=place.repository).splitlines()
    if wanted:
        git("bundle", "create", "-q", str(staging / BUNDLE), *wanted, cwd=place.repository)
        found.append((BUNDLE, staging / BUNDLE))
    return found


def _head() -> str:
    return git("rev-parse", "HEAD", cwd=main_checkout())
