"""Checks the tables of a stage with Great Expectations, and names the rows that fail.

Great Expectations costs five seconds to import on a laptop: stages without a table never load it.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipelines.checks.docs import write_docs, write_note
from pipelines.checks.suites import GUARDS, SCHEMA, SUITES, Rule
from pipelines.errors import KefuError

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.mask.policy import Policy
    from pipelines.params.sections import Mask

SHOWN_ROWS = 20
ONE_FRAME = ("ingest", "mask")  # a table a partition: checked as one


@dataclass(frozen=True)
class Frame:
    """A flat table and the rules it must keep."""

    name: str
    data: pd.DataFrame
    id_column: str
    rules: list[Rule]


@dataclass(frozen=True)
class Verdict:
    """Of one rule on one frame: how many rows fail, and the ids of up to SHOWN_ROWS of them.

    Of personal data that was found again the types stand behind the id (`c17: EMAIL, PHONE`).
    """

    rule: Rule
    passed: bool
    failed_rows: int
    offenders: list[str]
    fault: str = ""  # the kind of exception, if it could not be evaluated


def check_tables(
    stage: str,
    tables: Mapping[str, pa.Table],
    docs_dir: Path,
    knowledge: Path | None = None,
    mask: Mask | None = None,
) -> dict[str, Any]:
    """Validates each table that has a suite and writes Data Docs into `docs_dir`, which it empties first.

    What counts as personal data in tables that should hold none, pii.yaml in `knowledge` and `mask` say;
    without them all that looks so.

    Returns {"success": True, "tables": {name: {"expectations": n, "failed": 0}}}. Raises KefuError, after the
    docs are written, with the failed expectations and the ids of the rows, never their values.
    """
    shutil.rmtree(docs_dir, ignore_errors=True)
    frames = project(stage, tables, cache(partial(_policy, knowledge, mask)))
    if not frames:
        write_note(docs_dir, stage)
        return {"success": True, "tables": {}}
    verdicts = validate(stage, frames, docs_dir)
    failed = {name: [v for v in found if not v.passed] for name, found in verdicts.items()}
    if any(failed.values()):
        raise _error(stage, failed, docs_dir)
    return {
        "success": True,
        "tables": {name: {"expectations": len(found), "failed": 0} for name, found in verdicts.items()},
    }


def project(stage: str, tables: Mapping[str, pa.Table], policy: Callable[[], Policy]) -> list[Frame]:
    """The frames of a stage's tables; tables without a suite are left out.

    One table at a time is held, and of a frame's tables (ONE_FRAME) only what is flat.
    """
    named = {"conversations": list(tables)} if stage in ONE_FRAME and tables else {n: [n] for n in tables}
    frames = [frame for name, parts in named.items() for frame in _frames(stage, name, parts, tables, policy)]
    if frames and (rules := SUITES.get((stage, "groups"))):
        from pipelines.checks.flatten import ID_COLUMNS, groups

        frames.append(Frame("groups", groups(tables), ID_COLUMNS["groups"], rules))
    return frames


def _frames(
    stage: str, name: str, parts: list[str], tables: Mapping[str, pa.Table], policy: Callable[[], Policy]
) -> Iterator[Frame]:
    """The columns of what is in `parts`, and its rows if the columns are those of its kind."""
    import pandas as pd

    from pipelines.checks.flatten import ID_COLUMNS, flatten, kind_of, schema, schema_of

    columns, flat = [], []
    kind, rules = "", []  # the same of all parts
    for part in parts:
        table = tables[part]
        kind = kind_of(table) or ""
        rules = SUITES.get((stage, name)) or SUITES.get((stage, kind)) or []
        if not kind or not rules:
            return
        columns.append(schema(table, schema_of(table)))
        if not columns[-1][["missing", "other_type"]].to_numpy().any():  # else it cannot be flattened
            personal = any(rule.kwargs.get("column") == "residual_pii" for rule in rules)
            flat.append(flatten(table, kind, policy() if personal else None))
    yield Frame(f"{name} schema", pd.concat(columns).drop_duplicates(ignore_index=True), "column", SCHEMA)
    if len(flat) == len(parts):
        filled = [frame for frame in flat if len(frame)] or flat[:1]
        yield Frame(name, pd.concat(filled, ignore_index=True), ID_COLUMNS[kind], rules)


def _policy(knowledge: Path | None, mask: Mask | None) -> Policy:
    from pipelines.mask.pii_file import load_policy
    from pipelines.mask.policy import DEFAULT

    return load_policy(knowledge, mask) if knowledge and mask else DEFAULT


def validate(stage: str, frames: list[Frame], docs_dir: Path) -> dict[str, list[Verdict]]:
    """The verdicts by table, in the order of the rules; writes the Data Docs."""
    gx = _great_expectations()
    context = _context(gx)
    source = context.data_sources.add_pandas("kefu")
    verdicts = {}
    for frame in frames:
        suite = gx.ExpectationSuite(name=f"{stage}.{frame.name}")
        for rule in frame.rules:
            suite.add_expectation(_expectation(gx, rule))
        batch = source.add_dataframe_asset(frame.name).add_batch_definition_whole_dataframe("all")
        definition = gx.ValidationDefinition(name=suite.name, data=batch, suite=context.suites.add(suite))
        checkpoint = gx.Checkpoint(
            name=suite.name,
            validation_definitions=[context.validation_definitions.add(definition)],
            result_format=_result_format(frame.id_column),
        )
        result = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame.data})
        [run] = result.run_results.values()
        rules = sorted(frame.rules, key=lambda rule: GUARDS.index(rule.guards))
        verdicts[frame.name] = [_verdict(frame, rule, run.results) for rule in rules]
    write_docs(context, docs_dir, stage, verdicts)
    return verdicts


def _great_expectations() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _no_collection():
        import great_expectations
        import great_expectations.expectations
    return great_expectations


def _context(gx: Any) -> Any:
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Garbage collection costs a seventh of an import that makes a million objects and drops none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _expectation(gx: Any, rule: Rule) -> Any:
    return getattr(gx.expectations, rule.expect)(**rule.kwargs, notes=rule.guards)


def _result_format(id_column: str) -> dict[str, Any]:
    """Ids of the rows that fail, and none of their values: neither here nor in the Data Docs."""
    return {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": [id_column],
        "exclude_unexpected_values": True,
        "include_unexpected_rows": False,
        "return_unexpected_index_query": False,
        "partial_unexpected_count": SHOWN_ROWS,
    }


def _verdict(frame: Frame, rule: Rule, results: list[Any]) -> Verdict:
    """The result of this rule: found by what it configures, since the order of results is not promised."""
    result = next(r for r in results if _same(r.expectation_config, rule))
    listed = result.result.get("unexpected_index_list") or []
    offenders = sorted({name for row in listed for name in _ids(row[frame.id_column])})[:SHOWN_ROWS]
    if rule.kwargs.get("column") == "residual_pii":
        offenders = _with_types(frame, offenders)
    fault = "could not be evaluated" if result.exception_info.get("raised_exception") else ""
    count = int(result.result.get("unexpected_count") or 0)
    return Verdict(rule, bool(result.success), count, offenders, fault)


def _with_types(frame: Frame, offenders: list[str]) -> list[str]:
    found = frame.data[frame.data["residual_pii"] > 0]
    types: dict[str, set[str]] = {}
    for name, listed in zip(found[frame.id_column].astype(str), found["residual_types"], strict=True):
        types.setdefault(name, set()).update(listed.split(", "))
    return [f"{name}: {', '.join(sorted(types.get(name, set())))}" for name in offenders]


def _ids(value: Any) -> list[str]:
    """Rows of one value come as one entry with a list of ids."""
    return [str(name) for name in (value if isinstance(value, list) else [value])]


def _same(config: Any, rule: Rule) -> bool:
    camel = "".join(part.capitalize() for part in config.type.split("_"))
    return camel == rule.expect and all(config.kwargs.get(k) == v for k, v in rule.kwargs.items())


def _error(stage: str, failed: dict[str, list[Verdict]], docs_dir: Path) -> KefuError:
    lines = []
    for name, verdicts in failed.items():
        for guards in GUARDS:
            group = [v for v in verdicts if v.rule.guards == guards]
            lines += [f"  {name}, {guards}:"] if group else []
            lines += [f"    - {v.rule.name}: {v.fault or _rows(v)}" for v in group]
    return KefuError(
        f"{sum(map(len, failed.values()))} expectation(s) failed for what {stage} wrote\n" + "\n".join(lines),
        str(docs_dir / "index.html"),
        f"look at these rows in the stage's input; the output of {stage} was not published",
    )


def _rows(verdict: Verdict) -> str:
    if not verdict.offenders:
        return "does not hold for the table as a whole"
    more = "; ..." if verdict.failed_rows > len(verdict.offenders) else ""
    return f"{verdict.failed_rows:,} row(s): {'; '.join(verdict.offenders)}{more}"
