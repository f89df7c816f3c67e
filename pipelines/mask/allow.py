"""The allow list: public numbers and names of the house, which stay as they are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from pipelines.errors import KefuError
from pipelines.mask.normalise import value_key

PATH = Path(__file__).with_name("allow.yaml")


@lru_cache
def load_allowed(path: Path = PATH) -> frozenset[str]:
    """The allowed values as keys (`value_key`); KefuError if the file is not a list of texts."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise KefuError(
            "the allow list cannot be read", str(path), "a YAML list of texts is expected"
        ) from None
    if not isinstance(values, list) or not all(
        isinstance(value, str) and value_key(value) for value in values
    ):
        raise KefuError(
            "the allow list is not a list of texts", str(path), "quote numbers, remove empty entries"
        )
    return frozenset(value_key(value) for value in values)


def is_allowed(value: str) -> bool:
    return value_key(value) in load_allowed()
