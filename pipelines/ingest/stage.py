"""ingest: every source file becomes one encrypted partition of conversations.

Everything that can be wrong with the input is found before anything is written. A partition whose key
(file, name, mapping, since, this code, reference key, what pii.yaml lists) already stands in the restricted
area is not read again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import pyarrow as pa

from pipelines import home, records
from pipelines.errors import KefuError
from pipelines.fingerprint import digest, fingerprint_code
from pipelines.ingest import formats
from pipelines.ingest.conversations import Gathering, Notes
from pipelines.ingest.drafts import referrer
from pipelines.ingest.files import SourceFile, find, unpack
from pipelines.ingest.mapping import Mapping, mapping_of, missing_columns
from pipelines.ingest.restricted import partition_path, read_partition, write_partition
from pipelines.mask import detect, labels, normalise, policy
from pipelines.mask.detect import find_simple
from pipelines.mask.pii_file import load_policy
from pipelines.mask.policy import Policy
from pipelines.params import Params
from pipelines.params.sections import Ingest
from pipelines.progress import Progress
from pipelines.records import CONVERSATIONS
from pipelines.stage import StageRun

LOOKED_AT = (records, detect, labels, normalise, policy)
CODE = (Path(__file__).parent, *(Path(module.__file__ or "") for module in LOOKED_AT))
NOTES = b"kefu.notes"
SHOWN_ROWS = 5
TICK_ROWS = 10_000


@dataclass(frozen=True)
class Shared:
    """What every partition depends on besides its file."""

    ingest: Ingest
    ref_key: bytes
    code: str
    policy: Policy


@dataclass
class Partition:
    """One source file, read or taken from the restricted area."""

    name: str
    source: str
    key: str
    sha256: str
    table: pa.Table
    notes: Notes
    new: bool


def run(params: Params, run: StageRun) -> None:
    ref_key = home.key("KEFU_REF_KEY")
    home.key("KEFU_RESTRICTED_KEY")
    shared = Shared(params.ingest, ref_key, fingerprint_code(*CODE), load_policy(run.knowledge, params.mask))
    jobs = _plan(params, shared, run.landing)
    progress = run.progress(sum(file.size_bytes for file, _ in jobs) // 1024, "kB")
    partitions = [_partition(file, mapping, shared, progress) for file, mapping in jobs]
    progress.close()
    for source in params.sources:
        _check(source.name, [p for p in partitions if p.source == source.name], jobs, params.ingest)
    for partition in partitions:
        if partition.new:
            write_partition(partition.key, partition.table)
    _report(run, partitions)


def _plan(params: Params, shared: Shared, root: Path) -> list[tuple[SourceFile, Mapping]]:
    """Every file with its mapping, by partition name; faults that need no reading end the run here."""
    jobs = []
    for source in params.sources:
        mapping = mapping_of(source)
        formats.check_encoding(source.encoding, f"params.yaml, sources, {source.name}")
        jobs += [(_impersonal(file, shared), mapping) for file in find(source, root)]
    names = Counter(file.partition.replace("/", "__") for file, _ in jobs)
    twice = sorted(name for name, count in names.items() if count > 1)
    if twice:
        raise KefuError(
            f"two source files would have one name: {', '.join(twice[:SHOWN_ROWS])}", "sources", "rename one"
        )
    return sorted(jobs, key=lambda job: job[0].partition)


def _impersonal(file: SourceFile, shared: Shared) -> SourceFile:
    """A file named after a phone number or the like goes by its name's HMAC: names travel unmasked."""
    if not find_simple(file.partition, shared.policy):
        return file
    ends = "".join(end for end in PurePosixPath(file.partition).suffixes if end[1:].isalpha())
    return replace(file, partition=f"{file.source.name}/{referrer(shared.ref_key)(file.partition)}{ends}")


def _partition(file: SourceFile, mapping: Mapping, shared: Shared, progress: Progress) -> Partition:
    data = file.read()
    key = partition_key(file, data, shared)
    new = not partition_path(key).exists()
    if new:
        table = _read(file, data, mapping, shared, progress)
    else:
        table = read_partition(key)
        progress.add(file.size_bytes // 1024)
    notes = Notes.parse(table.schema.metadata[NOTES])
    sha256 = hashlib.sha256(data).hexdigest()
    return Partition(file.partition, file.source.name, key, sha256, table, notes, new)


def partition_key(file: SourceFile, data: bytes, shared: Shared) -> str:
    """64 hex digits over all that the partition's table depends on.

    The name belongs to it: rows carry it, and the ids of conversations without one are made from it.
    """
    mapping = file.source.model_dump(mode="json", exclude={"path", "glob"})
    since, scanned_for = str(shared.ingest.since), shared.policy.scan_key
    return digest(file.partition, data, mapping, since, shared.code, digest(shared.ref_key), scanned_for)


def _read(file: SourceFile, data: bytes, mapping: Mapping, shared: Shared, progress: Progress) -> pa.Table:
    name, plain = unpack(file.partition, data)
    kind = formats.format_of(name, file.source.format, file.partition)
    rows = formats.rows(kind, plain, file.source.encoding, file.partition, mapping.wanted)
    if rows.columns:
        mapping.check_header(rows.columns, file.partition)
    gathering = Gathering(mapping, file.partition)
    gathering.add(_ticking(rows, file.size_bytes // 1024, progress))
    table = gathering.table(shared.ingest.since, referrer(shared.ref_key), shared.policy)
    return table.replace_schema_metadata({NOTES: gathering.notes.dump()})


def _ticking(rows: formats.Rows, size_kb: int, progress: Progress) -> Iterator[formats.Record]:
    """The records; `progress` advances by the share of the file that they are."""
    told = 0
    for count, record in enumerate(rows.records, start=1):
        yield record
        if rows.expected and count % TICK_ROWS == 0:
            share = min(size_kb, size_kb * count // rows.expected)
            progress.add(share - told)
            told = share
    progress.add(size_kb - told)


def _check(
    source: str, partitions: list[Partition], jobs: list[tuple[SourceFile, Mapping]], ingest: Ingest
) -> None:
    read = sum(partition.notes.read for partition in partitions)
    if not read:
        raise KefuError(
            f"the source {source!r} is empty: {len(partitions)} file(s) and no row",
            ", ".join(partition.name for partition in partitions[:SHOWN_ROWS]),
            "put the logs there, or take the source out of params.yaml",
        )
    mapping = next(mapping for file, mapping in jobs if file.source.name == source)
    seen = set().union(*(partition.notes.seen for partition in partitions))
    unseen = sorted(mapping.columns[name] for name in mapping.expected - seen)
    if seen and unseen:
        raise missing_columns(unseen, f"every row of the source {source!r}", [])
    _check_rejected(source, partitions, read, ingest.max_rejected_share)
    if not any(partition.table.num_rows for partition in partitions):
        raise KefuError(
            f"no conversation of the source {source!r} starts on or after {ingest.since}",
            "params.yaml, ingest.since",
            "choose an earlier day",
        )


def _check_rejected(source: str, partitions: list[Partition], read: int, max_share: float) -> None:
    rejected = [(p.name, line, reason) for p in partitions for line, reason in p.notes.rejected]
    hopeless = [p.name for p in partitions if p.notes.rejected and len(p.notes.rejected) == p.notes.read]
    if len(rejected) <= max_share * read and not hopeless:
        return
    counts = Counter(reason for _, _, reason in rejected)
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in counts.most_common())
    places = [f"{name}:{line}" for name, line, _ in rejected if not hopeless or name in hopeless]
    found = f"no row of {hopeless[0]} can be read" if hopeless else "too many rows cannot be read"
    raise KefuError(
        f"{found}: {len(rejected):,} of {read:,} rows of the source {source!r} ({reasons})",
        ", ".join(places[:SHOWN_ROWS]),
        f"mend the export or the mapping, or raise ingest.max_rejected_share ({max_share})",
    )


def _report(run: StageRun, partitions: list[Partition]) -> None:
    """Manifest, rejected rows by place and reason, counts; nothing of it holds text."""
    manifest = [
        {
            "partition": p.name,
            "key": p.key,
            "sha256": p.sha256,
            "rows": p.table.num_rows,
            "rejected": len(p.notes.rejected),
        }
        for p in partitions
    ]
    run.write_json("manifest.json", {"partitions": manifest})
    rejected = [(p.name, line, reason) for p in partitions for line, reason in p.notes.rejected]
    counts = Counter(reason for _, _, reason in rejected)
    rows = [{"file": name, "line": line, "reason": reason} for name, line, reason in rejected]
    run.write_json("rejected.json", {"counts": counts, "rows": rows})
    for reason, count in sum((p.notes.dropped for p in partitions), counts).items():
        run.drop(reason, count)
    table = pa.concat_tables([p.table.replace_schema_metadata(None) for p in partitions])
    run.tables["conversations"] = table.cast(CONVERSATIONS)
    run.rows_in = sum(p.notes.read for p in partitions)
    run.rows_out = table.num_rows
    run.metrics |= _metrics(partitions, table)


def _metrics(partitions: list[Partition], table: pa.Table) -> dict[str, object]:
    ids = table["conversation_id"]
    return {
        "partitions": len(partitions),
        "partitions_reused": sum(not p.new for p in partitions),
        "partitions_empty": [p.name for p in partitions if not p.notes.read],
        "conversations_in_several_files": len(ids) - len(ids.unique()),
        "languages": dict(Counter(table["language"].to_pylist())),
        "customers": len(set(table["customer_ref"].to_pylist()) - {""}),
    }
