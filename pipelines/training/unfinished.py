"""Trainings that were stopped: which one a stage goes on with, and what is in the way of it.

A training works in `home()/checkpoints/<key>`, the key being over all that determines its result, so any run
of the same training goes on with it. A checkout that has an unfinished training of the stage under another
key was changed in between: every difference is told, and what is done about it is for the user to say.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines.errors import KefuError
from pipelines.fingerprint import digest
from pipelines.home import home
from pipelines.training.checkpoints import latest, state_of

OnChange = Literal["refuse", "restart", "resume"]
IDENTITY = "identity.json"
RESUMABLE = frozenset(
    ("epochs", "total_steps", "warmup_ratio", "scheduler", "training_data", "validation_data", "code")
)
"""What may differ from the checkpoint that a training goes on from; the rest lies in the checkpoint."""
KEEP_DAYS = 30
"""An unfinished training of a checkout that is gone is removed after it."""


@dataclass(frozen=True)
class Unfinished:
    folder: Path
    stage: str
    root: str  # the checkout that it was started in
    settings: dict[str, Any]

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    def progress(self) -> str | None:
        """How far it came; None where there is nothing to go on from."""
        last = latest(self.checkpoints)
        if last is None:
            return None
        state = state_of(last)
        return f"step {state['global_step']} of {state['max_steps']}"


def folder_of(settings: dict[str, Any]) -> Path:
    return home() / "checkpoints" / digest(settings)


def open_folder(stage: str, root: Path, settings: dict[str, Any], on_change: OnChange) -> Path:
    """The folder to train in, with what may be gone on from; KefuError where the user must decide."""
    folder = folder_of(settings)
    _remove_forgotten()
    if not (folder / IDENTITY).exists():
        folder.mkdir(parents=True, exist_ok=True)
        for other in unfinished():
            if other.folder != folder and (other.stage, other.root) == (stage, str(root)):
                _settle(other, folder, settings, on_change)
        _write(folder / IDENTITY, {"stage": stage, "root": str(root), "settings": settings})
    return folder


def chosen(on_change: OnChange) -> OnChange:
    """What params.yaml says, unless the environment (`--on-change` sets it) says otherwise."""
    said = os.environ.get("KEFU_ON_CHANGE") or on_change
    if said not in ("refuse", "restart", "resume"):
        raise KefuError(
            f"KEFU_ON_CHANGE is {said!r}",
            "environment",
            "set it to refuse, restart or resume, or leave it out",
        )
    return said  # type: ignore[return-value]


def unfinished() -> list[Unfinished]:
    found = []
    for path in sorted((home() / "checkpoints").glob(f"*/{IDENTITY}")):
        found.append(Unfinished(path.parent, **json.loads(path.read_text())))
    return found


def differences(then: dict[str, Any], now: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Settings that are not the same, each with its value then and now."""
    names = [*then, *(name for name in now if name not in then)]
    return {n: (then.get(n), now.get(n)) for n in names if then.get(n) != now.get(n)}


def _settle(other: Unfinished, folder: Path, settings: dict[str, Any], on_change: OnChange) -> None:
    progress, changed = other.progress(), differences(other.settings, settings)
    listed = "\n".join(f"  - {name}: {_short(a)} then, {_short(b)} now" for name, (a, b) in changed.items())
    if progress is None:
        print(
            f"{other.stage}: a training under other settings had no checkpoint yet, it is removed", flush=True
        )
    elif on_change == "restart":
        print(f"{other.stage}: the training at {progress} is given up, as asked for; changed are\n{listed}")
    elif on_change == "resume":
        _check_resumable(other, changed)
        print(
            f"{other.stage}: goes on at {progress} under changed settings, as asked for\n{listed}", flush=True
        )
        other.checkpoints.rename(folder / "checkpoints")
    else:
        shutil.rmtree(folder)
        raise KefuError(
            f"a training of {other.stage} stands unfinished at {progress}, under other settings\n{listed}",
            str(other.folder),
            "put the settings back to go on with it; or say what to do (training.on_change in params.yaml, "
            f"`python -m pipelines {other.stage} --on-change WHAT`, or KEFU_ON_CHANGE=WHAT before dvc): "
            "restart gives it up and begins anew, resume goes on from its checkpoint under the new settings",
        )
    shutil.rmtree(other.folder)


def _check_resumable(other: Unfinished, changed: dict[str, tuple[Any, Any]]) -> None:
    fixed = [name for name in changed if name not in RESUMABLE]
    if fixed:
        raise KefuError(
            f"the training at {other.progress()} can't go on under another {', '.join(fixed)}",
            str(other.folder),
            f"only {', '.join(sorted(RESUMABLE))} may change; put the others back, or --on-change restart",
        )


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return " ".join(word[:12] if len(word) == 64 else word for word in text.split())


def _remove_forgotten() -> None:
    for old in unfinished():
        age = (time.time() - (old.folder / IDENTITY).stat().st_mtime) / 86400
        if age > KEEP_DAYS and not Path(old.root).exists():
            print(f"{old.stage}: a training left unfinished {age:.0f} days ago is removed, its run is gone")
            shutil.rmtree(old.folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two runs of one and the same training would write into one folder: the second waits for the first."""
    home().mkdir(parents=True, exist_ok=True)
    place = int(folder.name[:15], 16)  # one byte of the file for each training
    with (home() / "trainings.lock").open("w") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except BlockingIOError:
            print("another run does the same training: waits for it to end", flush=True)
            fcntl.lockf(lock, fcntl.LOCK_EX, 1, place)
        yield


def _write(path: Path, value: Any) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1, sort_keys=True))
    partial.rename(path)
