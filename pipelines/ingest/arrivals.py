"""What came, changed, was renamed and vanished since the last run of the branch that was published.

A file is known by its content: the same bytes under another name are a renamed file. What vanished is told
until a run without it is published, and its rows are in no table any more; its encrypted partition stays, so
that a file that comes back costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.errors import KefuError

Files = dict[str, dict[str, Any]]  # partition name: {"sha256", "rows"}
SHOWN_FILES = 5


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


def of_source(manifest: Iterable[Mapping[str, Any]], source: str) -> Files:
    """The files of a source, of what ingest writes into its manifest."""
    mine = [part for part in manifest if part["partition"].startswith(f"{source}/")]
    return {part["partition"]: {"sha256": part["sha256"], "rows": part["rows"]} for part in mine}


def limit(source: str, before: Files, found: Arrivals, max_share: float) -> None:
    """KefuError where so much of a source has vanished that a share may be mounted half."""
    gone = list(found.vanished)
    if len(gone) > max_share * len(before):
        raise KefuError(
            f"{len(gone):,} of the {len(before):,} files that the source {source!r} had have vanished",
            ", ".join(gone[:SHOWN_FILES]),
            "bring them back; if they are meant to be gone, or its path or glob is another now, raise "
            "ingest.max_vanished_share "
            f"({max_share:g}) in params.yaml until a run of the schedule is published",
        )


def tell(found: Mapping[str, Arrivals]) -> Iterable[str]:
    """Lines for the log, a vanished file a line."""
    for source, files in found.items():
        counts = {"new": files.new, "changed": files.changed, "renamed": files.renamed}
        said = [f"{len(names):,} {kind}" for kind, names in counts.items() if names]
        if said:
            yield f"ingest: files of {source}: {', '.join(said)}"
        for name, rows in files.vanished.items():
            yield f"ingest: {name} has vanished; its {rows:,} conversations are in no table any more"


def _sha(file: Mapping[str, Any]) -> str:
    return str(file["sha256"])
