"""Age decides what goes, so a clock that was set must not: each home remembers its last collection."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from pipelines import exchange
from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.retention.policy import DAY_S
from pipelines.retention.runs import known_runs

AHEAD_DAYS, BEHIND_DAYS = 14.0, 1.0  # collections come daily
FILE = "collect.last"


@contextmanager
def alone() -> Iterator[TextIO]:
    """The home's memory of its last collection; another collection waits until the block's end."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / FILE).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def check(file: TextIO, now: float) -> None:
    """KefuError where the clock is far from the last collection, or before the first from the newest run."""
    file.seek(0)
    before = file.read()
    last = float(before) if before else _newest_run(now)
    if -BEHIND_DAYS * DAY_S <= now - last <= AHEAD_DAYS * DAY_S:
        return
    what = "collection" if before else "run"
    raise KefuError(
        f"the clock says {_day(now)}, the last {what} was on {_day(last)}: one of them may be wrong, and age "
        "decides what goes; nothing was taken",
        str(home() / FILE),
        "see `date` and set the clock; if it is right (the machine was off, or the clock wrong before), type "
        "`python -m pipelines collect --force` once",
    )


def remember(file: TextIO, now: float) -> None:
    file.truncate(0)
    file.write(str(now))
    file.flush()


def _newest_run(default: float) -> float:
    """When the newest run went on, those that other machines made included."""
    exchange.learn()
    return max((run.at for run in known_runs()), default=default)


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
