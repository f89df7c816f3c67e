"""`python -m pipelines collect`: takes what may go, or shows it.

First what age alone decides. Then runs: MLflow says what registered versions need, git which runs there are;
refs of the others go first, then the objects that nobody names any more, so that a collection which is killed
leaves no tag without its data. Where MLflow does not answer, no run's data is touched.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from functools import partial

from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.params import Params
from pipelines.retention import objects, places
from pipelines.retention.item import Item, of_paths, size, touched
from pipelines.retention.policy import Run, going
from pipelines.retention.runs import forget, known_runs, locks, worktrees
from pipelines.snapshot import git
from pipelines.stage import OUTPUTS

QUIET_S = 3600
INGESTED, MANIFEST = OUTPUTS["ingest"], "manifest.json"


def collect(params: Params, dry: bool, now: float | None = None) -> list[Item]:
    """What went, or with `dry` would go. KefuError (after the rest is done) where MLflow does not answer."""
    now = now or time.time()
    found = places.by_age(params.retention, now)
    _take(found, dry)
    if not dry:
        places.cut_logs(params.limits)
        git("worktree", "prune", cwd=main_checkout())
    return found + _of_runs(params, dry, now)


def busy(now: float) -> bool:
    """Whether a run's worktree was written to within the hour: then its data is left alone, all of it."""
    return any(now - touched(path) < QUIET_S for path in worktrees())


def lines(items: list[Item]) -> list[str]:
    """A row an item, and the sum."""
    rows = [f"{i.kind:12} {i.count:>7,}  {i.bytes / 1e6:>10,.1f} MB  {i.name}" for i in items]
    count, total = sum(i.count for i in items), sum(i.bytes for i in items)
    return [*rows, f"{'sum':12} {count:>7,}  {total / 1e6:>10,.1f} MB"]


def too_large(params: Params) -> str:
    """What to say where the home is larger than retention.max_gb, else ""."""
    limit, found = params.retention.max_gb, size(home()) / 1e9
    return f"{home()} holds {found:.1f} GB, retention.max_gb is {limit:g}" if limit and found > limit else ""


def _of_runs(params: Params, dry: bool, now: float) -> list[Item]:
    from pipelines.register.tracking import connect
    from pipelines.retention.registry import deleted_runs, needs

    if busy(now):
        print("collect: a run is in progress, data of runs is left for the next time", flush=True)
        return []
    client = connect()
    needed = needs(client)
    gone = going(known_runs(), needed.runs, now, params.retention.run_days)
    items = [item for run in gone for item in _run_items(run)]
    with objects.open_stores() as stores:
        items += _data(stores, gone, params, now)
        items += deleted_runs(client, needed, now, params.retention.log_days)
        _take(items, dry)
    return items


def _data(stores: objects.Stores, gone: list[Run], params: Params, now: float) -> list[Item]:
    held = locks(gone)
    keep = objects.needed(stores, {md5 for lock in held for md5 in lock.values()})
    named = _partitions(stores, held)
    restricted = [] if named is None else places.forgotten_partitions(named, params.retention, now)
    return [*objects.unneeded(stores, keep, now), *restricted]


def _run_items(run: Run) -> list[Item]:
    refs = Item("run", run.name, len(run.refs), 0, partial(forget, run))
    return [refs, *of_paths("report", run.name, [p for p in [home() / "reports" / run.name] if p.exists()])]


def _partitions(stores: objects.Stores, held: Iterable[dict[str, str]]) -> set[str] | None:
    """Keys of the restricted area's files that manifests of kept states name; None if one can't be read."""
    named: set[str] = set()
    for md5 in {lock[INGESTED] for lock in held if INGESTED in lock}:
        raw = objects.file_of(stores, md5, MANIFEST)
        if raw is None:
            return None
        named |= {str(part["key"]) for part in json.loads(raw)["partitions"]}
    return named


def _take(items: list[Item], dry: bool) -> None:
    for item in [] if dry else items:
        try:
            item.take()
        except OSError as error:
            raise KefuError(
                f"{item.kind} {item.name} could not be removed ({type(error).__name__})",
                str(home()),
                "see who owns it, then collect again",
            ) from None
