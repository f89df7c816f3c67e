"""What came, changed, was renamed and vanished since ingest last looked at a source.

A file is known by its content: the same bytes under another name are a renamed file. What vanished is told,
and its rows are in no table any more; its encrypted partition stays, so that a file that comes back costs
nothing. The record stands in the restricted area, beside the partitions, and holds names and digests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.fingerprint import digest
from pipelines.home import restricted
from pipelines.params.sections import Source

RUN = "KEFU_RUN"  # the DAG run's id, in its tasks' environment
Files = dict[str, dict[str, Any]]  # partition name: {"sha256", "rows"}


@dataclass
class Arrivals:
    """Names of partitions, sorted; `vanished` with the conversations that left."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)  # new name: old name
    vanished: dict[str, int] = field(default_factory=dict)


def compare(before: Files, now: Files) -> Arrivals:
    """What became of the files of `before`."""
    gone = {name: before[name] for name in sorted(before.keys() - now.keys())}
    found = Arrivals(changed=sorted(n for n in before.keys() & now.keys() if _sha(before[n]) != _sha(now[n])))
    for name in sorted(now.keys() - before.keys()):
        old = next((other for other, file in gone.items() if _sha(file) == _sha(now[name])), None)
        if old is None:
            found.new.append(name)
        else:
            found.renamed[name] = old
            del gone[old]
    found.vanished = {name: file["rows"] for name, file in gone.items()}
    return found


def arrivals(source: Source, now: Files) -> Arrivals | None:
    """Compared with the last run that looked at this source; None on the first look.

    A run that looks again (a retried task) is told the same again.
    """
    held = _recorded(source)
    if held is None:
        return None
    return compare(held["before"] if _same_run(held) else held["files"], now)


def record(source: Source, now: Files) -> None:
    """Writes whole or not at all. Of two runs at once the one that ends last is remembered."""
    held = _recorded(source)
    before = now if held is None else held["before"] if _same_run(held) else held["files"]
    path = _path(source)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps({"run": os.environ.get(RUN, ""), "files": now, "before": before}))
    partial.replace(path)


def tell(found: Mapping[str, Arrivals]) -> Iterable[str]:
    """Lines for the log, a vanished file a line."""
    for source, files in found.items():
        counts = {"new": files.new, "changed": files.changed, "renamed": files.renamed}
        said = [f"{len(names):,} {kind}" for kind, names in counts.items() if names]
        if said:
            yield f"ingest: files of {source}: {', '.join(said)}"
        for name, rows in files.vanished.items():
            yield f"ingest: {name} has vanished; its {rows:,} conversations are in no table any more"


def _recorded(source: Source) -> dict[str, Any] | None:
    """A damaged record counts as none."""
    try:
        held = json.loads(_path(source).read_text())
        return held if {"run", "files", "before"} <= held.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _same_run(held: dict[str, Any]) -> bool:
    return bool(held["run"]) and held["run"] == os.environ.get(RUN)


def _sha(file: dict[str, Any]) -> str:
    return str(file["sha256"])


def _path(source: Source) -> Path:
    """A record a place: another path or glob under the same name is another source."""
    return restricted() / "sources" / f"{digest(source.name, source.path, source.glob)}.json"
