"""What only the calendar notices: a week without a run, a question that nobody answers, a full disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from pipelines.alerts.airflow import RUNBOOK
from pipelines.params import Params
from pipelines.retention.collect import too_full
from pipelines.servers.rest import Airflow

DAG, LANDING = "retrain", "watch"
LOOKED_AT = 50  # runs at most
REMIND_DAYS = 1.0
Found = tuple[str, str, str, str, str]  # kind, run, what, where, what to do


def watch(params: Params, tell: Callable[..., Any], now: datetime | None = None) -> list[str]:
    """Tells what it finds; returns it in words. KefuError, the disk told, where Airflow does not answer."""
    found = []
    for one in chain(disk(params), of_runs(params, now or datetime.now(UTC))):
        tell(*one)
        found.append(one[2])
    return found


def disk(params: Params) -> Iterable[Found]:
    """What `too_full` says, as alerts."""
    return [("disk", "", said, "", f"{RUNBOOK}, Disk") for said in too_full(params)]


def of_runs(params: Params, now: datetime) -> Iterable[Found]:
    """Silence, a watch that fails, waiting approvals; KefuError where Airflow does not answer."""
    airflow = Airflow()
    yield from silence(airflow, params.limits.silence_days, now)
    yield from blind(airflow)
    yield from waiting(airflow, now)


def silence(airflow: Airflow, days: float, now: datetime) -> Iterable[Found]:
    """No run of the last days has succeeded, though there were runs at all."""
    runs = airflow.runs(DAG, LOOKED_AT)
    ended = [_time(run["end_date"]) for run in runs if run["state"] == "success" and run["end_date"]]
    since = max(ended) if ended else min((_time(run["run_after"]) for run in runs), default=now)
    if _days(since, now) > days:
        paused = f" and {DAG} is paused" if airflow.dag(DAG).get("is_paused") else ""
        what = f"no run of {DAG} has succeeded since {since:%Y-%m-%d %H:%M} UTC{paused}"
        yield ("overdue", "", what, f"{airflow.url}/dags/{DAG}", f"{RUNBOOK}, Run overdue")


def blind(airflow: Airflow) -> Iterable[Found]:
    """The last look at the landing zone that is done has failed: each day, since it tells but once."""
    done = [run for run in airflow.runs(LANDING, 2) if run["state"] in ("failed", "success")]
    if done and done[0]["state"] == "failed" and not airflow.dag(LANDING).get("is_paused"):
        what = f"{LANDING} fails, so new logs start no run; the weekly one of {DAG} goes on"
        page = f"{airflow.url}/dags/{LANDING}"
        yield ("failed", done[0]["dag_run_id"], what, page, f"{RUNBOOK}, Run failed")


def waiting(airflow: Airflow, now: datetime) -> Iterable[Found]:
    """Approvals that have waited a day, told again each day."""
    for asked in airflow.pending_approvals():
        made = _time(asked["created_at"])
        if _days(made, now) >= REMIND_DAYS:
            what = f"{asked['subject']} (waiting since {made:%Y-%m-%d %H:%M} UTC)"
            page = f"{airflow.url}/required_actions"
            yield (
                "approval",
                asked["task_instance"]["dag_run_id"],
                what,
                page,
                f"{RUNBOOK}, Approval waiting",
            )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _days(then: datetime, now: datetime) -> float:
    return (now - then).total_seconds() / 86400
