"""### Housekeeping

Once a day: tells what only the calendar notices (a week without a successful run, an approval that waits, a
disk that fills), and removes what no registered version and no young run needs, on one machine of each queue.
A version that a steward rejected needs its data for `rejected_days` only, if it is none of the newest.
`limits`, `alerts` and `retention` in `params.yaml` say how much of each; `python -m pipelines collect
--dry-run` shows what goes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.trigger import CronTriggerTimetable


def alert(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.failed(context)


@task
def watch() -> list[str]:
    from pipelines.alerts import watch
    from pipelines.alerts.notify import notify
    from pipelines.params import load

    return watch.watch(load(), notify)


@task
def collect() -> None:
    from pipelines.params import load
    from pipelines.retention import collect

    print("\n".join(collect.lines(collect.collect(load(), dry=False))))


@dag(
    dag_id="housekeeping",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 5 * * *", timezone="Asia/Shanghai"),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "queue": "default",
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=2),
        "on_failure_callback": alert,
    },
    tags=["kefu"],
)
def housekeeping() -> None:
    watch()
    collect()
    collect.override(task_id="collect_restricted", queue="restricted")()


housekeeping()
