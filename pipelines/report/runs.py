"""What MLflow and the data store hold of a DAG run: figures of its stages, its data, its verdict."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Run

from pipelines.curate.review import NAME as REVIEW
from pipelines.records import EXAMPLES
from pipelines.register.sources import stored_file
from pipelines.register.tracking import COMPLETE, DAG_RUN, ROLE
from pipelines.report.clusters import Asked
from pipelines.stage import OUTPUTS, read_table

CURATED, TABLE = OUTPUTS["curate"], "examples.parquet"
UNSAFE = ("'=", "'+", "'-", "'@", "'\t", "'\r")  # as curate writes a cell that a spreadsheet would run

Row = dict[str, Any]


@dataclass(frozen=True)
class Questions:
    """The questions of a curated data set, masked."""

    log: list[Row] = field(default_factory=list)  # {"id", "text", "language", "intent", "asked"}
    others: list[str] = field(default_factory=list)  # of FAQ and rules
    uncertain: list[Asked] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [row["text"] for row in self.log] + self.others + [asked.text for asked in self.uncertain]


@dataclass(frozen=True)
class KnownRun:
    """A DAG run as MLflow knows it."""

    client: MlflowClient
    parent: Run

    @property
    def name(self) -> str:
        """The DAG run's id."""
        return str(self.parent.data.tags.get(DAG_RUN, ""))

    @property
    def at(self) -> str:
        return datetime.fromtimestamp(self.parent.info.start_time / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")

    @cached_property
    def stages(self) -> dict[str, dict[str, float]]:
        """{stage: its metrics} of the stages that were logged whole."""
        wanted = f"tags.`{DAG_RUN}` = {self.name!r} and tags.`{COMPLETE}` = 'true'"
        found = self.client.search_runs([self.parent.info.experiment_id], wanted)
        return {run.data.tags[ROLE]: run.data.metrics for run in found}

    @cached_property
    def version(self) -> Any:
        """The instruction model's version that the run registered; None where it did not."""
        found = self.client.search_model_versions(f"run_id = '{self.parent.info.run_id}'")
        return next((version for version in found if version.name.endswith("-instruction")), None)

    @cached_property
    def questions(self) -> Questions | None:
        """None where the data store of this installation no longer holds the run's curated data."""
        inputs = self.parent.inputs.dataset_inputs if self.parent.inputs else []
        md5 = next((one.dataset.digest for one in inputs if one.dataset.name == CURATED), "")
        table, review = stored_file(md5, TABLE), stored_file(md5, REVIEW)
        return read_questions(table, review) if table else None


def earlier_runs(client: MlflowClient, run_id: str, most: int) -> list[KnownRun]:
    """The runs of the same experiment before the MLflow run `run_id`, the latest first."""
    own = client.get_run(run_id).info
    wanted = f"tags.`{ROLE}` = 'parent' and attributes.start_time < {own.start_time}"
    found = client.search_runs(
        [own.experiment_id], wanted, order_by=["attributes.start_time DESC"], max_results=most
    )
    return [KnownRun(client, parent) for parent in found]


def read_questions(table: Path, review: Path | None) -> Questions:
    """From curate's table of examples and its file of uncertain intents."""
    log, others = [], []
    for row in read_table(table, EXAMPLES).to_pylist():
        text = row["messages"][-2]["content"]
        if row["origin"] == "log":
            kept = {name: row[name] for name in ("language", "intent", "asked")}
            log.append({"id": row["example_id"], "text": text, **kept})
        else:
            others.append(text)
    return Questions(log, others, _uncertain(review) if review and review.exists() else [])


def _uncertain(path: Path) -> list[Asked]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Asked(
                _cell(row["question"]), row["language"], int(row["asked"]), _cell(row["now"]), certain=False
            )
            for row in csv.DictReader(file)
        ]


def _cell(text: str) -> str:
    return text[1:] if text.startswith(UNSAFE) else text
