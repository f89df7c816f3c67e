"""What customers asked, beside the data of the champion's run or, where there is none, of the run before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from pipelines.curate.review import NAME as REVIEW
from pipelines.evaluate.champion import PINNED
from pipelines.report.clusters import SHOWN, Asked, new_groups
from pipelines.report.drift import drift, shares
from pipelines.report.runs import CURATED, TABLE, KnownRun, Questions, earlier_runs, read_questions

BY = ("intent", "language")
Row = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """What this run's data is held against."""

    kind: str  # champion | before
    version: str  # of the instruction model, "" if unknown
    run: KnownRun


def reference(client: MlflowClient, run_id: str, root: Path) -> Reference | None:
    """The champion that was pinned at the start of the run, else the run before; None for the first run."""
    path = root / PINNED
    champion = json.loads(path.read_text(encoding="utf-8"))["champion"] if path.exists() else None
    if champion:
        try:
            version = client.get_model_version(champion["name"], champion["version"])
            return Reference(
                "champion", str(version.version), KnownRun(client, client.get_run(version.run_id))
            )
        except MlflowException:  # deleted since
            pass
    for earlier in earlier_runs(client, run_id, most=1):
        return Reference("before", str(earlier.version.version) if earlier.version else "", earlier)
    return None


def questions(root: Path, against: Reference | None) -> Row:
    """{"n", "new", "state", "by", "groups", "groups_total"}.

    `state` is compared, nothing (there is none to compare with) or gone (its data is no longer stored here);
    `by` holds {"by", "rows", "drift", "drift_of_new"} for intent and language.
    """
    table = root / CURATED / TABLE
    now = read_questions(table, root / CURATED / REVIEW) if table.exists() else Questions()
    before = against.run.questions if against else None
    known = {row["id"] for row in before.log} if before else set()
    new = [row for row in now.log if row["id"] not in known]
    groups = new_groups(_candidates(now, new if before else []), before.texts if before else [])
    return {
        "n": len(now.log),
        "new": len(new) if before else None,
        "state": "compared" if before else "gone" if against else "nothing",
        "by": [_by(name, now.log, before.log if before else [], new if before else []) for name in BY],
        "groups": groups[:SHOWN],
        "groups_total": len(groups),
    }


def _candidates(now: Questions, new: Iterable[Row]) -> list[Asked]:
    """The uncertain questions, and those of the log that the other run did not have."""
    doubted = {asked.text for asked in now.uncertain}
    told = [Asked(r["text"], r["language"], r["asked"], r["intent"]) for r in new if r["text"] not in doubted]
    return [*now.uncertain, *told]


def _by(name: str, now: list[Row], before: list[Row], new: list[Row]) -> Row:
    counted, was, fresh = (Counter(str(row[name]) for row in rows) for rows in (now, before, new))
    return {
        "by": name,
        "rows": shares(was, counted),
        "drift": drift(was, counted) if was and counted else None,
        "drift_of_new": drift(was, fresh) if was and fresh else None,
    }
