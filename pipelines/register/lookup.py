"""A registered version by what people call it."""

from __future__ import annotations

import re

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from pipelines.errors import KefuError

FORM = re.compile(r"(?:models:/)?(?:(?P<name>[^/@\s]+)[/@])?(?P<which>[^/@\s]+)")


def resolve(client: MlflowClient, asked: str, default_name: str) -> ModelVersion:
    """The version that `asked` means: 3, champion, NAME/3, NAME@champion, or these with models:/ before.

    Without a name it is the model `default_name`. A KefuError says what there is.
    """
    parts = FORM.fullmatch(asked.strip())
    if not parts:
        raise KefuError(
            f"{asked!r} names no version", "the command line", "give a number, an alias or a models:/ URI"
        )
    name, which = parts["name"] or default_name, parts["which"]
    try:
        if which.isdigit():
            return client.get_model_version(name, which)
        return client.get_model_version_by_alias(name, which)
    except MlflowException:
        raise KefuError(f"{name} has no version {which!r}", "MLflow", there_is(client, name)) from None


def there_is(client: MlflowClient, name: str) -> str:
    """The versions and aliases of `name` in words."""
    try:
        aliases = client.get_registered_model(name).aliases
        numbers = sorted(int(v.version) for v in client.search_model_versions(f"name='{name}'"))
    except MlflowException:
        known = ", ".join(sorted(model.name for model in client.search_registered_models()))
        return f"the registered models are: {known or 'none yet, run `make demo`'}"
    named = ", ".join(f"{alias} is {number}" for alias, number in sorted(aliases.items()))
    return f"choose among {', '.join(map(str, numbers)) or 'none'}" + (f"; {named}" if named else "")
