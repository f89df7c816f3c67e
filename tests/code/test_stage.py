"""What every stage shares: whole or not at all, schemas, counts by reason, same bytes."""

import json
import sys
import types
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import KefuError
from pipelines.records import CORPUS
from pipelines.stage import SAMPLES_PER_REASON, StageRun, conform, execute, read_table

ROW = {"doc_id": "d1", "group_id": "g1", "origin": "policy", "language": "zh", "text": "七天内可以退货"}


@pytest.fixture
def room(monkeypatch):
    """Lets a test say what the stage `split` does."""

    def install(work):
        module = types.ModuleType("pipelines.split.stage")
        module.run = work
        monkeypatch.setitem(sys.modules, "pipelines.split.stage", module)

    return install


def write_corpus(params, run):
    run.rows_in = 3
    run.drop("too_short", sample={"text": "<姓名1>"})
    run.drop("too_short", 1)
    run.write("corpus", pa.Table.from_pylist([ROW], schema=CORPUS), CORPUS)


def no_check(stage, tables, docs):
    return {"success": True, "tables": {name: {} for name in tables}}


def test_output_and_metrics_appear_whole(room, params, tmp_path):
    room(write_corpus)
    metrics = execute("split", params, tmp_path, no_check)
    assert read_table(tmp_path / "data/split/corpus.parquet", CORPUS).to_pylist() == [ROW]
    assert (metrics["rows_in"], metrics["rows_out"], metrics["dropped"]) == (3, 1, {"too_short": 2})
    assert json.loads((tmp_path / "data/metrics/split.json").read_text())["dropped"] == {"too_short": 2}
    assert [p.name for p in (tmp_path / "data").iterdir() if p.name.startswith(".")] == []


def test_a_written_table_is_read_from_its_file_for_the_checks(room, params, tmp_path):
    def check(stage, tables, docs):
        assert isinstance(tables.data["corpus"], Path)
        [(name, table)] = tables.items()
        assert (name, table.schema, table.to_pylist()) == ("corpus", CORPUS, [ROW])
        return {}

    room(write_corpus)
    execute("split", params, tmp_path, check)


def test_a_failure_leaves_the_earlier_output_as_it_was(room, params, tmp_path):
    room(write_corpus)
    execute("split", params, tmp_path, no_check)
    before = (tmp_path / "data/split/corpus.parquet").read_bytes()

    def breaks(params, run):
        run.write("corpus", pa.Table.from_pylist([ROW, ROW], schema=CORPUS), CORPUS)
        raise RuntimeError("in mid-stage")

    room(breaks)
    with pytest.raises(RuntimeError):
        execute("split", params, tmp_path, no_check)
    assert (tmp_path / "data/split/corpus.parquet").read_bytes() == before
    assert not (tmp_path / "data/.split.partial").exists()


def test_before_masking_an_unexpected_error_quotes_nothing(monkeypatch, params, tmp_path):
    def breaks(params, run):
        raise ValueError("cannot parse '13812345678'")

    module = types.ModuleType("pipelines.ingest.stage")
    module.run = breaks
    monkeypatch.setitem(sys.modules, "pipelines.ingest.stage", module)
    with pytest.raises(KefuError, match="unexpected ValueError") as caught:
        execute("ingest", params, tmp_path, no_check)
    assert "13812345678" not in str(caught.value) and "stage.py" in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


@pytest.mark.parametrize("stage", ["ingest", "mask"])
def test_before_masking_a_check_that_breaks_quotes_nothing_either(monkeypatch, params, tmp_path, stage):
    def breaks(*_):
        raise ValueError("Could not convert '13812345678'")

    module = types.ModuleType(f"pipelines.{stage}.stage")
    module.run = lambda params, run: None
    monkeypatch.setitem(sys.modules, f"pipelines.{stage}.stage", module)
    with pytest.raises(KefuError, match="unexpected ValueError") as caught:
        execute(stage, params, tmp_path, breaks)
    assert "13812345678" not in str(caught.value)


def test_a_failed_check_publishes_nothing(room, params, tmp_path):
    def refuses(stage, tables, docs):
        raise KefuError("1 row is not right")

    room(write_corpus)
    with pytest.raises(KefuError):
        execute("split", params, tmp_path, refuses)
    assert not (tmp_path / "data/split").exists()


def test_same_table_same_bytes(room, params, tmp_path):
    room(write_corpus)
    for root in (tmp_path / "a", tmp_path / "b"):
        execute("split", params, root, no_check)
    a, b = ((tmp_path / root / "data/split/corpus.parquet").read_bytes() for root in "ab")
    assert a == b


def test_missing_columns_are_named():
    with pytest.raises(KefuError, match="text"):
        conform(
            pa.table({"doc_id": ["a"], "group_id": ["b"], "origin": ["c"], "language": ["zh"]}),
            CORPUS,
            "here",
        )


def test_missing_and_damaged_tables_say_what_to_do(tmp_path):
    with pytest.raises(KefuError, match="dvc repro"):
        read_table(tmp_path / "none.parquet", CORPUS)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(KefuError, match="damaged"):
        read_table(tmp_path / "bad.parquet", CORPUS)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path):
    for name in ("b", "a"):
        pq.write_table(
            pa.Table.from_pylist([{**ROW, "doc_id": name}], schema=CORPUS), tmp_path / f"{name}.parquet"
        )
    assert read_table(tmp_path, CORPUS).column("doc_id").to_pylist() == ["a", "b"]


def test_samples_are_few_and_counts_are_all(params):
    run = StageRun("split", params)
    for number in range(50):
        run.drop("insult", sample={"row": number})
    assert run.dropped["insult"] == 50 and len(run.samples["insult"]) == SAMPLES_PER_REASON
