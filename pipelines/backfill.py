"""`python -m pipelines backfill --week 2026-W34`: the state of a past week again, as an ordinary run.

By default with the code, parameters and data of that time: the run starts from the tag of the last run of the
branch that began in the week (no experiment, no rebuilt week: published.py) and takes its ingested data as it
was. `--data now` reads the sources again with that code, up to the week's end (late and corrected files
included); `--code now` takes this checkout's code as well. It always trains: today's champion is no measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from pipelines.errors import KefuError
from pipelines.home import main_checkout
from pipelines.published import Published, published

WEEK = re.compile(r"(\d{4})-W(\d{2})")
WEEK_LONG = timedelta(days=7)
When = Literal["then", "now"]
ALWAYS = {"train": "always"}
SHOWN = 5


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
            return date.fromisocalendar(int(found[1]), int(found[2]), 1) + WEEK_LONG
    except ValueError:
        pass
    raise KefuError(f"{week!r} is no week", "--week", "write it as 2026-W34")


def plan(week: str, code: When = "then", data: When = "then", since: str | None = None) -> Backfill:
    """KefuError where code or data of then are asked for and no run of the branch is of that week."""
    until = end_of(week)
    days = {"until": until.isoformat(), **({"since": since} if since else {}), **ALWAYS}
    if code == "now":
        return Backfill(days, f"this checkout's code, the sources before {until}")
    run = run_of_week(until)
    named = f"{run.run} ({run.day})"
    if data == "now":
        return Backfill({"commit": run.tag, **days}, f"the code of {named}, the sources before {until}")
    return Backfill({"commit": run.tag, "keep_data": True, **ALWAYS}, f"code and data of {named}")


def run_of_week(until: date) -> Published:
    """The last of the branch's own runs that began in the week before `until` (UTC)."""
    end = datetime.combine(until, datetime.min.time(), UTC)
    runs = list(published(main_checkout()))
    within = [run for run in runs if (end - WEEK_LONG).timestamp() <= run.began < end.timestamp()]
    own = [run for run in within if not run.foreign]
    if not own:
        raise _none(within, [run for run in runs if not run.foreign], until)
    return max(own, key=lambda run: run.began)


def _none(within: list[Published], own: list[Published], until: date) -> KefuError:
    days = sorted(run.day for run in own)
    before, after = ([day for day in days if (day < str(until)) is past] for past in (True, False))
    nearest = [f"the last before is of {before[-1]}"] if before else []
    nearest += [f"the first after is of {after[0]}"] if after else []
    others = "".join(f"; not {run.run} of {run.day}, since {run.foreign}" for run in within[:SHOWN])
    return KefuError(
        f"no run of the branch began in the week before {until}: "
        f"{' and '.join(nearest) or 'there is none at all'}{others}",
        f"tags data/* of {main_checkout()}",
        "choose another week; or add --code now, to rebuild it with this checkout's code; or trigger "
        "`retrain` with the tag that you want as its Param Commit",
    )
