"""What Airflow calls: callbacks of tasks and of the run's deadline. None of them raises."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from pipelines.alerts.message import reason
from pipelines.alerts.notify import log, notify
from pipelines.errors import KefuError

RUNBOOK = "docs/operations.md"
SHOWN_FILES = 5
ENDED = ("success", "failed")
LOOKED_AT = 20  # runs: some wait behind the one that failed, or are not done
Context = dict[str, Any]


def quietly(tell: Callable[[Context], None]) -> Callable[..., None]:
    """`tell` as a callback; what goes wrong in it is logged by kind, never raised."""

    def callback(context: Context, **_: Any) -> None:
        try:
            tell(context)
        except Exception as error:
            log.warning("the callback %s failed: %s", tell.__name__, type(error).__name__)

    return callback


@quietly
def failed(context: Context) -> None:
    """A task failed for good: which, why, and whether the brake stops the DAG."""
    ti = context["ti"]
    found = [f"task {ti.task_id} of {ti.dag_id}: {reason(context.get('exception'))}"]
    todo = [f"{RUNBOOK}, Run failed: read the log, mend it, clear the task; what is done is not redone"]
    if brakes(context.get("dag"), ti.run_id):
        found.append(f"so many runs failed in a row that {ti.dag_id} is paused")
        todo.append(f"then unpause {ti.dag_id} in Airflow")
    notify("failed", ti.run_id, "\n".join(found), str(getattr(ti, "log_url", "")), "; ".join(todo))


@quietly
def failed_anew(context: Context) -> None:
    """As `failed`, unless the DAG's run before this one has failed too: told once until a run succeeds."""
    ti = context["ti"]
    if earlier(ti.dag_id, ti.run_id) != "failed":
        failed(context)


@quietly
def overdue(context: Context) -> None:
    """The run's deadline has passed (context as Airflow gives it to a deadline's callback)."""
    run = context["dag_run"]
    run_id = str(run["dag_run_id"])
    notify(
        "overdue",
        run_id,
        f"the run of {run['dag_id']} queued at {run.get('queued_at')} is {run.get('state', 'not done')}",
        page(run["dag_id"], run_id),
        f"{RUNBOOK}, Run overdue",
    )


@quietly
def reported(context: Context) -> None:
    """The report is written: is its candidate blocked, have the questions moved?"""
    from pipelines import results

    written = results.result(context["ti"].run_id, "report")
    for kind, what, todo in findings(written):
        notify(kind, context["ti"].run_id, what, written["report_url"], todo)


@quietly
def ingested(context: Context) -> None:
    """Ingest is done: have files of a source vanished?"""
    from pipelines import workspace

    ti = context["ti"]
    if (context.get("params") or {}).get("keep_data"):  # what is there was told by the run that ingested it
        return
    metrics = json.loads((workspace.path_of(ti.run_id) / "data/metrics/ingest.json").read_text())
    for source, files in metrics["metrics"]["arrivals"].items():
        if gone := files["vanished"]:
            shown = ", ".join(list(gone)[:SHOWN_FILES]) + (" ..." if len(gone) > SHOWN_FILES else "")
            rows = f"{sum(gone.values()):,} conversations"
            what = f"{len(gone):,} files of {source} have vanished, {rows}: {shown}"
            notify("vanished", ti.run_id, what, str(getattr(ti, "log_url", "")), f"{RUNBOOK}, Files vanished")


@quietly
def waiting(context: Context) -> None:
    """A steward is about to be asked; `request` left the subject and the report's address."""
    asked = context["ti"].xcom_pull(task_ids="request") or {}
    what = str(asked.get("subject") or "a version waits for approval")
    page_ = f"{_base()}/required_actions" if _base() else str(asked.get("report_url", ""))
    notify("approval", context["ti"].run_id, what, page_, f"{RUNBOOK}, Approval waiting")


def findings(written: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    """(kind, what, what to do) of a report's result."""
    name = f"{written['name']} version {written['version']}"
    if written.get("verdict") == "NOT BLESSED":
        failing = ", ".join(written.get("blocked_by") or ()) or "see the report"
        yield "blocked", f"{name} is NOT BLESSED: {failing}", f"{RUNBOOK}, Candidate blocked"
    moved = written.get("drift") or []
    if moved:
        parts = [f"{one['by']} {one['distance']:.3f} (chance {one['by_chance']:.3f})" for one in moved]
        yield "drift", f"what customers ask has moved: {'; '.join(parts)}", f"{RUNBOOK}, Drift"


def brakes(dag: Any, run_id: str) -> bool:
    """Whether Airflow now pauses the DAG, since its latest runs by `run_after`, of any state, are this one
    and failed ones, as many as its limit; DAGs without a limit it never does."""
    limit = getattr(dag, "max_consecutive_failed_dag_runs", 0)
    latest = _runs(dag.dag_id, limit) if limit else []
    others = [run["state"] for run in latest if run["dag_run_id"] != run_id]
    return bool(limit) and others == ["failed"] * (limit - 1)


def earlier(dag_id: str, run_id: str) -> str:
    """How the run before this one ended, of those that did; "" where Airflow can't be asked."""
    runs = _runs(dag_id, LOOKED_AT)
    ids = [run["dag_run_id"] for run in runs]
    before = runs[ids.index(run_id) + 1 :] if run_id in ids else []
    return next((str(run["state"]) for run in before if run["state"] in ENDED), "")


def _runs(dag_id: str, most: int) -> list[dict[str, Any]]:
    from pipelines.servers.rest import Airflow

    try:
        return Airflow().runs(dag_id, most)
    except KefuError:  # the servers are elsewhere, or down
        return []


def page(dag_id: str, run_id: str) -> str:
    from urllib.parse import quote

    return f"{_base()}/dags/{dag_id}/runs/{quote(run_id, safe='')}" if _base() else ""


def _base() -> str:
    from pipelines.register.lineage import airflow_base

    return airflow_base()
