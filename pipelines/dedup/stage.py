"""dedup: one conversation of each text stays, and remembers how many there were.

What is compared are the indexes of the masked partitions. Those of weeks that were here before are
remembered, so that of their words only the kept conversations are copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.dedup import store
from pipelines.dedup.clusters import Clusters, clusters, reasons
from pipelines.dedup.index import Known, index_of, join
from pipelines.dedup.shingles import Rows
from pipelines.errors import KefuError
from pipelines.params import Params
from pipelines.records import CONVERSATIONS, DEDUPED
from pipelines.stage import SAMPLES_PER_REASON, StageRun, read_table

LARGEST = 10  # clusters listed in the metrics
SAMPLE_CHARS = 120

Row = dict[str, Any]  # a row of CONVERSATIONS


def run(params: Params, run: StageRun) -> None:
    files = _partitions(run.root / "data/masked")
    run.metrics["partitions"] = {"all": len(files), "reused": 0}
    known = join([_index(file, params, run) for file in files], params.dedup.bands)
    progress = run.progress(params.dedup.bands, "bands")
    found = clusters(known, params.dedup.jaccard, progress)
    progress.close()
    kept = _take(files, known, found.kept).append_column("cluster_id", _cluster_ids(known, found))
    kept = kept.append_column("cluster_size", pa.array(found.sizes, pa.int32()))
    run.rows_in += known.rows.num_rows
    run.write("conversations", kept, DEDUPED)
    _count_drops(run, files, known, found)
    run.metrics |= _metrics(kept)


def _partitions(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise KefuError(
            "the masked conversations are not there", str(folder), "run the stage before (`dvc repro mask`)"
        )
    return sorted(folder.glob("*.parquet"))


def _index(file: Path, params: Params, run: StageRun) -> pa.Table:
    """The index of a partition: remembered, else made and remembered."""
    key = store.index_key(file, params.dedup)
    if (index := store.recall(key)) is not None:
        run.metrics["partitions"]["reused"] += 1
        return index
    table = read_table(file, CONVERSATIONS)
    progress = run.progress(table.num_rows, "conversations")
    index = index_of(table, params.dedup, progress)
    progress.close()
    store.remember(key, index)
    return index


def _take(files: Sequence[Path], known: Known, rows: Rows) -> pa.Table:
    """These rows of `known` as CONVERSATIONS; a partition at a time is read."""
    partition = known.rows.column("partition").to_numpy()[rows]
    place = known.rows.column("place").to_numpy()[rows]
    order = np.argsort(partition, kind="stable")
    parts = [CONVERSATIONS.empty_table()]
    for number in np.unique(partition).tolist():
        parts.append(read_table(files[number], CONVERSATIONS).take(place[partition == number]))
    return pa.concat_tables(parts).take(np.argsort(order, kind="stable"))


def _cluster_ids(known: Known, found: Clusters) -> pa.ChunkedArray:
    return known.rows.column("conversation_id").take(pa.array(found.smallest))


def _count_drops(run: StageRun, files: Sequence[Path], known: Known, found: Clusters) -> None:
    """Counts the rows that go under their reasons, and shows some beside the row that stays for them."""
    why = reasons(known, found)
    stays = np.repeat(found.kept, found.sizes)
    for reason in sorted(set(why.tolist()) - {""}):
        places = np.flatnonzero(why == reason)
        run.drop(reason, len(places))
        shown = places[:SAMPLES_PER_REASON]
        pairs = _take(files, known, np.concatenate([found.order[shown], stays[shown]])).to_pylist()
        for row, kept in zip(pairs[: len(shown)], pairs[len(shown) :], strict=True):
            run.drop(reason, 0, _sample(row, kept))


def _sample(row: Row, kept: Row) -> dict[str, str]:
    return {
        "conversation_id": row["conversation_id"],
        "text": _excerpt(row),
        "kept_id": kept["conversation_id"],
        "kept_text": _excerpt(kept),
    }


def _excerpt(row: Row) -> str:
    said = (m["content"] or "" for m in row["messages"] or () if m["role"] == "customer")
    return " / ".join(said)[:SAMPLE_CHARS]


def _metrics(kept: pa.Table) -> dict[str, object]:
    sizes = dict(
        zip(kept.column("cluster_id").to_pylist(), kept.column("cluster_size").to_pylist(), strict=True)
    )
    several = {name: size for name, size in sizes.items() if size > 1}
    largest = sorted(several, key=lambda name: (-several[name], name))[:LARGEST]
    return {
        "clusters": len(several),
        "largest_clusters": {name: several[name] for name in largest},
        "kept_by_language": dict(
            sorted(Counter(v or "" for v in kept.column("language").to_pylist()).items())
        ),
    }
