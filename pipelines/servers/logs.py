"""Server logs that stay small: the earlier ones are kept as NAME.log.1 (the youngest) and so on."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

from pipelines.home import home
from pipelines.params.sections import Limits

KEPT_ALERTS = "alerts.jsonl"


def cut_logs(limits: Limits) -> list[str]:
    """Rotates the servers' logs that are too large, and the file of alerts; names of those that were."""
    folder = home() / "logs"
    paths = [*folder.glob("*.log"), folder / KEPT_ALERTS]
    return [path.name for path in sorted(paths) if cut(path, limits.log_mb * 1e6, limits.log_files)]


def rotate(path: Path, files: int) -> None:
    """Moves `path` to path.1, that to path.2, and so on; what would be the (files + 1)th is removed."""
    if not path.exists() or not path.stat().st_size:
        return
    _shift(path, files)
    path.rename(_older(path, 1))


def cut(path: Path, max_bytes: float, files: int) -> bool:
    """Rotates a log that a server writes (in append mode) by copying and emptying it, once it is too large.

    What is written between the two is lost. False where it was small.
    """
    if not path.exists():
        return False
    with path.open("r+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)  # `check` and `collect` may come at once
        if path.stat().st_size <= max_bytes:
            return False
        _shift(path, files)
        shutil.copyfile(path, _older(path, 1))
        log.truncate(0)
    return True


def _shift(path: Path, files: int) -> None:
    _older(path, files).unlink(missing_ok=True)
    for number in range(files - 1, 0, -1):
        if _older(path, number).exists():
            _older(path, number).rename(_older(path, number + 1))


def _older(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
