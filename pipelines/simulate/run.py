"""`python -m pipelines simulate --weeks N`: plays the story, prints a table, writes JSON and plots."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.demo.run import known
from pipelines.servers.rest import Airflow
from pipelines.simulate import place as places
from pipelines.simulate import plot, story
from pipelines.simulate.show import line, table
from pipelines.simulate.week import live

RESULT = "simulate.json"


def simulate(count: int, per_week: int, profile: str, settings: list[str], keep_up: bool = False) -> Path:
    """Plays `count` weeks; returns the folder with simulate.json and the plots. Stops its servers."""
    weeks = story.weeks(count, per_week)
    console, started = Console(), time.monotonic()
    place = places.make(profile)
    console.print(f"the sample company in {place.root}: starting Airflow and MLflow ...", soft_wrap=True)
    place.python("-m", "pipelines", "up")
    try:
        with place.lived_in():
            known(Airflow())
            rows = play(place, weeks, {"train": "auto", "set": "\n".join(settings)}, console)
    finally:
        if not keep_up:
            place.python("-m", "pipelines", "down")
    console.print(table(rows))
    head: dict[str, Any] = {
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "profile": profile,
        "set": settings,
    }
    head |= {"per_week": per_week, "seconds": round(time.monotonic() - started)}
    write(place.root, head, rows)
    console.print(f"written: {place.root / RESULT} and the plots beside it", soft_wrap=True)
    return place.root


def play(
    place: places.Place, weeks: list[story.Week], conf: dict[str, Any], console: Console
) -> list[dict[str, Any]]:
    kept, champion = story.prepare(place.knowledge), ""
    rows: list[dict[str, Any]] = []
    place.commit("One wording of each FAQ entry is kept back for the weeks' questions")
    for week in weeks:
        if changed := story.change(place.knowledge, week.number):
            kept |= changed
        place.commit(week.event.get("en", f"Week {week.number}"))
        row = live(place, week, kept, champion, {k: v for k, v in conf.items() if v})
        champion = row["champion"]
        rows.append(row)
        console.print(line(row), highlight=False, soft_wrap=True)
    return rows


def write(folder: Path, head: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    text = json.dumps({**head, "weeks": rows}, ensure_ascii=False, indent=1)
    (folder / RESULT).write_text(text + "\n", encoding="utf-8")
    for language in ("en", "zh"):
        (folder / f"weeks.{language}.svg").write_text(plot.draw(rows, language), encoding="utf-8")
