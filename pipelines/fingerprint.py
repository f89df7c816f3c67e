"""Content keys: what a piece of work depends on, as one SHA-256."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def digest(*parts: Any) -> str:
    """64 hex digits over `parts`: bytes as they are, all else as canonical JSON.

    Each part goes in with its kind and length, so that ("ab", "c") and ("a", "bc") differ.
    """
    total = hashlib.sha256()
    for part in parts:
        kind, raw = ("b", part) if isinstance(part, bytes) else ("j", canonical(part))
        total.update(f"{kind}{len(raw)}:".encode())
        total.update(raw)
    return total.hexdigest()


def canonical(value: Any) -> bytes:
    """`value` as JSON with sorted keys and no spaces: equal values, equal bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return text.encode("utf-8")


def sha256_of(path: Path) -> str:
    """64 hex digits over a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint_code(*paths: Path) -> str:
    """64 hex digits over the Python files at `paths` (files, or folders with all below them).

    Names count relative to each path's parent, so that two checkouts of one commit agree.
    """
    parts: list[Any] = []
    for path in paths:
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        if not files:
            raise FileNotFoundError(f"no Python file below {path}")
        parts += [(file.relative_to(path.parent).as_posix(), file.read_bytes().hex()) for file in files]
    return digest(parts)
