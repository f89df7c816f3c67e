"""A disk that is full or read-only: a clear error, nothing half, and the same bytes once it is mended."""

import sys
import types

import numpy
import pyarrow as pa
import pytest

from pipelines.errors import UnavailableError
from pipelines.ingest.restricted import partition_path, read_partition, write_partition
from pipelines.mask import store
from pipelines.mask.tally import Tally
from pipelines.records import CONVERSATIONS, CORPUS
from pipelines.stage import execute
from tests.faults.disks import disk

ROWS = 400


def corpus(rows):
    """Text that does not compress."""
    random = numpy.random.default_rng(7)
    columns = {name: ["x"] * rows for name in CORPUS.names}
    columns["text"] = [random.bytes(400).hex() for _ in range(rows)]
    return pa.Table.from_pydict(columns, CORPUS)


def no_check(stage, tables, docs):
    return {"success": True}


@pytest.fixture
def split(monkeypatch, params):
    """Runs the stage `split` in a folder; it writes so many rows."""

    def run(root, rows):
        module = types.ModuleType("pipelines.split.stage")
        module.run = lambda params, run: run.write("corpus", corpus(rows), CORPUS)
        monkeypatch.setitem(sys.modules, "pipelines.split.stage", module)
        execute("split", params, root, no_check)
        return (root / "data/split/corpus.parquet").read_bytes()

    return run


def test_a_stage_on_a_full_disk_leaves_the_earlier_output_and_goes_on_when_there_is_space(
    tmp_path, own_home, split
):
    wanted = split(tmp_path / "large", ROWS)
    with disk(tmp_path / "small", 120) as small:
        before = split(small.path, 10)
        with pytest.raises(UnavailableError, match="the disk is full"):
            split(small.path, ROWS)
        assert (small.path / "data/split/corpus.parquet").read_bytes() == before
        assert [p.name for p in (small.path / "data").iterdir() if p.name.startswith(".")] == []
        small.resize(4000)
        assert split(small.path, ROWS) == wanted


def test_a_stage_on_a_read_only_disk(tmp_path, own_home, split):
    with disk(tmp_path / "locked", 4000) as locked:
        before = split(locked.path, 10)
        locked.lock()
        with pytest.raises(OSError, match="Read-only"):
            split(locked.path, ROWS)
        assert (locked.path / "data/split/corpus.parquet").read_bytes() == before
        locked.unlock()
        assert len(split(locked.path, ROWS)) > len(before)


def test_a_full_restricted_area_and_a_full_store_hold_nothing_half(tmp_path, monkeypatch):
    table = conversations()
    with disk(tmp_path / "home", 100) as small:
        monkeypatch.setenv("KEFU_HOME", str(small.path))
        with pytest.raises(OSError, match="No space left"):
            write_partition("a" * 64, table)
        with pytest.raises(OSError, match="No space left"):
            store.remember("b" * 64, table, Tally())
        assert not partition_path("a" * 64).exists() and store.recall("b" * 64) is None
        assert [p for p in small.path.rglob("*") if p.is_file()] == []
        small.resize(4000)
        write_partition("a" * 64, table)
        store.remember("b" * 64, table, Tally())
        assert read_partition("a" * 64) == table and store.recall("b" * 64)[0] == table


def conversations():
    random = numpy.random.default_rng(7)
    rows = []
    for number in range(ROWS):
        message = {"role": "customer", "content": random.bytes(300).hex(), "sent_at": None}
        row = dict.fromkeys(CONVERSATIONS.names) | {"conversation_id": f"c{number}", "messages": [message]}
        rows.append(row)
    return pa.Table.from_pylist(rows, CONVERSATIONS)
