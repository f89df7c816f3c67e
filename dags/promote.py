"""### Promote an adapter

Started when a newly registered version has its report. A steward reads the report that the request links to
and approves or rejects; on approval the alias `champion` moves to the version. Who decided, when and why is
kept on the version either way.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, Param, dag, get_current_context, task

ADAPTER = Asset(name="adapter", uri="kefu://adapter")
VERSION = "(triggering_asset_events.values() | first | last).extra"


@task
def decide() -> dict[str, Any]:
    """Moves the alias on approval, stores the decision either way."""
    from pipelines.register.promote import record_decision

    context = get_current_context()
    answer = context["ti"].xcom_pull(task_ids="approve")
    events = next(iter(context["triggering_asset_events"].values()))
    return record_decision(events[-1].extra, answer)


@dag(
    dag_id="promote",
    doc_md=__doc__,
    schedule=[ADAPTER],
    catchup=False,
    is_paused_upon_creation=False,
    tags=["kefu"],
)
def promote() -> None:
    approve = HITLOperator(
        task_id="approve",
        options=["Approve", "Reject"],
        subject="Promote {{ " + VERSION + "['name'] }} version {{ " + VERSION + "['version'] }}?",
        body="{{ " + VERSION + "['summary'] }}",
        params={"reason": Param("", type="string", description="why; kept on the version")},
        assigned_users=[{"id": "steward", "name": "steward"}],
    )
    approve >> decide()


promote()
