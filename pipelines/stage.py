"""What every stage shares: read, count by reason, check, and write whole or not at all.

A room's `stage.py` is one function `run(params, run)`. It reads with `run.read`, names every row it leaves
out with `run.drop`, and writes with `run.write`. When it returns, Great Expectations checks the tables, and
only then do they take the place of the earlier ones.
"""

from __future__ import annotations

import importlib
import json
import shutil
import time
import traceback
from collections import Counter, UserDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import KefuError
from pipelines.home import ROOT, main_checkout
from pipelines.machine import lacks_told
from pipelines.params import Params
from pipelines.progress import Progress

OUTPUTS = {
    "ingest": "data/ingested",
    "mask": "data/masked",
    "dedup": "data/deduped",
    "curate": "data/curated",
    "split": "data/split",
    "synthesize": "data/synthesized",
    "pretrain": "data/adapters/domain",
    "tune": "data/adapters/instruction",
    "evaluate": "data/evaluation",
}
UNMASKED = ("ingest", "mask")  # stages that see text before it is masked
SAMPLES_PER_REASON = 10
Checker = Callable[[str, Mapping[str, pa.Table], Path], dict[str, Any]]


class Written(UserDict[str, Any]):
    """Tables by name; one in a file is read when it is asked for, so that they are not all held."""

    def __getitem__(self, name: str) -> pa.Table:
        held = self.data[name]
        return pq.read_table(held) if isinstance(held, Path) else held


@dataclass
class StageRun:
    """One execution of one stage in one checkout (`root`)."""

    name: str
    params: Params
    root: Path = ROOT
    rows_in: int = 0
    rows_out: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    tables: Written = field(default_factory=Written)
    when_published: list[Callable[[], None]] = field(default_factory=list)  # called once the output stands

    @property
    def out(self) -> Path:
        """The folder that this execution fills; it becomes the stage's output when the stage is done."""
        final = self.root / OUTPUTS[self.name]
        return final.parent / f".{final.name}.partial"

    @property
    def knowledge(self) -> Path:
        return self.root / self.params.knowledge

    @property
    def landing(self) -> Path:
        """Relative source paths count from here: the main checkout, since raw logs don't travel."""
        return main_checkout() if self.root == ROOT else self.root

    def read(self, path: str, schema: pa.Schema, count: bool = True) -> pa.Table:
        """The table at `path` (below the checkout), cast to `schema`; its rows count as rows in."""
        table = read_table(self.root / path, schema)
        if count:
            self.rows_in += table.num_rows
        return table

    def write(self, name: str, table: pa.Table, schema: pa.Schema, count: bool = True) -> None:
        """Writes `name`.parquet into the stage's output. Same table, same bytes."""
        table = conform(table, schema, f"{self.name} output {name}")
        path = self.out / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, compression="zstd", row_group_size=65536)
        self.tables[name] = path
        if count:
            self.rows_out += table.num_rows

    def write_json(self, name: str, value: Any) -> None:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n")

    def drop(self, reason: str, count: int = 1, sample: dict[str, Any] | None = None) -> None:
        """Counts what is left out (or changed) under a reason code; `sample` must hold masked text only."""
        self.dropped[reason] += count
        kept = self.samples.setdefault(reason, [])
        if sample and len(kept) < SAMPLES_PER_REASON:
            kept.append(sample)

    def progress(self, total: int, unit: str = "rows") -> Progress:
        return Progress(self.name, total, unit)


def execute(name: str, params: Params, root: Path = ROOT, checker: Checker | None = None) -> dict[str, Any]:
    """Runs a stage, checks its tables, publishes its output; returns the metrics it wrote."""
    run = StageRun(name, params, root)
    shutil.rmtree(run.out, ignore_errors=True)
    run.out.mkdir(parents=True)
    started = time.monotonic()
    try:
        with _words_withheld(name), lacks_told():
            importlib.import_module(f"pipelines.{name}.stage").run(params, run)
            checked = (checker or _checker(run))(name, run.tables, root / "data/checks" / name)
        metrics = _metrics(run, time.monotonic() - started, checked)
        _publish(run)
    finally:
        shutil.rmtree(run.out, ignore_errors=True)
    _write_metrics(root / f"data/metrics/{name}.json", metrics)
    for done in run.when_published:
        done()
    return metrics


@contextmanager
def _words_withheld(name: str) -> Iterator[None]:
    """Before masking, an unexpected error is told by kind and place: its words may quote a row."""
    try:
        yield
    except KefuError:
        raise
    except Exception as error:
        if name not in UNMASKED:
            raise
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
        raise KefuError(
            f"{name} met an unexpected {type(error).__name__}; its words are withheld, they may quote a row",
            " > ".join(places),
            "report these places, and try the source's files one by one",
        ) from None


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """The parquet file or folder of parquet files at `path`, cast to `schema`."""
    if not path.exists():
        raise KefuError(
            "a table that this stage reads is not there", str(path), "run the stage before it (`dvc repro`)"
        )
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    try:
        tables = [conform(pq.read_table(file), schema, str(file)) for file in files]
    except pa.ArrowInvalid as error:
        raise KefuError(
            "a table is damaged", str(path), f"remove it and run its stage again ({_first(error)})"
        ) from None
    return pa.concat_tables(tables) if tables else schema.empty_table()


def conform(table: pa.Table, schema: pa.Schema, where: str) -> pa.Table:
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise KefuError(
            f"columns are missing: {', '.join(missing)}", where, "records.py says which a table must have"
        )
    return table.select(schema.names).cast(schema)


def _publish(run: StageRun) -> None:
    final = run.root / OUTPUTS[run.name]
    old = final.parent / f".{final.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    run.out.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _metrics(run: StageRun, seconds: float, checked: dict[str, Any]) -> dict[str, Any]:
    return {
        "stage": run.name,
        "seconds": round(seconds, 2),
        "rows_in": run.rows_in,
        "rows_out": run.rows_out,
        "dropped": dict(sorted(run.dropped.items())),
        "samples": run.samples,
        "metrics": run.metrics,
        "checks": checked,
    }


def _write_metrics(path: Path, metrics: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(metrics, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n")
    partial.rename(path)


def _checker(run: StageRun) -> Checker:
    from pipelines.checks.run import check_tables

    return partial(check_tables, knowledge=run.knowledge, mask=run.params.mask)


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:120]
