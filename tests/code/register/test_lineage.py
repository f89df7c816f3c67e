"""Lineage, names and metrics: the pure parts."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.evaluate.champion import Champion
from pipelines.register import lineage, tracking
from pipelines.start.pinned import Start, write_start
from tests.code.evaluate.checkout import add_versions, tiny_params


def test_md5s_are_those_of_the_stages_outputs(tmp_path):
    add_versions(tmp_path)
    found = lineage.data_md5s(tmp_path)
    assert found["data/ingested"] == f"{0:032x}"
    assert "data/checks/ingest" not in found


def test_an_adapter_tells_what_it_went_on_from(tmp_path):
    assert lineage.started_from(tmp_path) == ""
    write_start(tmp_path, Start(Champion("kefu-instruction", "3", "b" * 64, "a" * 64), 1))
    assert lineage.started_from(tmp_path) == "kefu-instruction/3"


def test_no_lock_is_an_error_that_says_what_to_run(tmp_path):
    with pytest.raises(KefuError, match="dvc repro"):
        lineage.data_md5s(tmp_path)


def test_code_is_dirty_when_a_tracked_file_differs_but_not_for_the_lock(tmp_path):
    add_versions(tmp_path)
    subprocess.run(["git", "add", "-f", "dvc.lock"], cwd=tmp_path, check=True)
    assert lineage._code(tmp_path)["code_dirty"] == "false"
    (tmp_path / ".gitignore").write_text("other")
    found = lineage._code(tmp_path)
    assert found["code_dirty"] == "true" and len(found["git_sha"]) == 40


def test_outside_of_git_is_an_error(tmp_path):
    with pytest.raises(KefuError, match="version is unknown"):
        lineage._code(tmp_path)


def test_the_digest_changes_with_any_parameter():
    digests = {lineage.params_digest(tiny_params(seed=seed)) for seed in (1, 2)}
    assert len(digests) == 2
    assert lineage.params_digest(tiny_params(seed=1)) in digests


def test_a_run_id_stands_quoted_in_airflows_address(monkeypatch):
    monkeypatch.setenv("KEFU_AIRFLOW_URL", "http://127.0.0.1:8080")
    assert lineage.airflow_run_url("a+b:c").endswith("/dags/retrain/runs/a%2Bb%3Ac")


def test_metrics_are_numbers_by_name():
    found = tracking.flat_metrics(
        {
            "seconds": 1.5,
            "rows_in": 3,
            "dropped": {"too_short": 2},
            "metrics": {"a": {"b": 1, "c": "text"}, "largest_clusters": {"id": 9}},
        }
    )
    assert found == {"seconds": 1.5, "rows_in": 3, "dropped.too_short": 2, "a.b": 1}


@given(st.text(min_size=1, max_size=300))
def test_metric_names_are_what_mlflow_takes(name):
    found = tracking.metric_name(name)
    assert 0 < len(found) <= 250
    assert set(found) <= set(tracking.FITS) | {"_"}


def test_a_curve_is_a_metric_a_number_and_step(tmp_path):
    (tmp_path / "h.json").write_text('[{"step": 1, "loss": 2.5}, {"step": 2, "eval_loss": null, "loss": 2}]')
    found = [(m.key, m.value, m.step) for m in tracking.curve(tmp_path / "h.json")]
    assert found == [("loss", 2.5, 1), ("loss", 2.0, 2)]
    assert tracking.curve(tmp_path / "none.json") == []


def test_without_a_server_the_error_says_what_to_do(own_home, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(KefuError, match="make up"):
        tracking.connect()
