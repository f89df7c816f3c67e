"""The steward's decision on a version: stored on it either way, and on approval the alias moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mlflow import MlflowClient

from pipelines.errors import KefuError
from pipelines.evaluate.champion import ALIAS
from pipelines.evaluate.gate import NOT_BLESSED
from pipelines.register.tracking import connect

OPTIONS = {"Approve": "approved", "Reject": "rejected"}


def record_decision(version: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Stores who decided what, when and why on the version; `champion` moves when it is approved.

    `version` is what `report` left ({"name", "version", "domain_name", "domain_version", ...}); `answer` is
    the result of Airflow's HITLOperator. A NOT BLESSED version needs a reason to be approved, else KefuError.
    A retry stores the same again.
    """
    decision = read_answer(answer)
    client = connect()
    found = client.get_model_version(version["name"], version["version"])
    if (
        decision["decision"] == "approved"
        and found.tags.get("verdict") == NOT_BLESSED
        and not decision["reason"]
    ):
        raise KefuError(
            f"{version['name']} version {version['version']} is {NOT_BLESSED}; approving it needs a reason",
            "the field `reason` of the approval",
            "clear the task `approve` and answer again with a reason, or reject",
        )
    pairs = [(version["name"], version["version"]), (version["domain_name"], version["domain_version"])]
    for name, number in pairs:
        _store(client, name, number, decision)
    if decision["decision"] == "approved":
        for name, number in pairs:
            client.set_registered_model_alias(name, ALIAS, number)
    print(f"promote: {version['name']} version {version['version']} {decision['decision']}", flush=True)
    return {"name": version["name"], "version": version["version"], **decision}


def read_answer(answer: dict[str, Any]) -> dict[str, str]:
    """{"decision": approved | rejected, "reason", "decided_by", "decided_at"} of a HITL result."""
    chosen = answer.get("chosen_options") or []
    if len(chosen) != 1 or chosen[0] not in OPTIONS:
        raise KefuError(
            f"the answer chose {chosen or 'nothing'}", "task approve", "choose one of Approve and Reject"
        )
    user = answer.get("responded_by_user") or {}
    at = answer.get("responded_at") or datetime.now(UTC)
    return {
        "decision": OPTIONS[chosen[0]],
        "reason": str((answer.get("params_input") or {}).get("reason") or "").strip(),
        "decided_by": str(user.get("name") or user.get("id") or "unknown"),
        "decided_at": at.isoformat() if isinstance(at, datetime) else str(at),
    }


def _store(client: MlflowClient, name: str, number: str, decision: dict[str, str]) -> None:
    for key, value in decision.items():
        client.set_model_version_tag(name, number, key, value)
