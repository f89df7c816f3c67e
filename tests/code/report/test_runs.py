"""What is known of other runs: their questions, their figures, and which of them is compared with."""

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mlflow import MlflowClient

from pipelines.records import EXAMPLES
from pipelines.register.tracking import COMPLETE, DAG_RUN, ROLE, log_data
from pipelines.report.history import history
from pipelines.report.questions import questions, reference
from pipelines.report.runs import KnownRun, earlier_runs, read_questions

REVIEW = "question,language,asked,candidates,confidence,now,decision\n"
NAME = "kefu-instruction"


def example(name, text, intent="refund/time", origin="log", asked=1):
    row = dict.fromkeys(EXAMPLES.names) | {"example_id": name, "origin": origin, "intent": intent}
    said = [{"role": "user", "content": text}, {"role": "assistant", "content": "好的"}]
    return row | {"language": "zh", "messages": said, "asked": asked}


def curated(folder, *rows, review=""):
    """The two files of curate that the report reads."""
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=EXAMPLES), folder / "examples.parquet")
    (folder / "intent_review.csv").write_text(REVIEW + review, encoding="utf-8-sig")
    return folder


def stored(home, folder):
    """Puts a folder into the data store as DVC does; its md5."""
    listed = []
    for path in sorted(folder.iterdir()):
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        listed.append({"md5": md5, "relpath": path.name})
        _put(home, md5, path.read_bytes())
    text = json.dumps(listed).encode()
    md5 = hashlib.md5(text).hexdigest()
    _put(home, f"{md5}.dir", text)
    return md5


def _put(home, md5, content):
    path = home / "dvc-cache/files/md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def client_of(path):
    return MlflowClient(tracking_uri=f"sqlite:///{path}", registry_uri=f"sqlite:///{path}")


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory):
    """A store with the experiment and the model, made once, since that takes seconds."""
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    client = client_of(path)
    client.create_experiment("kefu", artifact_location=str(path.parent))
    client.create_registered_model(NAME)
    return path


@pytest.fixture
def client(empty_store, tmp_path):
    return client_of(shutil.copy(empty_store, tmp_path / "mlflow.db"))


def add(client, name, at, share=0.5, md5="", stages=None):
    """A run with its stages and its version; the MLflow run's id."""
    tags = {DAG_RUN: name, ROLE: "parent", "verdict": "BLESSED"}
    run = client.create_run("1", start_time=at, tags=tags)
    if share is not None:
        client.log_metric(run.info.run_id, "candidate.key_facts", share)
        client.create_model_version(NAME, "file:///nowhere", run.info.run_id, tags={"decision": "approved"})
    if md5:
        log_data(client, run, {"data/curated": md5}, {})
    for stage, metrics in (stages or {}).items():
        tags = {DAG_RUN: name, ROLE: stage, COMPLETE: "true"}
        child = client.create_run("1", start_time=at, tags=tags).info.run_id
        for metric, value in metrics.items():
            client.log_metric(child, metric, value)
    return run.info.run_id


def test_the_last_four_evaluated_runs_stand_before_this_one(client):
    for number in range(6):
        add(client, f"r{number}", 1000 * number, share=number / 10)
    add(client, "not evaluated", 7000, share=None)
    cost = {"pretrain": {"cost_CNY": 0.1}, "tune": {"cost_CNY": 0.3}, "synthesize": {"rows_out": 12}}
    own = add(client, "own", 8000, stages=cost)
    found = history(client, own)
    assert [row["run"] for row in found] == ["r2", "r3", "r4", "r5", "own"]
    assert [row["version"] for row in found] == ["3", "4", "5", "6", "7"]
    assert found[-1]["own"] and found[-1]["cost"] == pytest.approx(0.4) and found[-1]["rows"] == 12
    assert found[0]["decision"] == "approved" and found[0]["cost"] is None and found[0]["p95_s"] is None


def test_the_first_run_stands_alone(client):
    own = add(client, "own", 1000)
    assert [row["run"] for row in history(client, own)] == ["own"]
    assert reference(client, own, Path("/nowhere")) is None


@pytest.mark.parametrize(
    ("pinned", "kind", "run"),
    [
        ({"name": NAME, "version": "1"}, "champion", "first"),
        (None, "before", "second"),
        ({"name": NAME, "version": "99"}, "before", "second"),  # deleted since
    ],
)
def test_the_champion_is_compared_with_and_else_the_run_before(client, tmp_path, pinned, kind, run):
    add(client, "first", 1000)
    add(client, "second", 2000)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/champion.json").write_text(json.dumps({"champion": pinned, "note": ""}))
    found = reference(client, add(client, "own", 3000), tmp_path)
    assert (found.kind, found.run.name) == (kind, run) and found.version


def test_what_is_new_is_told_from_what_the_other_run_had(client, tmp_path, own_home):
    old = curated(tmp_path / "old", example("c1#0", "多久退款"), example("f", "怎么开发票", origin="faq"))
    add(client, "before", 1000, md5=stored(own_home, old))
    curated(
        tmp_path / "data/curated",
        example("c1#0", "多久退款"),
        example("c2#0", "退款要多久", asked=2),
        example("c3#0", "你们卖帐篷吗", intent="product/stock", asked=4),
        review="'=怎么回事,zh,3,order/place 0.30,0.30,dropped: no_intent,\n",
    )
    found = questions(tmp_path, reference(client, add(client, "own", 2000), tmp_path))
    assert (found["state"], found["n"], found["new"]) == ("compared", 3, 2)
    assert [group["samples"] for group in found["groups"]] == [["你们卖帐篷吗"], ["=怎么回事"]]
    intents = found["by"][0]
    assert [(row["name"], row["before"], row["now"]) for row in intents["rows"]] == [
        ("refund/time", 1, 2),
        ("product/stock", 0, 1),
    ]
    assert intents["drift"]["distance"] > 0 and not intents["drift"]["beyond"]


def test_data_that_is_no_longer_stored_is_said_to_be_gone(client, tmp_path, own_home):
    add(client, "before", 1000, md5="a" * 32)
    curated(tmp_path / "data/curated", example("c1#0", "多久退款"))
    found = questions(tmp_path, reference(client, add(client, "own", 2000), tmp_path))
    assert (found["state"], found["n"], found["new"]) == ("gone", 1, None)
    assert found["groups"] == [] and found["by"][0]["drift"] is None


def test_without_curated_data_there_are_no_questions(tmp_path):
    found = questions(tmp_path, None)
    assert (found["state"], found["n"], found["groups"]) == ("nothing", 0, [])


def test_a_run_that_registered_nothing_has_no_version(client):
    run = client.create_run("1", start_time=1000, tags={DAG_RUN: "r", ROLE: "parent"})
    known = KnownRun(client, run)
    assert known.version is None and known.questions is None and known.stages == {}
    assert known.at == "1970-01-01 00:00 UTC" and earlier_runs(client, run.info.run_id, 5) == []


def test_cells_that_a_spreadsheet_would_run_are_read_as_they_were(tmp_path):
    folder = curated(
        tmp_path / "c", example("a", "x"), review="'+86怎么拨,zh,1,,0.1,x,\n'引用',zh,1,,0.1,x,\n"
    )
    uncertain = read_questions(folder / "examples.parquet", folder / "intent_review.csv").uncertain
    assert [asked.text for asked in uncertain] == ["+86怎么拨", "'引用'"]
    assert not any(asked.certain for asked in uncertain)
