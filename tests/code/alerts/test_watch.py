"""What the calendar notices, from answers as Airflow gives them."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from pipelines.alerts import watch as module
from pipelines.alerts.watch import watch
from pipelines.errors import KefuError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Answers:
    """Airflow's answers; every name that `watch` calls and nothing else."""

    url = "http://airflow"

    def __init__(self, runs=(), approvals=(), paused=False, looks=()):
        self._runs, self._approvals, self._paused = {"retrain": runs, "watch": looks}, list(approvals), paused

    def runs(self, dag_id, most):
        return list(self._runs[dag_id])[:most]

    def dag(self, dag_id):
        return {"is_paused": self._paused}

    def pending_approvals(self):
        return self._approvals


def run(state, day, end=True):
    at = f"2026-11-{day:02}T03:00:00Z"
    return {"state": state, "run_after": at, "end_date": at if end else None}


def asked(day):
    return {
        "subject": "Promote kefu-instruction version 3?",
        "created_at": f"2026-11-{day:02}T11:00:00Z",
        "task_instance": {"dag_run_id": "r1"},
    }


def tell(kept):
    return lambda kind, run, what, where, what_to_do: kept.append((kind, what))


@pytest.fixture
def told(monkeypatch, params, own_home):
    def ask(answers, kept=None, **retention):
        kept = [] if kept is None else kept
        monkeypatch.setattr(module, "Airflow", lambda: answers)
        limits = SimpleNamespace(silence_days=8)
        keeping = params.retention.model_copy(update={"min_free_gb": 0} | retention)
        watch(SimpleNamespace(limits=limits, retention=keeping), tell(kept), NOW)
        return kept

    return ask


def test_a_week_without_a_success_is_overdue(told):
    [(kind, what)] = told(Answers([run("failed", 23), run("success", 15), run("success", 8)], paused=True))
    assert kind == "overdue" and "since 2026-11-15 03:00 UTC and retrain is paused" in what
    assert told(Answers([run("failed", 23), run("success", 17)])) == []


def test_runs_that_never_succeeded_count_from_the_first(told):
    [(kind, what)] = told(Answers([run("running", 23, end=False), run("failed", 14)]))
    assert kind == "overdue" and "2026-11-14" in what and "paused" not in what


def test_a_new_installation_is_not_overdue(told):
    assert told(Answers()) == []


def test_a_landing_zone_that_cannot_be_looked_at_is_told_each_day(told):
    failed, well, again = (run(state, 23) | {"dag_run_id": "r"} for state in ("failed", "success", "running"))
    for looks in ([failed, well], [again, failed]):  # as it is between two tries, most of the time
        [(kind, what)] = told(Answers(looks=looks))
        assert kind == "failed" and what.startswith("watch fails, so new logs start no run")
    assert told(Answers(looks=[well, failed])) == told(Answers(looks=[failed], paused=True)) == []


def test_an_approval_is_told_again_after_a_day(told):
    assert told(Answers(approvals=[asked(24)])) == []
    [(kind, what)] = told(Answers(approvals=[asked(22)]))
    assert kind == "approval" and what.startswith(
        "Promote kefu-instruction version 3? (waiting since 2026-11-22"
    )


def test_airflow_that_does_not_answer_fails_the_watch_after_the_disk_is_told(told, own_home):
    class Silent(Answers):
        def runs(self, *_):
            raise KefuError("Airflow did not answer")

    own_home.mkdir()
    (own_home / "large").write_bytes(b"0" * 2_000_000)
    kept = []
    with pytest.raises(KefuError, match="did not answer"):
        told(Silent(), kept, max_gb=0.001, min_free_gb=1e6)
    large, full = kept
    assert {large[0], full[0]} == {"disk"} and "retention.max_gb is 0.001" in large[1]
    assert "retention.min_free_gb is 1e+06" in full[1]
