"""`python -m pipelines vault`: what it shows are counts, never a value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.mask import vault


def do(action: str, file: Path | None = None) -> tuple[list[str], int]:
    """What to print and the exit status: 1 where a probe found something."""
    if action == "destroy":
        return [vault.destroy()], 0
    status = vault.status()
    if action == "status":
        return _described(status), 0
    if status.key == "none":
        return [vault.NONE], 0
    assert file is not None
    texts = list(texts_of(file))
    found = vault.leaks(texts)
    counts = Counter(type_ for _, type_ in found)
    lines = [f"{type_}: {count:,} text(s)" for type_, count in sorted(counts.items())]
    leaking = len({index for index, _ in found})
    return [*lines, f"{leaking:,} of {len(texts):,} text(s) hold a vaulted value"], int(bool(found))


def _described(status: vault.Status) -> list[str]:
    lines = [f"key: {status.key}", f"partitions: {status.files:,}", f"values: {status.values:,}"]
    if status.key == "none":
        return [vault.NONE, *lines[1:2]]
    if status.unreadable:
        lines.append(f"{status.unreadable:,} partition(s) are damaged or under another key")
    return lines


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a file: every string of each JSON row, else each line that is not empty."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KefuError(
            f"the file to probe cannot be read ({type(error).__name__})",
            str(path),
            "give a text file in UTF-8",
        ) from None
    for line in filter(str.strip, lines):
        try:
            row = json.loads(line)
        except ValueError:
            row = line
        yield from _strings(row if isinstance(row, dict | list) else line)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            yield from _strings(held)
