"""### Promote an adapter

Started once for each newly registered version that has its report: every version is a partition of the asset
`adapter`, so two that arrive together are two runs and two requests. A steward reads the report that the
request links to and approves or rejects; on approval the alias `champion` moves to the version and the former
champion becomes `previous`. Who decided, when and why is kept on the version either way. A version that was
not compared with today's champion, or is NOT BLESSED, is only approved with a reason.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, Param, PartitionedAssetTimetable, dag, get_current_context, task

ADAPTER = Asset(name="adapter", uri="kefu://adapter")
ASKED = "ti.xcom_pull(task_ids='request')"


class Approval(HITLOperator):
    """Seals the answer, so that the task after it can tell it from one that was written over REST."""

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        from pipelines.register.promote import seal

        answer = dict(super().execute_complete(context, event))
        asked = context["ti"].xcom_pull(task_ids="request")["version"]
        return {**answer, "seal": seal(answer, asked, context["run_id"])}


def alert(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.failed(context)


def tell_waiting(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.waiting(context)


@task(
    retries=3,
    retry_delay=timedelta(seconds=20),
    execution_timeout=timedelta(minutes=30),
    on_success_callback=tell_waiting,
)
def request() -> dict[str, Any]:
    """What to ask, as the registry stands now."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipelines.register.request import request as ask

    events = [event for found in get_current_context()["triggering_asset_events"].values() for event in found]
    if not events:
        raise AirflowFailException("no version was named: `retrain` starts this DAG, not a person")
    return ask(events[-1].extra)


@task(
    retries=3,
    retry_delay=timedelta(seconds=20),
    max_active_tis_per_dag=1,
    execution_timeout=timedelta(minutes=30),
)
def decide() -> dict[str, Any]:
    """Moves the aliases on approval, stores the decision either way; one at a time, again after a kill."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipelines.errors import KefuError, UnavailableError
    from pipelines.register.promote import record_decision, unsealed

    context = get_current_context()
    version = context["ti"].xcom_pull(task_ids="request")["version"]
    answer = context["ti"].xcom_pull(task_ids="approve")
    try:
        return record_decision(version, unsealed(answer or {}, version, context["run_id"]))
    except UnavailableError:
        raise
    except KefuError as error:
        raise AirflowFailException(str(error)) from None


@dag(
    dag_id="promote",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=ADAPTER),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=100,
    default_args={"queue": "default", "on_failure_callback": alert},
    tags=["kefu"],
)
def promote() -> None:
    from pipelines.servers.environment import stewards
    from pipelines.servers.links import REPORT

    approve = Approval(
        task_id="approve",
        options=["Approve", "Reject"],
        subject="{{ " + ASKED + "['subject'] }}",
        body="{{ " + ASKED + "['body'] }}",
        params={
            "reason": Param(
                "", type="string", title="Reason 理由", description="kept on the version 保存在该版本上"
            )
        },
        assigned_users=[{"id": user, "name": user} for user in stewards()],
        retries=3,  # Airflow fails a task that is answered within seconds; it then asks again
        retry_delay=timedelta(seconds=5),
    )
    asked = request()
    asked.operator.operator_extra_links = [REPORT]
    asked >> approve >> decide()


promote()
