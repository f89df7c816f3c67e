"""Which runs stay: the rule alone, without files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DAY_S = 86400.0


@dataclass(frozen=True)
class Run:
    """A run as git knows it; `name` is its branch's and tag's, `at` its last commit in seconds since 1970."""

    name: str
    at: float
    refs: tuple[str, ...]
    working: bool = False  # its worktree stands


def staying(runs: Iterable[Run], needed: Iterable[str], now: float, days: float) -> set[str]:
    """Names of the runs that stay: those a registered version names, the young, and those with a worktree.

    A run with a date in the future (a clock that was set back) is young.
    """
    wanted = set(needed)
    return {run.name for run in runs if run.name in wanted or run.working or now - run.at <= days * DAY_S}


def going(runs: Iterable[Run], needed: Iterable[str], now: float, days: float) -> list[Run]:
    """The others, the oldest first."""
    listed = list(runs)
    stay = staying(listed, needed, now, days)
    return sorted((run for run in listed if run.name not in stay), key=lambda run: (run.at, run.name))
