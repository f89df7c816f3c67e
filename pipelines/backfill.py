"""`python -m pipelines backfill --week 2026-W34`: the state of a past week again, as an ordinary run.

By default with the code, parameters and data of that time: the run starts from the tag of the last run of the
branch that began in the week (no experiment, no rebuilt week: published.py) and takes its ingested data as it
was. `--data now` reads the sources again with that code, up to the week's end (late and corrected files
included); `--code now` takes this checkout's code, over those sources too. It always trains: today's champion
is no measure.
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


def plan(week: str, code: When = "then", data: When | None = None, since: str | None = None) -> Backfill:
    """`data` is of `code`'s time where it is not said. KefuError for what cannot be had, such as code or data
    of then where no run of the branch is of that week."""
    until, data = end_of(week), data or code
    if code == "now" and data == "then":
        raise KefuError(
            "this checkout's code was asked for over the data of then, which only the code of then made",
            "--code now, --data then",
            "leave out one of them: --code now reads the sources again, --data then takes the code of then",
        )
    days = {"until": until.isoformat(), **_since(since, data, until), **ALWAYS}
    if code == "now":
        return Backfill(days, f"this checkout's code, the sources before {until}")
    run = run_of_week(until)
    named = f"{run.run} ({run.day})"
    if data == "now":
        return Backfill({"commit": run.tag, **days}, f"the code of {named}, the sources before {until}")
    return Backfill({"commit": run.tag, "keep_data": True, **ALWAYS}, f"code and data of {named}")


def _since(since: str | None, data: When, until: date) -> dict[str, str]:
    """The first day to take, as a Param."""
    if since is None:
        return {}
    try:
        day = date.fromisoformat(since.strip())
    except ValueError:
        raise KefuError(f"{since!r} is no day", "--since", "write it as 2026-06-01") from None
    if day >= until:
        raise KefuError(
            f"{day} is not before {until}, when the week ends", "--since", "choose an earlier day"
        )
    if data == "then":
        raise KefuError(
            "a first day was asked for, and the data of then is taken as it was",
            f"--since {day}",
            "add --data now, to read the sources again from that day on, or leave --since out",
        )
    return {"since": day.isoformat()}


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
