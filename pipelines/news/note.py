"""A run's note in Airflow, written over REST since a task may not touch Airflow's database."""

from __future__ import annotations

from pipelines.errors import KefuError
from pipelines.servers.rest import Airflow


def leave(run_id: str, text: str) -> None:
    """Where Airflow does not take it, the task's log alone says it."""
    print(text, flush=True)
    try:
        Airflow().note("retrain", run_id, text)
    except KefuError as error:
        print(f"the run's note could not be written: {type(error).__name__}", flush=True)
