"""What the terminal shows of a run: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

MARKS = {"success": "[green]✔[/green]", "failed": "[red]✘[/red]", "running": "[yellow]●[/yellow]"}


class Board:
    """Keeps the latest state of every task; use as a context manager."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.live = Live(console=console, refresh_per_second=2) if console.is_terminal else None
        self.seen: dict[str, str] = {}
        self.said = ""

    def __enter__(self) -> Board:
        if self.live:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def show(self, tasks: list[dict[str, Any]], line: str) -> None:
        tasks = sorted(tasks, key=lambda task: task.get("start_date") or "9999")
        if self.live:
            self.live.update(_table(tasks, line))
            return
        for task in tasks:
            if task["state"] and self.seen.get(task["task_id"]) != task["state"]:
                self.seen[task["task_id"]] = task["state"]
                self.console.print(
                    f"{task['task_id']}: {task['state']} {seconds(task):.0f} s", highlight=False
                )
        if line and line != self.said and _is_progress(line):
            self.said = line
            self.console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def seconds(task: dict[str, Any]) -> float:
    """Seconds a task ran, or has been running."""
    if not task.get("start_date"):
        return 0.0
    end = datetime.fromisoformat(task["end_date"]) if task.get("end_date") else datetime.now(UTC)
    return (end - datetime.fromisoformat(task["start_date"])).total_seconds()


def closing_table(stages: list[dict[str, Any]]) -> Table:
    """stage, seconds, rows in, rows out."""
    table = Table("stage", "seconds", "rows in", "rows out", title="What the run did")
    for column in table.columns[1:]:
        column.justify = "right"
    for stage in stages:
        rows = (f"{stage['rows_in']:,}", f"{stage['rows_out']:,}")
        table.add_row(stage["stage"], f"{stage['seconds']:.1f}", *rows)
    total = sum(stage["seconds"] for stage in stages)
    table.add_row("sum", f"{total:.1f}", "", "", style="bold")
    return table


def _table(tasks: list[dict[str, Any]], line: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for task in tasks:
        started = task.get("start_date") is not None
        shown = f"{seconds(task):6.0f} s" if started else ""
        tail = line[:90] if task["state"] == "running" else ""
        table.add_row(MARKS.get(task["state"] or "", "·"), task["task_id"], shown, tail)
    return table


def _is_progress(line: str) -> bool:
    return "/s" in line and " left" in line
