"""Reads `pii.yaml`, the steward's file, into a `Policy`; every fault in one error, its examples checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import KefuError
from pipelines.knowledge.reading import read_text, read_yaml, refusal
from pipelines.mask import pii_checks as checks
from pipelines.mask.labels import LABELS
from pipelines.mask.pii_checks import Faults
from pipelines.mask.pii_entries import Deny, Pattern, Type
from pipelines.mask.policy import Denied, OwnPattern, Policy
from pipelines.params.sections import Mask

NAME = "pii.yaml"
SECTIONS: dict[str, type] = {"types": dict, "allow": list, "deny": list, "patterns": list}


def load_policy(knowledge: Path, mask: Mask, say: Callable[[str], None] | None = None) -> Policy:
    """`pii.yaml` of the folder `knowledge`, with `mask` of params.yaml; KefuError lists all faults.

    Without the file every type is masked and the lists are empty; `say` is told so in one line.
    """
    path = knowledge / NAME
    if path.exists():
        policy = read_policy(path, mask.score_threshold)
    else:
        policy = Policy(mask.score_threshold)
        if say:
            say(f"there is no {path}: every type is masked, and nothing is on a list")
    unknown = sorted(set(mask.keep_types) - set(policy.labels))
    if unknown:
        raise KefuError(
            f"mask.keep_types names unknown types: {', '.join(unknown)}",
            "params.yaml",
            f"known are {', '.join(policy.labels)}",
        )
    return replace(policy.keeping(mask.keep_types), surrogates=mask.replace == "surrogates")


def read_policy(path: Path, threshold: float) -> Policy:
    """The file alone; `threshold` counts for types without one of their own."""
    text = read_text(path)
    try:
        if yaml.safe_load(text) is None:  # only comments
            return Policy(threshold)
    except yaml.YAMLError:
        pass  # told with its line below
    value, node = read_yaml(path)
    faults = Faults(node)
    checks.repeated_keys(node, faults)
    policy = _policy(_sections(value, faults), threshold, faults)
    if faults.found:
        raise refusal(path, faults.found)
    return policy


def _sections(value: dict[str, Any], faults: Faults) -> dict[str, Any]:
    """Each section, empty where it is missing or of the wrong kind."""
    for name in value:
        if name not in SECTIONS:
            faults.add((name,), f"there is no such section; the sections are {', '.join(SECTIONS)}")
    sections = {}
    for name, kind in SECTIONS.items():
        found = value.get(name)
        if found is not None and not isinstance(found, kind):
            faults.add((name,), "is not a list" if kind is list else "is not a list of `TYPE: {mask: ...}`")
        sections[name] = found if isinstance(found, kind) else kind()
    return sections


def _policy(sections: dict[str, Any], threshold: float, faults: Faults) -> Policy:
    patterns = {
        number: entry
        for number, raw in enumerate(sections["patterns"])
        if (entry := faults.parse(Pattern, raw, ("patterns", number)))
    }
    own = checks.own_labels(patterns, faults)
    raw_types = (raw.get("type") for raw in sections["patterns"] if isinstance(raw, dict))
    known = [*LABELS, *(name for name in raw_types if isinstance(name, str))]
    types = {
        name: decided
        for name, raw in sections["types"].items()
        if checks.known_type(name, known, ("types", name), faults)
        and (decided := faults.parse(Type, raw, ("types", name)))
    }
    allow = checks.allow_list(sections["allow"], faults)
    deny = _deny(sections["deny"], known, allow, faults)
    policy = Policy(
        threshold=threshold,
        thresholds=tuple((n, t.threshold) for n, t in sorted(types.items()) if t.threshold is not None),
        kept=frozenset(name for name, decided in types.items() if not decided.mask),
        allow=tuple(allow),
        deny=tuple(deny),
        patterns=tuple(_own(entry) for entry in patterns.values()),
        own_labels=tuple(sorted(own.items())),
    )
    for number, entry in patterns.items():
        where = ("patterns", number)
        checks.pattern(_own(entry), entry.examples, policy.threshold_of(entry.type), where, faults)
    return policy


def _deny(raw: list[Any], known: list[str], allow: list[str], faults: Faults) -> list[Denied]:
    entries = {
        number: entry
        for number, one in enumerate(raw)
        if (entry := faults.parse(Deny, one, ("deny", number)))
        and checks.known_type(entry.type, known, ("deny", number, "type"), faults)
    }
    fit = checks.deny_list({number: entry.text for number, entry in entries.items()}, allow, faults)
    return [Denied(entries[number].text, entries[number].type) for number in fit]


def _own(entry: Pattern) -> OwnPattern:
    return OwnPattern(
        entry.name,
        entry.type,
        entry.pattern,
        entry.score,
        tuple(word for word in entry.near if word.strip()),
        entry.near_before,
        entry.near_after,
    )
