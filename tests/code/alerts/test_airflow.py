"""What Airflow's callbacks tell, with contexts as Airflow gives them; none of them raises."""

import json
from types import SimpleNamespace

import pytest

from pipelines.alerts import airflow
from pipelines.results import write_result
from pipelines.servers.rest import Airflow
from pipelines.steps import StepFailed
from pipelines.workspace import name_of

RUN = "manual__2026-11-23T19:00:00+00:00"
WRITTEN = {
    "name": "kefu-instruction",
    "version": "3",
    "verdict": "NOT BLESSED",
    "report_url": "http://mlflow/report",
    "blocked_by": ["loss against base", "suite emotion"],
    "drift": [{"by": "intent", "distance": 0.21, "by_chance": 0.04, "beyond": True}],
}


BRAKED = SimpleNamespace(dag_id="retrain", max_consecutive_failed_dag_runs=5)


def after(monkeypatch, states, behind=()):
    """Airflow knows this run, before it runs in these states, the latest first, and others behind it."""
    runs = [{"dag_run_id": f"later{i}", "state": s} for i, s in enumerate(behind)]
    runs += [{"dag_run_id": RUN, "state": "running"}]
    runs += [{"dag_run_id": f"earlier{i}", "state": s} for i, s in enumerate(states)]
    monkeypatch.setattr(Airflow, "__init__", lambda self: None)
    monkeypatch.setattr(Airflow, "runs", lambda self, dag, most: runs[:most])


@pytest.fixture(autouse=True)
def log_only(own_home, monkeypatch):
    monkeypatch.delenv("KEFU_WEBHOOK_URL", raising=False)
    monkeypatch.setattr(airflow, "brakes", lambda *_: False)


def told(home):
    path = home / "logs/alerts.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def ti(task="tune", pulled=None):
    return SimpleNamespace(
        task_id=task,
        dag_id="retrain",
        run_id=RUN,
        log_url="http://airflow/log",
        xcom_pull=lambda task_ids: pulled,
    )


def test_a_failed_task_is_told_with_its_reason(own_home):
    failure = StepFailed(
        "`dvc repro tune` ended with 2\nerror: too little memory\n  to do: tune.batch_size", ""
    )
    airflow.failed({"ti": ti(), "exception": failure})
    [alert] = told(own_home)
    assert (alert["kind"], alert["run"], alert["where"]) == ("failed", RUN, "http://airflow/log")
    assert "task tune of retrain: error: too little memory" in alert["what"]
    assert "clear the task" in alert["what_to_do"] and "unpause" not in alert["what_to_do"]


def test_the_brake_is_told(own_home, monkeypatch):
    monkeypatch.setattr(airflow, "brakes", lambda *_: True)
    airflow.failed({"ti": ti(), "exception": MemoryError()})
    [alert] = told(own_home)
    assert "retrain is paused" in alert["what"] and "unpause retrain" in alert["what_to_do"]


@pytest.mark.parametrize(
    ("earlier", "brake"),
    [(["failed"] * 4, True), (["failed"] * 3 + ["success"], False), (["failed"] * 3, False), ([], False)],
)
def test_the_brake_counts_failed_runs_in_a_row(earlier, brake, monkeypatch):
    monkeypatch.undo()
    after(monkeypatch, earlier)
    assert airflow.brakes(BRAKED, RUN) is brake
    assert airflow.brakes(SimpleNamespace(dag_id="watch", max_consecutive_failed_dag_runs=0), RUN) is False


def test_a_run_that_waits_behind_keeps_airflow_from_pausing(monkeypatch):
    monkeypatch.undo()
    after(monkeypatch, ["failed"] * 5, behind=["queued"])
    assert airflow.brakes(BRAKED, RUN) is False


def test_where_no_server_is_known_the_brake_is_not_claimed(own_home, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("KEFU_HOME", str(own_home))
    assert airflow.brakes(BRAKED, RUN) is False


def test_a_dag_that_fails_over_and_over_is_told_once_until_it_succeeds(own_home, monkeypatch):
    for before in ([], ["failed"], ["failed", "failed"], ["success", "failed"], ["failed", "success"]):
        after(monkeypatch, before)
        airflow.failed_anew({"ti": ti("look"), "exception": MemoryError()})
    assert len(told(own_home)) == 2


@pytest.mark.parametrize("behind", [["queued"], ["failed", "queued"], ["success"]])
def test_runs_behind_this_one_and_those_not_done_do_not_count(own_home, monkeypatch, behind):
    after(monkeypatch, ["running", "failed", "success"], behind)
    airflow.failed_anew({"ti": ti("look"), "exception": MemoryError()})
    assert told(own_home) == []
    after(monkeypatch, ["queued", "success", "failed"], behind)
    airflow.failed_anew({"ti": ti("look"), "exception": MemoryError()})
    assert len(told(own_home)) == 1


def test_a_failure_is_told_where_the_runs_before_cannot_be_asked_for(own_home):
    airflow.failed_anew({"ti": ti("look"), "exception": MemoryError()})
    assert len(told(own_home)) == 1


def test_an_overdue_run(own_home):
    run = {"dag_id": "retrain", "dag_run_id": RUN, "queued_at": "2026-11-20T19:00:00Z", "state": "running"}
    airflow.overdue(context={"dag_run": run, "deadline": {"id": "1"}}, more="ignored")
    [alert] = told(own_home)
    assert alert["kind"] == "overdue" and "is running" in alert["what"]


def test_a_blocked_candidate_and_drift_are_told_when_the_report_is_written(own_home):
    write_result(RUN, "report", WRITTEN)
    airflow.reported({"ti": ti("report")})
    blocked, drift = told(own_home)
    assert blocked["kind"] == "blocked" and "loss against base, suite emotion" in blocked["what"]
    assert drift["kind"] == "drift" and "intent 0.210 (chance 0.040)" in drift["what"]
    assert {blocked["where"], drift["where"]} == {"http://mlflow/report"}


def arrivals(home, **files):
    path = home / "runs" / name_of(RUN) / "data/metrics/ingest.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"metrics": {"arrivals": files}}))


def test_vanished_files_are_told_when_ingest_is_done(own_home):
    gone = {f"shop/{week}.jsonl": 40 for week in range(7)}
    arrivals(own_home, shop={"vanished": gone}, other={"vanished": {}, "new": ["other/a"]})
    airflow.ingested({"ti": ti("ingest"), "params": {"keep_data": True}})  # another run's data, told by that
    airflow.ingested({"ti": ti("ingest"), "params": {}})
    [alert] = told(own_home)
    assert (alert["kind"], alert["run"], alert["where"]) == ("vanished", RUN, "http://airflow/log")
    assert alert["what"].startswith("7 files of shop have vanished, 280 conversations: shop/0.jsonl, ")
    assert "Files vanished" in alert["what_to_do"] and alert["what"].endswith("shop/4.jsonl ...")


def test_a_blessed_candidate_without_drift_is_no_alert(own_home):
    write_result(RUN, "report", {**WRITTEN, "verdict": "BLESSED", "drift": []})
    airflow.reported({"ti": ti("report")})
    assert told(own_home) == []


def test_a_waiting_approval_is_told_with_its_subject(own_home):
    asked = {"subject": "Promote kefu-instruction version 3? BLESSED", "report_url": "http://mlflow/report"}
    airflow.waiting({"ti": ti("request", asked)})
    [alert] = told(own_home)
    assert alert["kind"] == "approval" and alert["what"].startswith("Promote kefu-instruction version 3")


@pytest.mark.parametrize(
    "tell",
    [
        airflow.failed,
        airflow.failed_anew,
        airflow.overdue,
        airflow.reported,
        airflow.waiting,
        airflow.ingested,
    ],
)
def test_no_callback_raises(tell, own_home):
    tell({})
    tell({"ti": ti("report")}) if tell in (airflow.reported, airflow.ingested) else tell(context={})
    assert told(own_home) == []
