"""dedup: one conversation of each text stays, and remembers how many there were."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

import pyarrow as pa

from pipelines.dedup.clusters import Cluster, Row, clusters, identity, text_of
from pipelines.params import Params
from pipelines.records import CONVERSATIONS, DEDUPED
from pipelines.stage import StageRun

LARGEST = 10  # clusters listed in the metrics
SAMPLE_CHARS = 120


def run(params: Params, run: StageRun) -> None:
    rows = sorted(run.read("data/masked", CONVERSATIONS).to_pylist(), key=identity)
    progress = run.progress(params.dedup.bands, "bands")
    texts = [text_of(row) for row in rows]
    found = clusters(rows, texts, params.dedup, progress)
    progress.close()
    for cluster in found:
        _drop(run, rows, texts, cluster)
    kept = [_kept(rows, cluster) for cluster in found]
    run.write("conversations", pa.Table.from_pylist(kept, DEDUPED), DEDUPED)
    run.metrics |= _metrics(rows, found)


def _drop(run: StageRun, rows: list[Row], texts: list[str], cluster: Cluster) -> None:
    """Counts the members that go: exact where an equal text stays, near otherwise."""
    digests = {row: _digest(texts[row]) for row in cluster.members}
    seen = {digests[cluster.kept]}
    for row in cluster.members[1:]:
        reason = "exact_duplicate" if digests[row] in seen else "near_duplicate"
        if rows[row]["conversation_id"] == rows[cluster.kept]["conversation_id"]:
            reason = "repeated_id"
        seen.add(digests[row])
        run.drop(reason, sample=_sample(rows[row], rows[cluster.kept]))


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _kept(rows: list[Row], cluster: Cluster) -> Row:
    return rows[cluster.kept] | {
        "cluster_id": cluster.cluster_id,
        "cluster_size": len(cluster.members),
    }


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


def _metrics(rows: list[Row], found: list[Cluster]) -> dict[str, object]:
    several = [cluster for cluster in found if len(cluster.members) > 1]
    largest = sorted(several, key=lambda cluster: (-len(cluster.members), cluster.cluster_id))[:LARGEST]
    return {
        "clusters": len(several),
        "largest_clusters": {cluster.cluster_id: len(cluster.members) for cluster in largest},
        "kept_by_language": dict(sorted(Counter(rows[c.kept]["language"] or "" for c in found).items())),
    }
