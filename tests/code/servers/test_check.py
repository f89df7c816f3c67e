"""What dies or falls silent is told from outside Airflow, once, and starts again where that is asked for."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest

from pipelines.params import load
from pipelines.servers import check as module
from pipelines.servers import control
from pipelines.servers.alone import alone
from pipelines.servers.check import check
from tests.code.servers.conftest import until_gone

WELL = {name: {"status": "healthy"} for name in module.HEARTBEATS}


@pytest.fixture
def health(four, monkeypatch):
    """Both addresses answer with this; MLflow's and Airflow's ports are one real server's."""
    told = dict(WELL)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    monkeypatch.setattr(control, "_ports", lambda *_: {"airflow_port": port, "mlflow_port": port})
    monkeypatch.setattr(module, "PATIENCE_S", 0)
    monkeypatch.setattr(module, "ASK_EVERY_S", 0)
    control.up()
    yield told
    server.shutdown()
    server.server_close()


def alerts(home):
    path = home / "logs/alerts.jsonl"
    return [json.loads(line)["what"] for line in path.read_text().splitlines()] if path.exists() else []


def kill(name):
    server = control.state()["servers"][name]
    psutil.Process(int(server["pid"])).kill()
    until_gone(server)


def test_what_died_is_told_once_and_all_at_once(health, own_home):
    assert check() == []
    kill("scheduler")
    kill("mlflow")
    assert check() == check() == ["scheduler has died", "mlflow has died"]
    assert alerts(own_home) == ["scheduler has died; mlflow has died"]
    assert "scheduler" not in control.running()


def test_what_died_starts_again_where_that_is_asked_for(health, own_home):
    before = control.running()
    kill("dag-processor")
    assert check(restart=True) == ["dag-processor has died"]
    after = control.running()
    assert {name for name in after if after[name] != before[name]} == {"dag-processor"}
    assert check(restart=True) == []
    kill("dag-processor")  # within the hour: one alert, however often it dies
    check(restart=True)
    assert len(alerts(own_home)) == 1 and len(control.running()) == 4


def test_what_was_well_for_an_hour_is_told_anew(health, own_home, monkeypatch):
    kill("mlflow")
    check(restart=True)
    monkeypatch.setattr(module, "QUIET_S", 0)
    kill("mlflow")
    check()
    assert len(alerts(own_home)) == 2


def test_a_heartbeat_that_stands_still_is_told(health, own_home):
    health["scheduler"] = {"status": "unhealthy", "latest_scheduler_heartbeat": "2026-11-30T03:00:00+00:00"}
    [said] = check(restart=True)
    assert "is unhealthy, last heartbeat 2026-11-30T03:00:00" in said and "process" in said
    assert len(control.running()) == 4  # it is for a person to end what runs


def test_a_server_that_does_not_answer_is_told(health, own_home, monkeypatch):
    known = {"mlflow": "http://127.0.0.1:1/health"}
    monkeypatch.setattr(control, "addresses", lambda _: known)
    [said] = check()
    assert said.startswith("mlflow (process ") and said.endswith("does not answer: ConnectionError")


def test_what_down_stopped_is_told_and_stays_down(health, own_home):
    control.down()
    assert check(restart=True) == ["the servers are stopped"] and control.running() == {}


def test_an_up_at_work_is_not_disturbed_unless_it_never_ends(health, own_home, monkeypatch):
    kill("mlflow")
    found = []
    with alone():
        assert check(restart=True) == []
        monkeypatch.setattr(module, "STUCK_MINUTES", 0)
        found = check(restart=True)
    assert len(found) == 1 and "has been at work for" in found[0] and "mlflow" not in control.running()


def test_an_alert_that_nobody_took_is_told_again(health, own_home, monkeypatch):
    monkeypatch.setenv("KEFU_WEBHOOK_URL", "http://127.0.0.1:1/hook")
    monkeypatch.setattr("pipelines.alerts.notify.FIRST_WAIT_S", 0)
    kill("mlflow")
    check()
    check()
    assert len(alerts(own_home)) == 2


def test_a_restart_that_fails_is_told(health, own_home, monkeypatch):
    monkeypatch.setenv("KEFU_LOGINS", "li:engineer,wang:steward")
    control._save(control.state() | {"given": ["KEFU_LOGINS"]})
    monkeypatch.delenv("KEFU_LOGINS")
    kill("mlflow")
    assert "KEFU_LOGINS" in check(restart=True)[1]
    assert len(alerts(own_home)) == 2


def test_what_a_killed_restore_left_is_no_installation(health, own_home):
    control.down()
    control._save({"postgres_port": 1, "profile": "cluster", "servers": {}})
    assert check(restart=True) == ["the servers are stopped"]
    assert {state for _, state, _ in control.status()} == {"stopped"}


def test_a_log_that_has_grown_too_large_is_cut(health, own_home):
    log = own_home / "logs/scheduler.log"
    log.parent.mkdir(exist_ok=True)
    log.touch()
    os.truncate(log, int(load().limits.log_mb * 1e6) + 1)
    assert check() == [] and log.stat().st_size == 0 and log.with_name("scheduler.log.1").exists()


def test_it_is_quick_where_all_is_well(health):
    began = time.monotonic()
    assert check() == [] and time.monotonic() - began < 5
