"""`python -m pipelines simulate --weeks N`: plays the story, prints a table, writes JSON and plots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.demo.run import known
from pipelines.errors import KefuError
from pipelines.servers.rest import Airflow
from pipelines.simulate import place as places
from pipelines.simulate import plot, story
from pipelines.simulate.show import line, markdown, tables
from pipelines.simulate.week import live

RESULT = "simulate.json"


@dataclass(frozen=True)
class Plan:
    weeks: int
    per_week: int
    profile: str
    settings: list[str]  # NAME=VALUE of params.yaml

    @property
    def conf(self) -> dict[str, str]:
        """Params of the DAG."""
        return {"train": "auto"} | ({"set": "\n".join(self.settings)} if self.settings else {})


def simulate(plan: Plan, resume: bool = False, keep_up: bool = False) -> Path:
    """Plays the weeks; returns the folder with simulate.json and the plots, written as weeks end.

    `resume` goes on after the last week that ended. Its servers are stopped again, unless `keep_up`.
    """
    weeks, console = story.weeks(plan.weeks, plan.per_week), Console()
    place = places.found() if resume else places.make(plan.profile)
    rows = ended(place, plan) if resume else []
    console.print(f"the sample company in {place.root}: starting Airflow and MLflow ...", soft_wrap=True)
    place.python("-m", "pipelines", "up")
    try:
        with place.lived_in():
            known(Airflow())
            for row in play(place, weeks, plan.conf, rows):
                write(place.root, plan, rows)
                console.print(line(row), highlight=False, soft_wrap=True)
    finally:
        if not keep_up:
            place.python("-m", "pipelines", "down")
    console.print(*tables(rows), sep="\n")
    console.print(f"written: {place.root / RESULT} and the plots beside it", soft_wrap=True)
    return place.root


def ended(place: places.Place, plan: Plan) -> list[dict[str, Any]]:
    """The weeks that ended, the clone put back to where the last of them left it."""
    path = place.root / RESULT
    if not path.exists():
        raise KefuError("no week of it has ended", str(path), "leave out --resume")
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["plan"] | {"weeks": plan.weeks} != asdict(plan):
        raise KefuError(
            "another simulation was begun", str(path), "give its options again, or leave out --resume"
        )
    rows: list[dict[str, Any]] = found["weeks"]
    place.reset(rows[-1]["knowledge"])
    return rows


def play(
    place: places.Place, weeks: list[story.Week], conf: dict[str, str], rows: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Adds to `rows` one a week, as it ends, and yields it."""
    if not rows:
        place.keep(story.prepare(place.knowledge))
        place.commit("One wording of each FAQ entry is kept back for the weeks' questions")
    for week in weeks[len(rows) :]:
        place.keep(place.kept() | story.change(place.knowledge, week.number))
        place.commit(week.event.get("en", f"Week {week.number}"))
        row = live(place, week, rows[-1]["champion"] if rows else "", conf)
        rows.append({**row, "knowledge": place.head()})
        yield rows[-1]


def write(folder: Path, plan: Plan, rows: list[dict[str, Any]]) -> None:
    """simulate.json and the picture in both languages, of the weeks so far."""
    found = {"at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "plan": asdict(plan), "weeks": rows}
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (folder / RESULT).write_text(text + "\n", encoding="utf-8")
    (folder / "weeks.md").write_text(markdown(rows), encoding="utf-8")
    for language in ("en", "zh"):
        (folder / f"weeks.{language}.svg").write_text(plot.draw(rows, language), encoding="utf-8")
