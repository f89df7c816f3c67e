"""The steward's decision on a version: stored on it either way, and on approval the aliases move."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion

from pipelines.errors import KefuError
from pipelines.evaluate.gate import NOT_BLESSED
from pipelines.fingerprint import canonical
from pipelines.home import key
from pipelines.register import aliases
from pipelines.register.signing import KEY
from pipelines.register.tracking import PATIENCE_S, connect
from pipelines.servers.environment import stewards

OPTIONS = {"Approve": "approved", "Reject": "rejected"}
SAYS = {
    "blocked": {"en": f"it is {NOT_BLESSED}", "zh": f"该版本为 {NOT_BLESSED}（未通过）"},
    "changed": {
        "en": "the champion has changed since its evaluation (then {then}, now {now}), "
        "so it was not compared with it",
        "zh": "评测之后现任版本已更换（当时：{then}，现在：{now}），该版本未与它比较过",
    },
    "version": {"en": "version {n}", "zh": "版本 {n}"},
    "none": {"en": "none", "zh": "无"},
}
ANSWER = ("chosen_options", "params_input", "responded_at", "responded_by_user")


def record_decision(version: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Stores who decided what, when and why on the version; `champion` moves when it is approved.

    `version` is what `report` left ({"name", "version", "domain_name", "domain_version", ...}); `answer` is
    the result of Airflow's HITLOperator. Approving what `objections` speaks against needs a reason, else
    KefuError. A retry stores the same again; where another version became champion between the two, what
    the first had stored is taken back.
    """
    decision = read_answer(answer)
    client, pairs = connect(PATIENCE_S), aliases.pair(version)
    found = client.get_model_version(version["name"], version["version"])
    against = objections(client, found)
    if decision["decision"] == "approved" and against and not decision["reason"]:
        _take_back(client, pairs, decision)
        raise KefuError(
            f"{found.name} version {found.version}: approving it needs a reason, since {'; '.join(against)}",
            "the field `reason` of the approval",
            "clear the task `request` and answer again with a reason, or retrain against today's champion",
        )
    if decision["decision"] == "approved" and against:
        decision["approved_despite"] = "; ".join(against)
    for name, number in pairs:
        aliases.tag(client, name, number, decision)
    if decision["decision"] == "approved":
        aliases.promote(client, pairs)
    print(f"promote: {found.name} version {found.version} {decision['decision']}", flush=True)
    return {"name": version["name"], "version": version["version"], **decision}


def _take_back(client: MlflowClient, pairs: aliases.Pairs, decision: dict[str, str]) -> None:
    """What a try that was killed before any alias moved has stored of this very decision, known by
    `decided_at`, which is therefore stored first and goes last."""
    if aliases.REPLACED in client.get_model_version(*pairs[-1]).tags:
        return
    for name, number in pairs:
        tags = client.get_model_version(name, number).tags
        if tags.get("decided_at") == decision["decided_at"]:
            for key in [key for key in reversed(decision) if key in tags]:
                client.delete_model_version_tag(name, number, key)


def objections(client: MlflowClient, version: ModelVersion, language: str = "en") -> list[str]:
    """What speaks against approving `version`: its verdict, or a champion it was not compared with."""
    found = [SAYS["blocked"][language]] if version.tags.get("verdict") == NOT_BLESSED else []
    champion = aliases.number(client, version.name, aliases.CHAMPION)
    compared = version.tags.get("compared_with", "")
    if champion not in (compared, str(version.version)):
        then, now = (
            SAYS["version"][language].format(n=n) if n else SAYS["none"][language]
            for n in (compared, champion)
        )
        found.append(SAYS["changed"][language].format(then=then, now=now))
    return found


def read_answer(answer: dict[str, Any]) -> dict[str, str]:
    """{"decided_at", "decision": approved | rejected, "reason", "decided_by"} of a HITL result.

    KefuError where it is unclear, or not a steward's.
    """
    chosen = answer.get("chosen_options") or []
    if len(chosen) != 1 or chosen[0] not in OPTIONS:
        raise KefuError(
            f"the answer chose {chosen or 'nothing'}", "task approve", "choose one of Approve and Reject"
        )
    user = str((answer.get("responded_by_user") or {}).get("id") or "nobody")
    if user not in stewards():
        raise KefuError(f"{user} is not a steward", "task approve", f"one of {', '.join(stewards())} decides")
    at = answer.get("responded_at") or datetime.now(UTC)
    return {
        "decided_at": at.isoformat() if isinstance(at, datetime) else str(at),
        "decision": OPTIONS[chosen[0]],
        "reason": str((answer.get("params_input") or {}).get("reason") or "").strip(),
        "decided_by": user,
    }


def seal(answer: dict[str, Any], version: dict[str, Any], run_id: str) -> str:
    """An HMAC over the answer as Airflow gave it, for this version in this DAG run.

    Whoever may write XComs over REST can so not write a decision, nor move one to another request.
    """
    held = {name: answer.get(name) for name in ANSWER}
    at = held["responded_at"]
    held["responded_at"] = at.timestamp() if isinstance(at, datetime) else at
    about = [version["name"], str(version["version"]), run_id]
    return hmac.new(key(KEY), b"decision" + canonical([held, about]), "sha256").hexdigest()


def unsealed(answer: dict[str, Any], version: dict[str, Any], run_id: str) -> dict[str, Any]:
    """`answer` if its seal holds, else KefuError."""
    if not hmac.compare_digest(seal(answer, version, run_id), str(answer.get("seal", ""))):
        raise KefuError(
            "this answer is not the one that was given to Airflow",
            "XCom of the task approve",
            "clear the task `request`: the steward is asked again",
        )
    return answer
