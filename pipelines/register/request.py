"""What the steward is asked: subject and body of Airflow's approval, as things stand at this moment."""

from __future__ import annotations

from typing import Any

from pipelines.register import aliases
from pipelines.register.promote import objections
from pipelines.register.tracking import connect


def request(version: dict[str, Any]) -> dict[str, Any]:
    """{"version", "subject", "body"} for what `report` left of a version; the body is Markdown.

    Says first what an approval needs a reason for: the verdict, and a champion that has changed since the
    evaluation.
    """
    client = connect()
    name, number = version["name"], str(version["version"])
    against = objections(client, client.get_model_version(name, number))
    champion = aliases.number(client, name, aliases.CHAMPION)
    lines = [f"⚠ Approving needs a reason: {one}." for one in against]
    lines += [f"Champion now: {f'version {champion}' if champion else 'none'}.", "", version["summary"]]
    return {
        "version": version,
        "subject": f"Promote {name} version {number}?",
        "body": "\n".join(line if not line.startswith("⚠") else f"{line}\n" for line in lines),
    }
