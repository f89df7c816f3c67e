"""What the terminal shows of a simulation: a line as a week ends, a table at the end."""

from __future__ import annotations

from typing import Any

from rich.table import Table

COLUMNS = ("week", "new / all chats", "trained on", "from", "right", "champion's", "loss", "champion's")
MORE = ("run s", "training s", "cost", "data", "version", "champion")
Row = dict[str, Any]


def line(row: Row) -> str:
    what = f"version {row['version']} from {row['start']}" if row["train"] else "nothing trained"
    event = f" ({row['event']['en']})" if row["event"] else ""
    return f"week {row['number']}, {row['week']}{event}: {what}: {row['why']}; {row['seconds']:.0f} s"


def table(rows: list[Row]) -> Table:
    shown = Table(*COLUMNS, *MORE, title="The weeks, each model asked that week's questions")
    for row in rows:
        shown.add_row(*cells(row))
    return shown


def markdown(rows: list[Row]) -> str:
    """The same table for a document."""
    lines = [list(COLUMNS + MORE), ["---"] * len(COLUMNS + MORE), *map(cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cells(row: Row) -> list[str]:
    """A row of the table, "–" where there is nothing to say."""
    news, own, before = row["news"], row.get("candidate"), row["champion_before"]
    trained = row["train"]
    return [
        f"{row['number']} {row['week']}",
        f"{news['conversations']:,} / {news['all_conversations']:,}",
        f"{row['new']:,} + {row['replayed']:,}" if trained else "–",
        row["start"].removeprefix("kefu-instruction ") if trained else "skipped",
        _share(own),
        _share(before),
        _loss(own),
        _loss(before),
        f"{row['seconds']:,.0f}",
        f"{row['training_seconds']:,.0f}" if trained else "–",
        f"{row['cost']:.4f}" if trained else "–",
        row["commit"],
        row.get("version", "–"),
        row["champion"] or "–",
    ]


def _share(found: Row | None) -> str:
    return f"{found['right']}/{found['of']}" if found else "–"


def _loss(found: Row | None) -> str:
    return f"{found['loss']:.2f}" if found and found["loss"] is not None else "–"
