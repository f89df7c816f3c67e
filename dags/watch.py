"""### Watch the landing zone

Looks every five minutes at the sources of `params.yaml` and starts `retrain` once new content lies there and
has stood still between two looks. Off until somebody unpauses it; the weekly run goes on beside it. The first
look only remembers what is there. Whether a run that it starts trains is for `enough_news` to decide.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Variable, dag, task
from airflow.timetables.trigger import CronTriggerTimetable

REMEMBERED = "kefu_landing"


def alert(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.failed(context)


@task
def look() -> bool:
    """Remembers in the Variable `kefu_landing`; without it the next look is the first."""
    import json
    from dataclasses import asdict

    from pipelines.landing.look import Landing, look
    from pipelines.params import load

    kept = Variable.get(REMEMBERED, default=None)
    found, arrived = look(load(), Landing(**json.loads(kept)) if kept else None)
    Variable.set(REMEMBERED, json.dumps(asdict(found)))
    said = "new content has arrived" if arrived else "nothing is new, or it is not yet whole"
    print(f"{len(found.now):,} files: {said}")
    return arrived


@task.short_circuit
def arrived(found: bool) -> bool:
    return found


@task
def take() -> str:
    """The commit that the run starts from, however long it waits for its turn."""
    from pipelines import exchange

    return exchange.start(None)


@dag(
    dag_id="watch",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    is_paused_upon_creation=True,
    max_active_runs=1,
    default_args={
        "retries": 1,
        "execution_timeout": timedelta(hours=1),
        "on_failure_callback": alert,
    },
    tags=["kefu"],
)
def watch() -> None:
    taken = take()
    conf = {"train": "auto", "commit": taken}
    arrived(look()) >> taken >> TriggerDagRunOperator(task_id="retrain", trigger_dag_id="retrain", conf=conf)


watch()
