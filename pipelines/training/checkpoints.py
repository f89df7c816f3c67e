"""Checkpoints: which one is whole, and which to go on from.

The trainer writes a checkpoint file by file, and removes an old one file by file, so a kill may leave half
of either. A checkpoint is sealed with a list of its files once every process has written its part; one
without the list, or with less than the list says, is passed over and removed.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

SEAL = "complete.json"
STATE = "trainer_state.json"


def seal(checkpoint: Path) -> None:
    """Lists the files with their sizes, all of them on the disk before the list is."""
    files = [path for path in sorted(checkpoint.rglob("*")) if path.is_file()]
    for path in files:
        _sync(path)
    sizes = {str(path.relative_to(checkpoint)): path.stat().st_size for path in files}
    partial = checkpoint / f"{SEAL}.partial"
    partial.write_text(json.dumps(sizes, indent=1))
    _sync(partial)
    partial.rename(checkpoint / SEAL)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def is_whole(checkpoint: Path) -> bool:
    try:
        sizes = json.loads((checkpoint / SEAL).read_text())
        return all((checkpoint / name).stat().st_size == size for name, size in sizes.items())
    except FileNotFoundError:
        return False


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.rsplit("-", 1)[1])


def whole(folder: Path) -> list[Path]:
    """The whole checkpoints, by step."""
    return sorted(filter(is_whole, folder.glob("checkpoint-*")), key=step_of)


def latest(folder: Path) -> Path | None:
    """The whole checkpoint with the most steps."""
    found = whole(folder)
    return found[-1] if found else None


def remove_halves(folder: Path) -> list[str]:
    """Removes what a kill left half-written or half-removed; returns their names."""
    halves = [checkpoint for checkpoint in folder.glob("checkpoint-*") if not is_whole(checkpoint)]
    for checkpoint in halves:
        shutil.rmtree(checkpoint)
    return sorted(checkpoint.name for checkpoint in halves)


def state_of(checkpoint: Path) -> dict[str, Any]:
    """The trainer's state: steps done and planned, log, best so far, early stopping's count."""
    state: dict[str, Any] = json.loads((checkpoint / STATE).read_text())
    return state


def is_done(state: dict[str, Any], steps: int) -> bool:
    """All of the training's `steps` are done, or early stopping has decided, under a plan of as many."""
    stopping = state["stateful_callbacks"].get("EarlyStoppingCallback")
    stopped = stopping and (
        stopping["attributes"]["early_stopping_patience_counter"]
        >= stopping["args"]["early_stopping_patience"]
    )
    return state["global_step"] >= steps or (bool(stopped) and state["max_steps"] == steps)
