"""`python -m pipelines collect`: takes what may go, or shows it.

First what age alone decides. Then runs: MLflow says what registered versions need, git which runs there are,
the remote's included; refs of the others go first, then the objects that nobody names any more, so that a
collection which is killed leaves no tag without its data. Where MLflow or the remote does not answer, or a
needed run is not known here, no run's data is touched.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from functools import partial

from pipelines import exchange
from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.params import Params
from pipelines.retention import clock, objects, places
from pipelines.retention.item import Item, of_paths, size, touched
from pipelines.retention.policy import DAY_S, Run, going
from pipelines.retention.runs import TAG, forget, known_runs, locks, offered, open_elsewhere, worktrees
from pipelines.servers.logs import cut_logs
from pipelines.snapshot import git
from pipelines.stage import OUTPUTS

QUIET_S = 3600
INGESTED, MANIFEST = OUTPUTS["ingest"], "manifest.json"


def collect(params: Params, dry: bool, now: float | None = None, force: bool = False) -> list[Item]:
    """What went, or with `dry` would go. KefuError (after the rest is done) where it cannot be known what
    registered versions need; before it, unless with `force`, where the clock seems to be wrong."""
    now = now or time.time()
    with clock.alone():
        if not force:
            clock.check(now)
        if not dry:
            clock.remember(now)
        found = places.by_age(params.retention, now)
        _take(found, dry)
        if not dry:
            cut_logs(params.limits)
            git("worktree", "prune", cwd=main_checkout())
        return found + _of_runs(params, dry, now)


def busy(params: Params, now: float) -> bool:
    """Whether a run's worktree was written to within the hour, or another worker may be at one: then the data
    of runs is left alone, all of it."""
    here = any(now - touched(path) < QUIET_S for path in worktrees())
    return here or bool(open_elsewhere(now, params.limits.run_hours))


def lines(items: list[Item]) -> list[str]:
    """A row an item, and the sum."""
    rows = [f"{i.kind:12} {i.count:>7,}  {i.bytes / 1e6:>10,.1f} MB  {i.name}" for i in items]
    count, total = sum(i.count for i in items), sum(i.bytes for i in items)
    return [*rows, f"{'sum':12} {count:>7,}  {total / 1e6:>10,.1f} MB"]


def too_full(params: Params) -> list[str]:
    """What to say where the home is larger than retention.max_gb, or its disk has less free than
    retention.min_free_gb."""
    most, least = params.retention.max_gb, params.retention.min_free_gb
    home().mkdir(parents=True, exist_ok=True)
    held, free = size(home()) / 1e9 if most else 0.0, shutil.disk_usage(home()).free / 1e9
    said = [f"{home()} holds {held:.1f} GB, retention.max_gb is {most:g}"] if held > most else []
    if free < least:
        said.append(f"{free:.1f} GB are free where {home()} lies, retention.min_free_gb is {least:g}")
    return said


def _of_runs(params: Params, dry: bool, now: float) -> list[Item]:
    from pipelines.register.tracking import connect
    from pipelines.retention.registry import deleted_runs, needs

    exchange.learn()
    if busy(params, now):
        print("collect: a run is in progress, data of runs is left for the next time", flush=True)
        return []
    client = connect()
    needed = needs(client, params.retention, now)
    runs = known_runs()
    _refuse_unknown(needed.sure, runs)
    gone = going(runs, needed.runs, now, params.retention.run_days)
    gone += [one for one in offered() if now - one.at > params.retention.run_days * DAY_S]
    items = [item for run in gone for item in _run_items(run)]
    with objects.open_stores() as stores:
        items += _data(stores, gone, params, now)
        items += deleted_runs(client, needed, now, params.retention.log_days)
        _take(items, dry)
    return items


def _refuse_unknown(needed: Iterable[str], runs: list[Run]) -> None:
    """What such a run's data is, only its tag says."""
    tagged = {ref.removeprefix(TAG) for run in runs for ref in run.refs if ref.startswith(TAG)}
    unknown = sorted(set(needed) - tagged)
    if unknown:
        shown = ", ".join(f"data/{name}" for name in unknown[:5])
        raise KefuError(
            f"registered versions need {len(unknown)} tag(s) that are not known here ({shown}); no data goes",
            f"tags of {main_checkout()}",
            "collect in the clone that made them, fetch them (git fetch --tags; on several machines set"
            " KEFU_GIT_REMOTE), or delete in MLflow the versions that are not to be kept",
        )


def _own_remote(stores: objects.Stores) -> bool:
    """Whether nobody's data can be in the DVC remote but that of runs which are known here."""
    own = bool(exchange.remote()) or stores.remote.path.startswith(f"{home() / 'dvc-remote'}/")
    if not own:
        print(
            f"collect: {stores.remote.path} may hold data of other clones' runs, which only a git repository"
            " that all share can tell (KEFU_GIT_REMOTE); it is left as it is",
            flush=True,
        )
    return own


def _data(stores: objects.Stores, gone: list[Run], params: Params, now: float) -> list[Item]:
    held = locks(gone)
    keep = objects.needed(stores, {md5 for lock in held for md5 in lock.values()})
    named = _partitions(stores, held)
    restricted = [] if named is None else places.forgotten_partitions(named, params.retention, now)
    return [*objects.unneeded(stores, keep, now, _own_remote(stores)), *restricted]


def _run_items(run: Run) -> list[Item]:
    kind = "snapshot" if run.name.startswith(f"{exchange.OFFERED}/") else "run"
    refs = Item(kind, run.name, len(run.refs), 0, partial(forget, run))
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
