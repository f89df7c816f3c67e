"""Something that may go."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Item:
    """`count` things of one kind, `bytes` in all; `take` removes them and may be called twice."""

    kind: str
    name: str
    count: int
    bytes: int
    take: Callable[[], None]


def of_paths(kind: str, name: str, paths: list[Path]) -> list[Item]:
    """One item for files and folders together; none where there are none."""

    def take() -> None:
        for path in paths:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    return [Item(kind, name, len(paths), sum(map(size, paths)), take)] if paths else []


def size(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; what vanishes meanwhile counts as nothing."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(_bytes(file) for file in files)


def touched(path: Path) -> float:
    """When anything at or below `path` was last written, in seconds since 1970; 0 where it is gone."""
    return max((_mtime(one) for one in [path, *path.rglob("*")]), default=0.0)


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size if not path.is_dir() else 0
    except FileNotFoundError:
        return 0


def _mtime(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return 0.0
