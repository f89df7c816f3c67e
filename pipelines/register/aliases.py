"""`champion` and `previous`, moved for both models together.

The alias of the instruction model moves last: until then, doing the same again does the same. A version that
became champion remembers in its tag `replaced` which one it took the place of, so rollbacks can go on.
"""

from __future__ import annotations

from typing import Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from pipelines.errors import KefuError
from pipelines.evaluate.champion import ALIAS as CHAMPION

PREVIOUS, REPLACED, PARENT = "previous", "replaced", "parent_version"
Pairs = list[tuple[str, str]]  # (model, version): domain first, instruction last


def pair(version: dict[str, Any]) -> Pairs:
    """The two versions of a registration ({"name", "version", "domain_name", "domain_version"})."""
    return [
        (version["domain_name"], str(version["domain_version"])),
        (version["name"], str(version["version"])),
    ]


def pair_of(client: MlflowClient, name: str, number: str) -> Pairs:
    """An instruction version with the domain version it was trained on from."""
    parent = client.get_model_version(name, number).tags.get(PARENT, "")
    domain, _, domain_number = parent.rpartition("/")
    if not domain:
        raise KefuError(
            f"{name} version {number} names no parent version", "MLflow", "register its run again"
        )
    return [(domain, domain_number), (name, number)]


def number(client: MlflowClient, name: str, alias: str) -> str:
    """The version that `alias` stands on, "" where it does not exist."""
    try:
        return str(client.get_model_version_by_alias(name, alias).version)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return ""
        raise


def promote(client: MlflowClient, pairs: Pairs) -> None:
    """`pairs` becomes champion, what was it becomes previous."""
    name, chosen = pairs[-1]
    former = number(client, name, CHAMPION)
    if former != chosen:
        tag(client, name, chosen, {REPLACED: former})
        _set_previous(client, pairs, former)
    _set_champion(client, pairs)


def roll_back(client: MlflowClient, name: str, reason: str, by: str, at: str) -> tuple[str, str]:
    """Makes `previous` champion again, for both models; (version rolled back, champion now).

    The version that is taken back remembers who did it, when and why. `previous` then stands on what the new
    champion had replaced, if anything.
    """
    bad, target = number(client, name, CHAMPION), number(client, name, PREVIOUS)
    if not target or target == bad:
        raise KefuError(
            f"{name} has no version before {f'version {bad}' if bad else 'the first'} to go back to",
            "MLflow, alias previous",
            "approve another version in the DAG `promote`",
        )
    note = {"rolled_back_at": at, "rolled_back_by": by, "rollback_reason": reason}
    for model, version in pair_of(client, name, bad):
        tag(client, model, version, note)
    pairs = pair_of(client, name, target)
    _set_champion(client, pairs)
    _set_previous(client, pairs, client.get_model_version(name, target).tags.get(REPLACED, ""))
    return bad, target


def tag(client: MlflowClient, name: str, version: str, tags: dict[str, str]) -> None:
    for key, value in tags.items():
        client.set_model_version_tag(name, version, key, value)


def _set_champion(client: MlflowClient, pairs: Pairs) -> None:
    for model, version in pairs:
        client.set_registered_model_alias(model, CHAMPION, version)


def _set_previous(client: MlflowClient, pairs: Pairs, version: str) -> None:
    """`previous` of both models on `version` of the instruction model and on its parent; "": on none."""
    name = pairs[-1][0]
    if version:
        for model, found in pair_of(client, name, version):
            client.set_registered_model_alias(model, PREVIOUS, found)
        return
    for model, _ in pairs:
        if number(client, model, PREVIOUS):
            client.delete_registered_model_alias(model, PREVIOUS)
