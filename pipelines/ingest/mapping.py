"""A source's mapping, checked once, and the values it picks out of a row.

`columns` says `ours: theirs`. Theirs may be a dotted path into nested objects (`user.id`), or a constant
(`"=customer"`). Without `columns`, theirs have our names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.errors import KefuError
from pipelines.ingest.values import Unreadable, string
from pipelines.params.sections import Source
from pipelines.records import ROLES

ABOUT = ("conversation_id", "customer_id", "channel", "language", "intent", "resolved", "satisfaction")
INSIDE = {"role": "role", "text": "content", "sent_at": "sent_at"}  # keys of a message, shape conversations
REQUIRED: dict[str, tuple[str, ...]] = {
    "messages": ("conversation_id", "role", "text"),
    "conversations": ("messages",),
    "qa": ("question", "answer"),
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "messages": (*ABOUT[1:], "sent_at"),
    "conversations": (*ABOUT, "role", "text", "sent_at", "started_at"),
    "qa": (*ABOUT, "sent_at"),
}


@dataclass(frozen=True)
class Mapping:
    """Where each of our columns is found in a row of one source."""

    source: Source
    columns: dict[str, str]  # ours: theirs, constants left out
    constants: dict[str, str]
    roles: dict[str, str]  # their value in lower case: ours
    inside: dict[str, str]  # role, text, sent_at: key inside a message (shape conversations)

    def value(self, row: dict[str, Any], name: str) -> Any:
        """The value of our column `name`, None where the row has none."""
        theirs = self.columns.get(name)
        if theirs is None:
            return self.constants.get(name)
        return row[theirs] if theirs in row else _nested(row, theirs)

    def string(self, row: dict[str, Any], name: str) -> str:
        return string(self.value(row, name))

    def role(self, value: Any) -> str:
        role = self.roles.get(string(value).lower())
        if role is None:
            raise Unreadable("unknown_role")
        return role

    @property
    def wanted(self) -> set[str]:
        """The columns of the file that the mapping reads."""
        return {*self.columns.values(), *(theirs.split(".")[0] for theirs in self.columns.values())}

    @property
    def expected(self) -> set[str]:
        """Our columns that the log must have: all that are mapped, or else what the shape needs."""
        needed = set(self.columns) if self.source.columns else set(REQUIRED[self.source.shape])
        return needed & set(self.columns)

    def check_header(self, header: list[str], where: str) -> None:
        """KefuError if an expected column is not in `header`."""
        theirs = {name: self.columns[name] for name in sorted(self.expected)}
        missing = [
            name for name in theirs.values() if name not in header and name.split(".")[0] not in header
        ]
        if missing:
            raise missing_columns(missing, where, header)


def mapping_of(source: Source) -> Mapping:
    """The mapping of `source`; one KefuError lists every fault of it."""
    faults = _faults(source)
    if faults:
        raise KefuError(
            f"{len(faults)} fault(s) in the mapping\n" + "\n".join(f"  - {fault}" for fault in faults),
            f"params.yaml, sources, {source.name}",
            "docs/sources.md says how to map a log",
        )
    nested = source.shape == "conversations"
    names = (*REQUIRED[source.shape], *OPTIONAL[source.shape])
    given = source.columns or {name: name for name in names if not (nested and name in INSIDE)}
    inside = {name: given.get(name, key) for name, key in INSIDE.items()} if nested else {}
    outer = {name: theirs for name, theirs in given.items() if name not in inside}
    return Mapping(
        source,
        columns={name: theirs for name, theirs in outer.items() if not theirs.startswith("=")},
        constants={name: theirs[1:] for name, theirs in outer.items() if theirs.startswith("=")},
        roles=_roles(source),
        inside=inside,
    )


def _roles(source: Source) -> dict[str, str]:
    named = {value.strip().lower(): ours for ours, values in source.roles.items() for value in values}
    return {role: role for role in ROLES} | named


def _faults(source: Source) -> list[str]:
    required, optional = REQUIRED[source.shape], OPTIONAL[source.shape]
    known = {*required, *optional}
    faults = [
        f"columns.{name}: the shape {source.shape} has no such column (it has {', '.join(sorted(known))})"
        for name in source.columns
        if name not in known
    ]
    if source.columns:
        faults += [
            f"columns.{name}: the shape {source.shape} needs it"
            for name in required
            if name not in source.columns
        ]
    constant = source.columns.get("role", "")
    if constant.startswith("=") and constant[1:].lower() not in _roles(source):
        faults.append(f"columns.role: {constant[1:]!r} is not a role ({', '.join(ROLES)})")
    values = [value.strip().lower() for listed in source.roles.values() for value in listed]
    faults += [
        f"roles: {value!r} stands twice" for value in sorted({v for v in values if values.count(v) > 1})
    ]
    return faults


def missing_columns(missing: list[str], where: str, header: list[str]) -> KefuError:
    found = f"; the file has: {', '.join(header[:40])}" if header else ""
    return KefuError(
        f"columns are missing: {', '.join(missing)}{found}",
        where,
        "correct `columns` of the source in params.yaml (docs/sources.md), or export them",
    )


def _nested(row: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(row, dict):
            return None
        row = row.get(part)
    return row
