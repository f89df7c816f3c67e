"""`make report`: the newest run's page, named and opened."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.home import home

RESULT, PAGE = "report.json", "report.html"


def newest() -> Path:
    """The folder of the report that was written last; KefuError where there is none yet."""
    written = sorted((home() / "reports").glob(f"*/{RESULT}"), key=lambda path: path.stat().st_mtime)
    if not written:
        raise KefuError("there is no report yet", str(home() / "reports"), "`make demo` makes the first")
    return written[-1].parent


def show() -> list[str]:
    """Opens the newest page where there is a browser; returns what to print: verdict, file and addresses."""
    folder = newest()
    told = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    page = folder / PAGE
    if has_screen():
        webbrowser.open(page.as_uri())
    return [
        f"{told['name']} version {told['version']}: {told['verdict']} (run {told['dag_run_id']})",
        f"  the page: {page}",
        f"  in MLflow: {told['report_url']} (while `make up` runs)",
        f"  all links of the run: {told['mlflow_run_url']}",
    ]


def has_screen() -> bool:
    """Whether a window can open here; a browser in the terminal is not meant."""
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
