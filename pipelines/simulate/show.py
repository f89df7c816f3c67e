"""What the terminal shows of a simulation: a line as a week ends, two tables at the end."""

from __future__ import annotations

from typing import Any

from rich.table import Table

LEARNED = ("week", "new/all", "learned", "from", "right", "before", "loss", "before")
"""`before`: of the champion in charge before the week's version; `learned`: new and replayed examples."""
SPENT = ("week", "run s", "training s", "cost", "data", "version", "champion")
TITLES = ("The weeks, each model asked that week's questions", "What they took, and the versions")
Row = dict[str, Any]


def line(row: Row) -> str:
    what = f"version {row['version']} from {row['start']}" if row["train"] else "nothing trained"
    event = f" ({row['event']['en']})" if row["event"] else ""
    return f"week {row['number']}, {row['week']}{event}: {what}: {row['why']}; {row['seconds']:.0f} s"


def tables(rows: list[Row]) -> list[Table]:
    shown = []
    for title, columns, cells in zip(TITLES, (LEARNED, SPENT), (learned, spent), strict=True):
        shown.append(Table(*columns, title=title))
        for row in rows:
            shown[-1].add_row(*cells(row))
    return shown


def markdown(rows: list[Row]) -> str:
    """The same tables for a document."""
    parts = []
    for columns, cells in ((LEARNED, learned), (SPENT, spent)):
        lines = [list(columns), ["---"] * len(columns), *map(cells, rows)]
        parts.append("".join(f"| {' | '.join(line)} |\n" for line in lines))
    return "\n".join(parts)


def learned(row: Row) -> list[str]:
    """A row of the first table, "–" where there is nothing to say."""
    news, own, before = row["news"], row.get("candidate"), row["champion_before"]
    trained = row["train"]
    return [
        _week(row),
        f"{news['conversations']}/{news['all_conversations']}",
        f"{row['new']}+{row['replayed']}" if trained else "–",
        row["start"].replace("kefu-instruction version ", "v") if trained else "skipped",
        _share(own),
        _share(before),
        _loss(own),
        _loss(before),
    ]


def spent(row: Row) -> list[str]:
    trained = row["train"]
    return [
        _week(row),
        f"{row['seconds']:,.0f}",
        f"{row['training_seconds']:,.0f}" if trained else "–",
        f"{row['cost']:.4f}" if trained else "–",
        row["commit"],
        row.get("version", "–"),
        row["champion"] or "–",
    ]


def _week(row: Row) -> str:
    return f"{row['number']} {row['week']}"


def _share(found: Row | None) -> str:
    return f"{found['right']}/{found['of']}" if found else "–"


def _loss(found: Row | None) -> str:
    return f"{found['loss']:.2f}" if found and found["loss"] is not None else "–"
