"""ingest: every source file becomes one encrypted partition of conversations.

Everything that can be wrong with the input is found before anything is written. A file whose key (bytes,
mapping, this code, its packages, reference key, what pii.yaml lists) already stands in the restricted area
is not read again, whatever its name. A file stands there whole; what `since` and `until` leave of it, where
that is not all, is a partition of its own.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import home, records
from pipelines.errors import KefuError
from pipelines.fingerprint import digest, fingerprint_code
from pipelines.ingest import arrivals, formats
from pipelines.ingest.conversations import Gathering, Notes
from pipelines.ingest.drafts import referrer
from pipelines.ingest.files import SourceFile, find, kind_suffix, unpack
from pipelines.ingest.mapping import Mapping, mapping_of, missing_columns
from pipelines.ingest.restricted import partition_path, read_partition, stamped, write_partition
from pipelines.ingest.values import time_ms
from pipelines.mask import detect, labels, normalise, policy
from pipelines.mask.detect import find_simple
from pipelines.mask.pii_file import load_policy
from pipelines.mask.policy import Policy
from pipelines.packages import deciding
from pipelines.params import Params
from pipelines.params.sections import Ingest
from pipelines.progress import Progress
from pipelines.published import last_manifest
from pipelines.records import CONVERSATIONS, TIME
from pipelines.stage import StageRun

LOOKED_AT = (records, detect, labels, normalise, policy)
CODE = (Path(__file__).parent, *(Path(module.__file__ or "") for module in LOOKED_AT))
NOTES = b"kefu.notes"
SHOWN_ROWS = 5
TICK_ROWS = 10_000


@dataclass(frozen=True)
class Shared:
    """What every file's table depends on besides the file."""

    ref_key: bytes
    code: str
    policy: Policy


@dataclass
class Partition:
    """One source file, read or taken from the restricted area."""

    name: str
    source: str
    sha256: str
    key: str  # of `table`
    table: pa.Table  # what `since` and `until` leave
    notes: Notes
    new: bool
    to_write: dict[str, pa.Table] = field(default_factory=dict)  # by key


def run(params: Params, run: StageRun) -> None:
    ref_key = home.key("KEFU_REF_KEY")
    home.key("KEFU_RESTRICTED_KEY")
    shared = Shared(ref_key, fingerprint_code(*CODE), load_policy(run.knowledge, params.mask))
    jobs = _plan(params, shared, run.landing)
    progress = run.progress(sum(file.size_bytes for file, _ in jobs) // 1024, "kB")
    partitions = [_partition(file, mapping, shared, params.ingest, progress) for file, mapping in jobs]
    progress.close()
    for source in params.sources:
        _check(source.name, [p for p in partitions if p.source == source.name], jobs, params.ingest)
    manifest = [_named(partition) for partition in partitions]
    _tell_arrivals(params, run, manifest)
    for partition in partitions:
        for key, table in partition.to_write.items():
            write_partition(key, table)
    _report(run, partitions, manifest)


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


def _partition(
    file: SourceFile, mapping: Mapping, shared: Shared, ingest: Ingest, progress: Progress
) -> Partition:
    data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    key = partition_key(file, sha256, shared)
    new = not partition_path(key).exists()
    whole = _read(file, data, mapping, shared, progress) if new else read_partition(key)
    if not new:
        progress.add(file.size_bytes // 1024)
    notes = Notes.parse(whole.schema.metadata[NOTES])
    table = within(whole, ingest, notes)
    to_write = {key: whole} if new else {}
    if table.num_rows < whole.num_rows:
        key = digest(key, table["source_row"].to_pylist())
        to_write |= {} if partition_path(key).exists() else {key: table}
    return Partition(file.partition, file.source.name, sha256, key, table, notes, new, to_write)


def partition_key(file: SourceFile, sha256: str, shared: Shared) -> str:
    """64 hex digits over all that the table of a file with these bytes depends on.

    Its name does not belong to it, but for the end that says its format.
    """
    mapping = file.source.model_dump(mode="json", exclude={"path", "glob"})
    kind = kind_suffix(file.partition)
    ours = (shared.code, deciding("ingest"), digest(shared.ref_key), shared.policy.scan_key)
    return digest(sha256, kind, mapping, *ours)


def within(table: pa.Table, ingest: Ingest, notes: Notes) -> pa.Table:
    """The conversations that start from `since` on and before `until` (UTC days); a time that is not known is
    within. What is left out is counted in `notes`."""
    for day, compare, reason in (
        (ingest.since, pc.less, "before_since"),
        (ingest.until, pc.greater_equal, "from_until_on"),
    ):
        if day is None:
            continue
        bound = pa.scalar(time_ms(day), pa.int64()).cast(TIME)
        out = pc.fill_null(compare(table["started_at"], bound), False)
        if count := pc.sum(out).as_py():
            notes.dropped[reason] += count
            table = table.filter(pc.invert(out))
    return table


def _read(file: SourceFile, data: bytes, mapping: Mapping, shared: Shared, progress: Progress) -> pa.Table:
    name, plain = unpack(file.partition, data)
    kind = formats.format_of(name, file.source.format, file.partition)
    rows = formats.rows(kind, plain, file.source.encoding, file.partition, mapping.wanted)
    if rows.columns:
        mapping.check_header(rows.columns, file.partition)
    gathering = Gathering(mapping, referrer(shared.ref_key))
    gathering.add(_ticking(rows, file.size_bytes // 1024, progress))
    table = gathering.table(shared.policy)
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
            f"no conversation of the source {source!r} starts from {ingest.since or 'ever'} on"
            f" and before {ingest.until or 'now'}",
            "params.yaml, ingest.since, ingest.until",
            "choose other days",
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


def _named(partition: Partition) -> dict[str, str | int]:
    """A partition's entry in the manifest."""
    return {
        "partition": partition.name,
        "key": partition.key,
        "sha256": partition.sha256,
        "rows": partition.table.num_rows,
        "rejected": len(partition.notes.rejected),
    }


def _report(run: StageRun, partitions: list[Partition], manifest: list[dict[str, str | int]]) -> None:
    """Manifest, rejected rows by place and reason, counts; nothing of it holds text."""
    run.write_json("manifest.json", {"partitions": manifest})
    rejected = [(p.name, line, reason) for p in partitions for line, reason in p.notes.rejected]
    counts = Counter(reason for _, _, reason in rejected)
    rows = [{"file": name, "line": line, "reason": reason} for name, line, reason in rejected]
    run.write_json("rejected.json", {"counts": counts, "rows": rows})
    for reason, count in sum((p.notes.dropped for p in partitions), counts).items():
        run.drop(reason, count)
    table = pa.concat_tables([stamped(p.table, p.name) for p in partitions])
    run.tables["conversations"] = table.cast(CONVERSATIONS)
    run.rows_in = sum(p.notes.read for p in partitions)
    run.rows_out = table.num_rows
    run.metrics |= _metrics(partitions, table)


def _tell_arrivals(params: Params, run: StageRun, manifest: list[dict[str, str | int]]) -> None:
    """Into metrics and log: what came and went since the last run that was published."""
    before = last_manifest(run.root, os.environ.get("KEFU_RUN", ""))
    found = {}
    for source in params.sources:
        if then := arrivals.of_source(before or (), source.name):
            files = arrivals.compare(then, arrivals.of_source(manifest, source.name))
            arrivals.limit(source.name, then, files, params.ingest.max_vanished_share)
            found[source.name] = files
    for line in arrivals.tell(found):
        print(line, flush=True)
    run.metrics["arrivals"] = {name: asdict(files) for name, files in found.items()}


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
