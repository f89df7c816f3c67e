"""What a run tells of its beginning, where it took its commit itself instead of being given one.

Such a run takes the checkout as it stands when `prepare` begins, and it may have waited for hours until then.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import yaml

from pipelines import exchange
from pipelines.errors import KefuError
from pipelines.home import main_checkout


def taken(commit: str) -> str:
    """What `told` needs, as JSON."""
    edited, left = exchange.newest_edit(commit), exchange.left_out()
    return json.dumps({"commit": commit, "at": time.time(), "edited": edited, "left": left})


def told(taken: str, due: datetime | None) -> str:
    """In words, for a run that was triggered or scheduled at `due`; "" of one that was given its commit."""
    if not taken:
        return ""
    held = json.loads(taken)
    said = f"commit {held['commit'][:12]}, taken {_minute(held['at'])}"
    said += f"; {held['left']}" if held.get("left") else ""
    if due is None or held["edited"] <= due.timestamp():
        return said
    when = f"last changed {_minute(held['edited'])}, after this run was due ({_minute(due.timestamp())})"
    return f"{said}; what it holds was {when}: that is trained as well"


def same_stages(worktree: Path, stages: list[str]) -> None:
    """KefuError where the run's commit has other stages than the DAG, whose tasks would not fit."""
    path = worktree / "dvc.yaml"
    own = list(yaml.safe_load(path.read_text())["stages"])
    if own == stages:
        return
    only = {"the commit": sorted({*own} - {*stages}), "the DAG": sorted({*stages} - {*own})}
    found = "; ".join(f"only {who} has {', '.join(names)}" for who, names in only.items() if names)
    raise KefuError(
        f"the run's commit has other stages than the DAG: {found or 'their order differs'}",
        str(path),
        f"choose a commit with the stages of {main_checkout()}/dvc.yaml, or check the run's commit out there",
    )


def _minute(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
