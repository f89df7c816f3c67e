"""`python -m pipelines export`: the examples as JSON Lines in the `messages` form that trainers read.

One file a side; `datasets.load_dataset(FOLDER)` finds train, validation and test by their names. Each line
holds `messages` (an optional system message, then user and assistant in turn, the last the answer that is
learned) and what a trainer may filter by. What is held out is exported too: it must never be trained on.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.records import EXAMPLES
from pipelines.stage import OUTPUTS, read_table

TABLES = {
    "train": f"{OUTPUTS['synthesize']}/train.parquet",
    "validation": f"{OUTPUTS['split']}/validation.parquet",
    "test": f"{OUTPUTS['split']}/test.parquet",
}
FIELDS = ("example_id", "origin", "intent", "language", "emotion", "hand_over", "entities")

Row = dict[str, Any]


def export(root: Path, out: Path) -> dict[str, int]:
    """Writes `out`/train.jsonl, validation.jsonl and test.jsonl, all or none; returns their rows."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise KefuError("the folder for the export is not empty", str(out), "name one that is empty or new")
    written = out.with_name(f".{out.name}.partial")
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(parents=True)
    rows = {}
    try:
        for side, path in TABLES.items():
            lines = [as_line(row) for row in read_table(root / path, EXAMPLES).to_pylist()]
            (written / f"{side}.jsonl").write_text("".join(lines), encoding="utf-8")
            rows[side] = len(lines)
        shutil.rmtree(out, ignore_errors=True)
        written.rename(out)
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return rows


def as_line(row: Row) -> str:
    """One example as a line of JSON; KefuError if its messages do not follow the convention."""
    if faults := list(message_faults(row["messages"] or [])):
        raise KefuError(
            f"the messages of {row['example_id']} are not a chat: {faults[0]}",
            "the table of examples",
            "run the stages from curate on again (`dvc repro`)",
        )
    line = {"messages": row["messages"]} | {name: row[name] for name in FIELDS}
    return json.dumps(line, ensure_ascii=False) + "\n"


def message_faults(messages: list[dict[str, str]]) -> Iterator[str]:
    roles = [message["role"] for message in messages]
    turns = roles[1:] if roles[:1] == ["system"] else roles
    if not turns or turns != ["user", "assistant"] * (len(turns) // 2):
        yield f"the roles are {', '.join(roles) or 'none'}"
    if not all((message["content"] or "").strip() for message in messages):
        yield "a message is empty"
