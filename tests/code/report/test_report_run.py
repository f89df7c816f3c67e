"""The report into an MLflow store of its own, over a registered version made by hand."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import KefuError
from pipelines.records import SAMPLES
from pipelines.report.run import key_figures, lineage_rows, note, report
from pipelines.results import write_result
from tests.code.evaluate.checkout import tiny_params
from tests.code.report.made import FIGURES, LATENCY, sample

RUN = "scheduled__2026-09-14T03:00:00+00:00"
SUMMARY = {
    "verdict": "NOT BLESSED",
    "reasons": [{"check": "c", "passed": False, "found": 0, "limit": 1, "says": "too little"}],
    "models": {"base": FIGURES, "candidate": {**FIGURES, "latency": LATENCY}},
    "gain": {"base": {"gain": 0.5, "low": 0.4, "high": 0.6, "n": 10}},
    "slices": [],
    "sample": {"n": 2, "by_kind": {"faq": 2}},
    "champion_note": "no champion",
    "intent_method": "nearest",
    "base": {"name": "tiny"},
}


@pytest.fixture
def registered(tmp_path, own_home, monkeypatch):
    """(root, client, result) with one version of each model and an evaluated checkout."""
    from pipelines.register import tracking

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    client = tracking.connect()
    run = tracking.parent_run(client, tracking.experiment(client, "kefu"), RUN)
    for name in ("kefu-domain", "kefu-instruction"):
        client.create_registered_model(name)
        tags = {"git_sha": "a" * 40, "dvc.data/split": "b" * 32}
        client.create_model_version(name, str(tmp_path), run.info.run_id, tags=tags)
    result = {"name": "kefu-instruction", "version": "1", "domain_name": "kefu-domain", "domain_version": "1"}
    result |= {"run_id": run.info.run_id, "experiment_id": run.info.experiment_id, "dag_run_id": RUN}
    result |= {"mlflow_url": "http://127.0.0.1:5000", "verdict": "NOT BLESSED"}
    write_result(RUN, "register", result)
    folder = tmp_path / "data/evaluation"
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text(json.dumps(SUMMARY))
    table = pa.Table.from_pylist([sample("base"), sample("candidate")], schema=SAMPLES)
    pq.write_table(table, folder / "samples.parquet")
    return tmp_path, client, result


def test_the_page_is_logged_tagged_and_left_beside_the_run(registered, own_home):
    root, client, result = registered
    written = report(tiny_params(), RUN, root)
    assert {"report.html", "losses.svg"} <= {f.path for f in client.list_artifacts(result["run_id"])}
    [page] = (own_home / "reports").rglob("report.html")
    assert "a" * 40 in page.read_text() and "b" * 32 in page.read_text()
    for name in ("kefu-instruction", "kefu-domain"):
        assert client.get_model_version(name, "1").tags["report_url"] == written["report_url"]
    run = client.get_run(result["run_id"])
    assert run.info.status == "FINISHED"
    assert run.data.tags["mlflow.note.content"].startswith("**NOT BLESSED**")
    assert note("x", "en", "http://a") == "x · [Approve or reject in Airflow](http://a)"
    assert note("x", "en", "") == "x"


def test_what_the_dag_gets_says_what_to_decide_and_holds_no_rows_text(registered):
    root, _, result = registered
    written = report(tiny_params(), RUN, root)
    assert {"name", "version", "domain_version", "verdict", "run_id", "stages"} <= set(written)
    assert f"/runs/{result['run_id']}/artifacts/report.html?" in written["report_url"]
    assert "too little" in written["summary"] and written["report_url"] in written["summary"]
    assert "退款" not in json.dumps(written, ensure_ascii=False)


def test_a_run_that_is_not_registered_is_an_error(registered):
    with pytest.raises(KefuError, match="register --run-id 'other'"):
        report(tiny_params(), "other", registered[0])


def test_key_figures_are_short_texts():
    found = key_figures(SUMMARY)
    assert found["key facts, candidate"] == "6/10 (60%)"
    assert found["gain over base"] == "+50.0 points (95 % interval +40.0 to +60.0)"
    assert found["latency"] == "p50 1.0 s, p95 2.0 s"


def test_lineage_names_what_it_lists():
    rows = lineage_rows({"git_sha": "abc", "dvc.data/split": "123", "unlisted": "x"})
    assert ("git_sha", "abc") in rows and ("data/split, md5", "123") in rows
    assert "x" not in [value for _, value in rows]
