"""A run's note in Airflow, written over REST since a task may not touch Airflow's database."""

from __future__ import annotations

from pipelines.errors import KefuError
from pipelines.servers.rest import Airflow

MAX_CHARS = 1000  # Airflow's own limit


def leave(run_id: str, text: str) -> None:
    """After what the note says already. Where Airflow does not take it, the task's log alone says it."""
    print(text, flush=True)
    try:
        _add(Airflow(), run_id, text)
    except KefuError as error:
        print(f"the run's note could not be written: {type(error).__name__}", flush=True)


def _add(airflow: Airflow, run_id: str, text: str) -> None:
    before = airflow.run("retrain", run_id).get("note") or ""
    if text not in before:
        airflow.note("retrain", run_id, f"{before}\n{text}".strip()[-MAX_CHARS:])
