"""`python -m pipelines vault`: what it shows are counts, never a value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.mask import store, vault

_MASK_AGAIN = "remove store/masked below KEFU_HOME, then the next run masks all of it into the vault"


def status() -> list[str]:
    """Lines to print."""
    return _described(vault.status())


def probe(file: Path) -> tuple[list[str], int]:
    """Lines to print, and the exit status: 1 a text holds a vaulted value, 2 the vault can't rule it out.

    KefuError where there is no vault to ask.
    """
    _check_key()
    if not vault.files():
        raise KefuError("the vault is empty, so it can rule out nothing", str(vault.folder()), _MASK_AGAIN)
    texts = list(texts_of(file))
    found = vault.leaks(texts)
    counts = Counter(type_ for _, type_ in found)
    lines = [f"{type_}: {count:,} text(s)" for type_, count in sorted(counts.items())]
    leaking = len({index for index, _ in found})
    lines.append(f"{leaking:,} of {len(texts):,} text(s) hold a vaulted value")
    if bare := vault.without(store.keys()):
        lines.append(f"{bare:,} masked partition(s) have no file in the vault: {_MASK_AGAIN}")
    return lines, 1 if found else 2 if bare else 0


def forget(conversation: str = "", partition: str = "") -> list[str]:
    """Lines to print: how many values went, and of which partitions; KefuError where nothing was found."""
    _check_key()
    gone = vault.forget(conversation, partition)
    if not gone:
        raise KefuError(
            f"the vault holds no value of {'the partition' if partition else 'the conversation'}"
            f" {partition or conversation}",
            str(vault.folder()),
            "name it as the manifest of ingest (a partition's key) or the tables (conversation_id) do",
        )
    return [f"{count:,} value(s) removed, of the partition {key}" for key, count in sorted(gone.items())]


def _check_key() -> None:
    if not vault.has_key():
        raise KefuError(vault.NONE, "environment, keys.env", "docs/vault.md says how to begin a vault")


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
