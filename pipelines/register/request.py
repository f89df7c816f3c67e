"""What the steward is asked: subject and body of Airflow's approval, as things stand at this moment."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mlflow import MlflowClient

from pipelines.register import aliases
from pipelines.register.promote import objections
from pipelines.register.tracking import connect


def request(version: dict[str, Any]) -> dict[str, Any]:
    """{"version", "subject", "body", "report_url"} for what `report` left of a version; the body is Markdown.

    Verdict and link come first, then what each answer does, and what an approval needs a reason for: the
    verdict, and a champion that has changed since the evaluation.
    """
    client = connect()
    name, number = version["name"], str(version["version"])
    found = client.get_model_version(name, number)
    against = objections(client, found)
    champion = aliases.number(client, name, aliases.CHAMPION)
    head, _, rest = version["summary"].partition("\n\n")
    parts = [
        head,
        *(f"⚠ Approving needs a reason: {one}." for one in against),
        _choices(number, champion),
        rest,
        *(f"[{text}]({url})" for text, url in _compared(client, version, champion)),
    ]
    return {
        "version": version,
        "subject": f"Promote {name} version {number}? {found.tags.get('verdict', '')}".strip(),
        "body": "\n\n".join(part for part in parts if part),
        "report_url": version.get("report_url", ""),
    }


def _choices(number: str, champion: str) -> str:
    """What Approve and Reject do."""
    if champion == number:
        return f"Champion now: version {number}, this very version; neither answer changes it."
    now = f"version {champion}" if champion else "none"
    former = f", version {champion} becomes `previous`" if champion else ""
    return (
        f"Champion now: {now}. **Approve**: version {number} becomes `champion`{former}. "
        "**Reject**: nothing changes. Your reason is kept on the version either way."
    )


def _compared(client: MlflowClient, version: dict[str, Any], champion: str) -> list[tuple[str, str]]:
    """The page of MLflow that holds this run beside the champion's, where there is another champion."""
    if not champion or champion == str(version["version"]):
        return []
    other = client.get_model_version(version["name"], champion).tags.get("mlflow_parent_run")
    if not other or "run_id" not in version:
        return []
    runs = quote(f'["{version["run_id"]}","{other}"]')
    experiments = quote(f'["{version["experiment_id"]}"]')
    page = f"{version['mlflow_url']}/#/compare-runs?runs={runs}&experiments={experiments}"
    return [(f"Compare with version {champion} in MLflow", page)]
