"""What a run's tasks leave for the DAG: a JSON file each, in the home, beside the run's report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.workspace import name_of


def result(run_id: str, step: str) -> dict[str, Any]:
    """What `enough_news`, `register` or `report` left for the DAG: ids, numbers and links, no text."""
    path = _result_file(run_id, step)
    if not path.exists():
        raise KefuError(f"{step} left no result", str(path), f"run `python -m pipelines {step}` again")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write_result(run_id: str, step: str, result: dict[str, Any]) -> Path:
    """home()/reports/<run>/<step>.json, whole or not at all."""
    path = _result_file(run_id, step)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.rename(path)
    return path


def _result_file(run_id: str, step: str) -> Path:
    return home() / "reports" / name_of(run_id) / f"{step}.json"
