"""mask: personal data out, typed placeholders in.

Reads the encrypted partitions that data/ingested/manifest.json names and writes one plain table for each.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.mask import store
from pipelines.mask.labels import LABELS
from pipelines.mask.workers import Workers
from pipelines.params import Params
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS
from pipelines.stage import StageRun

INLINE_ROWS = 1500  # fewer conversations than this are masked before more processes would have started


def run(params: Params, run: StageRun) -> None:
    """Masks what is new or changed, takes the rest from the store."""
    _check_types(params.mask.keep_types)
    partitions = read_manifest(run.root / "data/ingested/manifest.json")
    keys = [store.partition_key(partition["key"], params.mask) for partition in partitions]
    counts: Counter[str] = Counter()
    reused = 0
    progress = run.progress(sum(partition["rows"] for partition in partitions), "conversations")
    with _workers(params, partitions) as workers:
        for partition, key in zip(partitions, keys, strict=True):
            remembered = store.recall(key)
            reused += remembered is not None
            table, found = remembered or _mask(partition["key"], key, params, workers, progress)
            if remembered:
                progress.add(table.num_rows)
            counts.update(found)
            run.rows_in += table.num_rows
            run.write(partition["partition"].replace("/", "__"), table, CONVERSATIONS)
    progress.close()
    run.metrics["masked_by_type"] = dict(sorted(counts.items()))
    run.metrics["partitions"] = {"all": len(partitions), "reused": reused}


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
    from pipelines.ingest.restricted import read_partition
    from pipelines.mask.partition import mask_partition

    table, counts = mask_partition(read_partition(ingest_key), params.mask, workers, progress)
    store.remember(key, table, counts)
    return store.recall(key) or (table, counts)  # as a later run will read it: chunks alike, bytes alike


def _workers(params: Params, partitions: list[dict[str, Any]]) -> Workers:
    few = sum(partition["rows"] for partition in partitions) < INLINE_ROWS
    return Workers(params.mask.score_threshold, 1 if few else params.mask.processes, params.mask.batch_size)


def _check_types(types: list[str]) -> None:
    unknown = sorted(set(types) - set(LABELS))
    if unknown:
        raise KefuError(
            f"mask.keep_types names unknown types: {', '.join(unknown)}",
            "params.yaml",
            f"known are {', '.join(LABELS)}",
        )
