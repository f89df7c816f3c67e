"""Which run is the one before, and what is known of it."""

import pytest
from mlflow import MlflowClient

from pipelines.register.tracking import COMPLETE, DAG_RUN, ROLE
from pipelines.report.previous import differences, previous_run

FILE = "allow:\n- 小栗\n"


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}")


@pytest.fixture
def add(client, tmp_path):
    """add(name, at, ...): a parent run with its child `mask`; returns the parent's id."""
    experiments = {}

    def add(name, at, finds=None, complete=True, file=None, experiment="kefu"):
        if experiment not in experiments:
            experiments[experiment] = client.create_experiment(experiment)
        made = experiments[experiment]
        parent = client.create_run(made, start_time=at, tags={DAG_RUN: name, ROLE: "parent"}).info.run_id
        client.log_param(parent, "mask.score_threshold", "0.5")
        if file:
            (tmp_path / "pii.yaml").write_text(file)
            client.log_artifact(parent, str(tmp_path / "pii.yaml"))
        if finds:
            tags = {DAG_RUN: name, ROLE: "mask"} | ({COMPLETE: "true"} if complete else {})
            child = client.create_run(made, start_time=at, tags=tags).info.run_id
            for kind, count in finds.items():
                client.log_metric(child, f"masked_by_type.{kind}", count)
            client.log_metric(child, "rows_in", 7)
            client.log_metric(child, "messages.all", 40)
        return parent

    return add


def test_the_first_run_has_none_before_it(client, add):
    add("of another experiment", 1000, {"PHONE": 9}, experiment="other")
    only = add("r1", 2000, {"PHONE": 1})
    add("later", 3000, {"PHONE": 9})
    assert previous_run(client, only) is None


def test_the_latest_earlier_run_that_masked_is_the_one_before(client, add):
    add("oldest", 1000, {"PHONE": 1})
    add("before", 1757304000000, {"PHONE": 4, "QQ": 2}, file=FILE)
    add("masked nothing", 1757304001000)
    add("did not finish", 1757304002000, {"PHONE": 8}, complete=False)
    own = add("own", 1757304003000, {"PHONE": 5})
    found = previous_run(client, own)
    assert (found.run, found.by_type, found.pii_file) == ("before", {"PHONE": 4, "QQ": 2}, FILE)
    assert found.messages == 40
    assert found.at == "2025-09-08 04:00 UTC" and found.params == {"mask.score_threshold": "0.5"}


def test_a_run_without_the_stewards_file_is_told_apart(client, add):
    add("before", 1000, {"PHONE": 4})
    assert previous_run(client, add("own", 2000)).pii_file is None


def test_differences_are_of_parameters_that_both_runs_have():
    before = {"mask.score_threshold": "0.5", "mask.old": "1", "mask.same": "2"}
    now = {"mask.score_threshold": "0.7", "mask.same": "2", "mask.new": "3"}
    assert differences(before, now) == [("mask.score_threshold", "0.5", "0.7")]
