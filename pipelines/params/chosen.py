"""Parameters chosen at trigger time, written into a run's own params.yaml."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import yaml

from pipelines.errors import KefuError
from pipelines.params import PROFILE_SECTIONS, load


def write_overrides(path: Path, overrides: dict[str, Any]) -> None:
    """Parameters chosen at trigger time; KefuError with every fault where the outcome cannot be.

    The file stays byte for byte where they are what it says: the run is then the branch's own (published.py).
    Another base brings its own licence and revision, never those of the base it replaces. `set` holds
    other parameters, a line each (tune.epochs=2).
    """
    from ruamel.yaml import YAML

    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    text = path.read_text()
    document = editor.load(text)
    if overrides.get("profile"):
        document["profile"] = overrides["profile"]
    for day in ("since", "until"):
        if overrides.get(day):
            document["ingest"][day] = overrides[day]
    if overrides.get("base"):
        model = document["profiles"][document["profile"]].setdefault("model", {})
        model.update({name: overrides.get(name) for name in ("base", "license", "revision")})
    for line in (overrides.get("set") or "").splitlines():
        if line.strip():
            _put(document, *named(line))
    written = StringIO()
    editor.dump(document, written)
    if yaml.safe_load(written.getvalue()) != yaml.safe_load(text):
        path.write_text(written.getvalue())
    load(path)


def named(line: str) -> tuple[str, Any]:
    """(dotted name, value) of NAME=VALUE; the value as YAML reads it."""
    name, found, value = (part.strip() for part in line.partition("="))
    try:
        return (name, yaml.safe_load(value)) if name and found else _not_named(line)
    except yaml.YAMLError:
        return _not_named(line)


def _not_named(line: str) -> NoReturn:
    raise KefuError(f"{line.strip()!r} is not NAME=VALUE", "set", "write a line each, such as tune.epochs=2")


def _put(document: dict[str, Any], name: str, value: Any) -> None:
    """One parameter, in the profile if a profile may hold it, since that is laid over the rest."""
    *sections, last = name.split(".")
    in_profile = bool(sections) and sections[0] in PROFILE_SECTIONS
    place = document["profiles"][document["profile"]] if in_profile else document
    for section in sections:
        place = place.setdefault(section, {})
        if not isinstance(place, dict):
            raise KefuError(f"{section} holds no parameters", f"set: {name}", "see the names in params.yaml")
    place[last] = value
