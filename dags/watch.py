"""### Watch the landing zone

Looks every five minutes at the sources of `params.yaml` and starts `retrain` once new content lies there and
has stood still between two looks. Off until somebody unpauses it; the weekly run goes on beside it. The first
look only remembers what is there; content counts as told once its run stands in Airflow. Whether that run
trains is for `enough_news` to decide.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import TriggerRule, Variable, dag, task
from airflow.timetables.trigger import CronTriggerTimetable

REMEMBERED = "kefu_landing"


def alert(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.failed_anew(context)  # a source that is away would be told every ten minutes


@task(queue="restricted")  # raw logs may lie where only that machine reaches
def look() -> dict[str, str] | None:
    """What has arrived, and the id of the run that it shall have. Remembers in the Variable `kefu_landing`;
    without it the next look is the first."""
    import json
    from dataclasses import asdict

    from pipelines.landing.look import Landing, look
    from pipelines.params import load

    kept = Variable.get(REMEMBERED, default=None)
    found, arrived = look(load(), Landing(**json.loads(kept)) if kept else None)
    Variable.set(REMEMBERED, json.dumps(asdict(found)))
    said = "new content has arrived" if arrived else "nothing is new, or it is not yet whole"
    print(f"{len(found.now):,} files: {said}")
    return {"content": found.content, "run_id": found.run_id} if arrived else None


@task.short_circuit
def arrived(found: dict[str, str] | None) -> bool:
    return bool(found)


@task(trigger_rule=TriggerRule.NONE_FAILED)
def told(found: dict[str, str]) -> None:
    """Only now: a run that was not started is tried again at the next look."""
    import json
    from dataclasses import asdict

    from pipelines.landing.look import Landing, told

    kept = Landing(**json.loads(Variable.get(REMEMBERED)))
    Variable.set(REMEMBERED, json.dumps(asdict(told(kept, found["content"]))))


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
        "queue": "default",
        "execution_timeout": timedelta(hours=1),
        "on_failure_callback": alert,
    },
    tags=["kefu"],
)
def watch() -> None:
    found, taken = look(), take()
    start = TriggerDagRunOperator(
        task_id="retrain",
        trigger_dag_id="retrain",
        trigger_run_id="{{ ti.xcom_pull(task_ids='look')['run_id'] }}",
        skip_when_already_exists=True,  # started by an earlier try that could not say so
        conf={"train": "auto", "commit": taken},
    )
    arrived(found) >> taken >> start >> told(found)


watch()
