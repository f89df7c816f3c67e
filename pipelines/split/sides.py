"""Which side a group is on, from its id alone."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from pipelines.params.sections import Split

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")
MIN_WORDINGS_TO_HOLD_OUT = 3


def position(group_id: str, salt: str) -> float:
    """A number in [0, 1) from HMAC-SHA256 of the id under the salt: the same in every run and any order."""
    digest = hmac.digest(salt.encode(), group_id.encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64


def side_of(group_id: str, params: Split) -> Side:
    place = position(group_id, params.salt)
    if place < params.test:
        return "test"
    return "validation" if place < params.test + params.validation else "train"


def sides(groups: Iterable[str], entries: Mapping[str, Iterable[str]], params: Split) -> dict[str, Side]:
    """The side of every group, where `entries` holds the wordings (groups) of each FAQ entry.

    With a dozen wordings and 15 % for test, one entry in seven would have none to test it with, and an
    entry of few wordings could have none to learn from. So of an entry's wordings in the order of their
    position, the last is always taught, and the first is always tested where there are three or more. That
    depends on the entry alone: conversations can come and go, a side changes only when somebody edits the
    entry's wordings.
    """
    found = {group: side_of(group, params) for group in groups}
    for wordings in entries.values():
        ordered = sorted(set(wordings), key=lambda group: (position(group, params.salt), group))
        found[ordered[-1]] = "train"
        if len(ordered) >= MIN_WORDINGS_TO_HOLD_OUT:
            found[ordered[0]] = "test"
    return found


def faq_entries(rows: Iterable[Mapping[str, object]]) -> dict[str, list[str]]:
    """The wordings (group ids) of each FAQ entry; a faq example's first parent is its entry."""
    entries: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        parents = row["parent_ids"]
        if row["origin"] == "faq" and isinstance(parents, list) and parents:
            entries[str(parents[0])].append(str(row["group_id"]))
    return dict(entries)
