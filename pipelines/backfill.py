"""`python -m pipelines backfill --week 2026-W34`: the state of a past week again, as an ordinary run.

By default with the code, parameters and data of that time: the run starts from the tag of the last run before
the week's end and takes its ingested data as it was. `--data now` reads the sources again with that code,
up to the week's end (late and corrected files included); `--code now` takes this checkout's code as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from pipelines.errors import KefuError
from pipelines.home import main_checkout
from pipelines.retention.runs import TAG, refs

WEEK = re.compile(r"(\d{4})-W(\d{2})")
When = Literal["then", "now"]


@dataclass(frozen=True)
class Backfill:
    """What is passed to the DAG `retrain`, and that in words."""

    conf: dict[str, Any]
    says: str


def end_of(week: str) -> date:
    """The Monday after an ISO week, the first day that no longer belongs to it."""
    found = WEEK.fullmatch(week.strip())
    try:
        if found:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1) + timedelta(days=7)
    except ValueError:
        pass
    raise KefuError(f"{week!r} is no week", "--week", "write it as 2026-W34")


def plan(week: str, code: When = "then", data: When = "then", since: str | None = None) -> Backfill:
    """KefuError where code or data of then are asked for and no run is as old as that."""
    until = end_of(week)
    days = {"until": until.isoformat(), **({"since": since} if since else {})}
    if code == "now":
        return Backfill(days, f"this checkout's code, the sources before {until}")
    run, at = last_run(until)
    tag = f"data/{run}"
    if data == "now":
        return Backfill({"commit": tag, **days}, f"the code of {run} ({at}), the sources before {until}")
    return Backfill({"commit": tag, "keep_data": True}, f"code and data of {run} ({at})")


def last_run(until: date) -> tuple[str, str]:
    """(name, date) of the last run whose data was tagged before `until` began (UTC)."""
    limit = datetime.combine(until, datetime.min.time(), UTC).timestamp()
    runs = [(at, ref.removeprefix(TAG)) for ref, at in refs() if ref.startswith(TAG)]
    before = [one for one in runs if one[0] < limit]
    if not before:
        first = f"the first is of {_day(min(runs)[0])}" if runs else "there is none at all"
        raise KefuError(
            f"no run is older than {until}; {first}",
            f"tags data/* of {main_checkout()}",
            "add --code now to rebuild the week with this checkout's code",
        )
    at, name = max(before)
    return name, _day(at)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
