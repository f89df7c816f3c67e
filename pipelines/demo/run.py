"""Starts the servers, triggers `retrain` over REST, shows its tasks live, ends with what came of it."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console

from pipelines import exchange, results, steps, workspace
from pipelines.demo.show import Board, closing_table
from pipelines.errors import KefuError, UnavailableError
from pipelines.home import home
from pipelines.servers import control
from pipelines.servers.cluster import settings
from pipelines.servers.rest import Airflow

POLL_S = 2.0
SILENT_S = 180
DAG = "retrain"
ENDED = ("success", "failed")


def demo(conf: dict[str, Any]) -> int:
    """One run of `retrain` with these Params; 0 on success, else 1 and the failing task's last lines."""
    console = Console()
    console.print("starting Airflow and MLflow ...")
    control.up()
    airflow = Airflow()
    known(airflow)
    settings.reach()
    run_id = airflow.trigger(DAG, {"commit": exchange.offer(), **conf})
    console.print(f"run [bold]{run_id}[/bold]  {airflow.url}/dags/{DAG}/runs/{run_id}", soft_wrap=True)
    try:
        state = watch(airflow, run_id, console)
    except KeyboardInterrupt:
        console.print("\nno longer watching; the run goes on, `make down` ends it and the servers")
        return 130
    if state != "success":
        show_failure(airflow, run_id, console)
        return 1
    show_result(run_id, airflow, console)
    return 0


def watch(airflow: Airflow, run_id: str, console: Console) -> str:
    """Shows the tasks until the run has ended; returns its state. Rides out a slow server."""
    silent_since: float | None = None
    with Board(console) as board:
        while True:
            try:
                state, silent_since = _show(airflow, run_id, board), None
            except UnavailableError:
                silent_since = silent_since or time.monotonic()
                _still_there(time.monotonic() - silent_since)
                state = ""
            if state in ENDED:
                return state
            time.sleep(POLL_S)


def _show(airflow: Airflow, run_id: str, board: Board) -> str:
    state = str(airflow.run(DAG, run_id)["state"])
    tasks = airflow.tasks(DAG, run_id)
    running = next((task for task in tasks if task["state"] == "running"), None)
    board.show(tasks, _last_line(airflow, run_id, running))
    _still_there(0)
    return state


def _still_there(silent_s: float) -> None:
    dead = [name for name, state, _ in control.status() if state != "running"]
    if dead or silent_s > SILENT_S:
        what = f"{', '.join(dead)} died" if dead else f"Airflow has not answered for {silent_s:.0f} s"
        raise KefuError(what, str(home() / "logs"), "`make down`, read the logs, then `make demo` again")


def show_failure(airflow: Airflow, run_id: str, console: Console) -> None:
    for task in airflow.tasks(DAG, run_id):
        if task["state"] == "failed":
            console.print(f"\n[bold red]{task['task_id']} failed[/bold red], its last lines:")
            lines = airflow.log(DAG, run_id, task["task_id"], task["try_number"])
            console.print(
                "\n".join(lines[-steps.TAIL_LINES :]), markup=False, highlight=False, soft_wrap=True
            )
    console.print(
        "\nmend it, then clear the task in Airflow, or run `make demo` again: what is done is not redone"
    )


def show_result(run_id: str, airflow: Airflow, console: Console) -> None:
    if settings.reach():  # a worker has it, and Airflow what it returned
        results.write_result(run_id, "report", airflow.returned(DAG, run_id, "report"))
    report = results.result(run_id, "report")
    console.print(closing_table(report["stages"]))
    console.print(f"[bold]{report['name']} version {report['version']}[/bold]: {report['verdict']}")
    for name, value in report["key_figures"].items():
        console.print(f"  {name}: {value}", highlight=False)
    page = home() / "reports" / workspace.name_of(run_id) / "report.html"
    links = {
        "report": report["report_url"],
        **({"the same page as a file": page} if page.exists() else {}),
        "model in MLflow": report["version_url"],
        "run in Airflow": f"{airflow.url}/dags/{DAG}/runs/{run_id}",
        "approve or reject (as steward)": f"{airflow.url}/required_actions",
        "logins": home() / "airflow/passwords.json",
    }
    for name, link in links.items():
        console.print(f"  {name}: {link}", soft_wrap=True, highlight=False)
    console.print("the servers stay up so that the links open; `make down` ends them")


def known(airflow: Airflow, wait_s: float = 120) -> None:
    """Until the DAG processor has read the DAG file."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            airflow._call("GET", f"dags/{DAG}")
            return
        except KefuError:
            if time.monotonic() > deadline:
                log = home() / "logs/dag-processor.log"
                raise KefuError(f"Airflow did not read the DAG {DAG} in {wait_s:.0f} s", str(log)) from None
            time.sleep(1)


def _last_line(airflow: Airflow, run_id: str, task: dict[str, Any] | None) -> str:
    if not task:
        return ""
    try:
        lines = airflow.log(DAG, run_id, task["task_id"], task["try_number"])
    except KefuError:
        return ""
    return next((line for line in reversed(lines) if line.strip() and not line.startswith("::")), "")
