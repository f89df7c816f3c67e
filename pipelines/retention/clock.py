"""Age decides what goes, so a clock that was set must not: each home remembers its last collection."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pipelines import exchange
from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.retention.policy import DAY_S
from pipelines.retention.runs import known_runs

AHEAD_DAYS, BEHIND_DAYS = 14.0, 1.0  # collections come daily
FILE = "collect.last"


@contextmanager
def alone() -> Iterator[None]:
    """Another collection of this home waits until the block's end."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / f"{FILE}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def check(now: float) -> None:
    """KefuError where the clock is far from the last collection, or before the first from the newest run."""
    before = _remembered()
    last = _newest_run(now) if before is None else before
    if -BEHIND_DAYS * DAY_S <= now - last <= AHEAD_DAYS * DAY_S:
        return
    what = "run" if before is None else "collection"
    raise KefuError(
        f"the clock says {_day(now)}, the last {what} was on {_day(last)}: one of them may be wrong, and age "
        "decides what goes; nothing was taken",
        str(home() / FILE),
        "see `date` and set the clock; if it is right (the machine was off, or the clock wrong before), type "
        "`python -m pipelines collect --force` once",
    )


def remember(now: float) -> None:
    """Whole or not at all."""
    partial = home() / f"{FILE}.partial"
    partial.write_text(str(now))
    partial.rename(home() / FILE)


def _remembered() -> float | None:
    """When the last collection was; None before the first, KefuError where that can't be read."""
    try:
        return float((home() / FILE).read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        raise KefuError(
            "the memory of the last collection is empty or damaged; nothing was taken",
            str(home() / FILE),
            "see that `date` is right, then type `python -m pipelines collect --force` once",
        ) from None


def _newest_run(default: float) -> float:
    """When the newest run went on, those that other machines made included."""
    exchange.learn()
    return max((run.at for run in known_runs()), default=default)


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
