"""mask: personal data out; typed placeholders in, or by parameter surrogates and shifted dates.

Reads the encrypted partitions that data/ingested/manifest.json names and writes one plain table for each.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.flatten import personal_types
from pipelines.errors import KefuError
from pipelines.ingest.restricted import read_partition, stamped
from pipelines.mask import store, vault
from pipelines.mask.pii_file import load_policy
from pipelines.mask.policy import Policy
from pipelines.mask.tally import Tally
from pipelines.mask.vaulting import Vaulting
from pipelines.mask.workers import Workers
from pipelines.params import Params
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS
from pipelines.stage import StageRun

INLINE_ROWS = 1500  # fewer conversations than this are masked before more processes would have started


def run(params: Params, run: StageRun) -> None:
    """Masks what is new or changed, takes the rest from the store."""
    policy = load_policy(run.knowledge, params.mask, partial(print, flush=True))
    if not vault.has_key():
        print(f"mask: {vault.NONE}", flush=True)
    partitions = read_manifest(run.root / "data/ingested/manifest.json")
    keys = [store.partition_key(partition["key"], params.mask, policy) for partition in partitions]
    tally = Tally()
    reused = 0
    progress = run.progress(sum(partition["rows"] for partition in partitions), "conversations")
    new = sum(part["rows"] for part, key in zip(partitions, keys, strict=True) if not store.holds(key))
    with _workers(params, policy, new) as workers:
        for partition, key in zip(partitions, keys, strict=True):
            remembered = store.recall(key)
            reused += remembered is not None
            table, found = remembered or _mask(partition["key"], key, params, workers, progress)
            if remembered:
                progress.add(table.num_rows)
            tally.update(found)
            run.rows_in += table.num_rows
            name = partition["partition"]
            run.write(name.replace("/", "__"), stamped(table, name), CONVERSATIONS)
    progress.close()
    vault.used(keys)
    if vault.has_key() and (bare := vault.without(keys)):
        print(f"mask: {bare} of {len(keys)} partitions have no file in the vault", flush=True)
    _report(run, tally)
    run.metrics["partitions"] = {"all": len(partitions), "reused": reused}


def _report(run: StageRun, tally: Tally) -> None:
    """What the steward sees: counts, and masked samples in their context."""
    run.metrics["masked_by_type"] = tally.by_type()
    run.metrics["masked_by_recognizer"] = tally.by_recognizer()
    amounts = tally.amounts
    run.metrics["conversations"] = {
        "all": amounts["conversations"],
        "masked": amounts["conversations.masked"],
    }
    run.metrics["messages"] = {
        "all": amounts["messages"],
        "masked": amounts["messages.masked"],
        "mostly_masked": amounts["messages.mostly_masked"],
    }
    run.samples["masked"] = tally.shown()
    run.samples["mostly_masked"] = list(tally.mostly_masked)


def read_manifest(path: Path) -> list[dict[str, Any]]:
    """The partitions that ingest wrote, in their order; KefuError if there are none to read."""
    try:
        partitions = json.loads(path.read_text(encoding="utf-8"))["partitions"]
    except FileNotFoundError:
        raise KefuError("ingest has written no manifest", str(path), "run `dvc repro ingest`") from None
    except (ValueError, KeyError, TypeError):
        raise KefuError("the manifest is damaged", str(path), "remove it and run ingest again") from None
    if not partitions:
        raise KefuError(
            "the manifest names no partition", str(path), "give a source that holds conversations"
        )
    return partitions


def _mask(ingest_key: str, key: str, params: Params, workers: Workers, progress: Progress) -> Any:
    from pipelines.mask.partition import mask_partition

    vaulting = Vaulting() if vault.has_key() else None
    table, tally = mask_partition(read_partition(ingest_key), params.mask, workers, progress, vaulting)
    if not _is_clean(table, workers.policy):
        return table, tally
    if vaulting:
        vaulting.write(key)
    store.remember(key, table, tally)
    return store.recall(key) or (table, tally)  # as a later run will read it: chunks alike, bytes alike


def _is_clean(table: pa.Table, policy: Policy) -> bool:
    """Whether the second detector finds nothing: what it would stop is not kept in the open store either."""
    return not any(
        personal_types(text or "", policy)
        for piece in table.column("messages").chunks
        for text in pc.unique(pc.struct_field(pc.list_flatten(piece), "content")).to_pylist()
    )


def _workers(params: Params, policy: Policy, new_rows: int) -> Workers:
    processes = 1 if new_rows < INLINE_ROWS else params.mask.processes
    return Workers(policy, processes, params.mask.batch_size)
