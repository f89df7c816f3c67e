"""Checkpoints: which one is whole, and which to go on from.

The trainer writes a checkpoint file by file, so a kill may leave half of one. Each process marks it when its
own part is written; one without all marks is passed over and removed.
"""

from __future__ import annotations

import shutil
from pathlib import Path


def mark(checkpoint: Path, rank: int) -> None:
    (checkpoint / f"complete.{rank}").touch()


def is_whole(checkpoint: Path, processes: int) -> bool:
    return all((checkpoint / f"complete.{rank}").exists() for rank in range(processes))


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.rsplit("-", 1)[1])


def latest(folder: Path, processes: int) -> Path | None:
    """The whole checkpoint with the most steps; half ones are removed."""
    found = sorted(folder.glob("checkpoint-*"), key=step_of)
    for checkpoint in found:
        if not is_whole(checkpoint, processes):
            shutil.rmtree(checkpoint)
    whole = [checkpoint for checkpoint in found if checkpoint.exists()]
    return whole[-1] if whole else None
