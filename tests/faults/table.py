"""The table of faults: a row each, kept in the checkout as it comes, and written into docs/faults.md."""

from __future__ import annotations

import json
import os
import platform
from datetime import date
from pathlib import Path

from pipelines.home import main_checkout
from tests.conftest import ROOT

PAGE = ROOT / "docs/faults.md"
BEGIN, END = "<!-- faults: begin, written by `make faults` -->", "<!-- faults: end -->"
COLUMNS = ("what was done", "what happened", "outputs", "time lost")


def record(done, happened, outputs, lost_s=None):
    """A row: `outputs` says how they compare with an undisturbed run's; `lost_s` against its time."""
    rows = known() | {
        done: {"happened": happened, "outputs": outputs, "lost_s": lost_s, "on": str(date.today())}
    }
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(json.dumps(rows, ensure_ascii=False, indent=1))


def known():
    return json.loads(_file().read_text()) if _file().exists() else {}


def _file() -> Path:
    return main_checkout() / ".kefu/faults.json"


def table():
    lines = [f"| {' | '.join(COLUMNS)} |", "|---|---|---|---:|"]
    for done, row in known().items():
        lines.append(f"| {done} | {row['happened']} | {row['outputs']} | {shown(row['lost_s'])} |")
    return "\n".join(lines)


def shown(seconds):
    if seconds is None:
        return ""
    return f"{max(seconds, 0):.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def write_page(seed):
    days = sorted({row["on"] for row in known().values()})
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    head = f"`make faults` on {' and '.join(days)}, seed {seed}, {machine}.\n"
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{head}\n{table()}\n{END}{after}")
