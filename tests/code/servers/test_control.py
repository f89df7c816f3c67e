"""Ports, processes and their ends."""

import subprocess
import sys
import threading
import time

import psutil
import pytest

from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.servers import control, environment
from tests.code.servers.conftest import until_gone


def test_down_ends_a_server_and_its_children(own_home):
    sleep = "import time; time.sleep(99)"
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {sleep!r}]); {sleep}"
    server = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    while not psutil.Process(server.pid).children():
        time.sleep(0.02)
    child = psutil.Process(server.pid).children()[0]
    known = {"pid": server.pid, "started": psutil.Process(server.pid).create_time()}
    control._save({"airflow_port": 1, "mlflow_port": 2, "servers": {"mlflow": known}})
    assert control.status() == [("mlflow", "running", "http://127.0.0.1:2")]
    assert control.down() == ["mlflow"]
    server.wait()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert control.down() == [] and control.status()[0][1] == "stopped"


def test_children_of_a_server_that_died_are_ended(own_home):
    sleep = "import time; time.sleep(99)"
    child = f"subprocess.Popen([sys.executable, '-c', {sleep!r}])"
    script = f"import subprocess, sys; print({child}.pid, flush=True); {sleep}"
    server = subprocess.Popen(
        [sys.executable, "-c", script], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    known = {"pid": server.pid, "started": psutil.Process(server.pid).create_time()}
    orphan = psutil.Process(int(server.stdout.readline()))
    server.kill()
    server.wait()
    control._save({"airflow_port": 1, "mlflow_port": 2, "servers": {"scheduler": known}})
    assert control.status()[0][1] == "died" and control.down() == ["scheduler"]
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_up_starts_again_only_what_died_and_where_it_was(four):
    before = control.up()
    assert control.up() == before
    scheduler = psutil.Process(int(before["servers"]["scheduler"]["pid"]))
    scheduler.kill()
    scheduler.wait()
    after = control.up()
    changed = {n for n in before["servers"] if before["servers"][n] != after["servers"][n]}
    assert changed == {"scheduler"} and len(four) == 1
    assert (after["airflow_port"], after["mlflow_port"]) == (before["airflow_port"], before["mlflow_port"])
    assert {state for _, state, _ in control.status()} == {"running"}


def test_after_all_died_up_takes_the_same_ports_where_they_are_free(four, taken):
    before = control.up()
    control.down()
    control._save({**before, "servers": before["servers"]})  # as a switched-off machine leaves it
    assert control.up()["mlflow_port"] == before["mlflow_port"] and len(four) == 2
    control.down()
    control._save({**before, "mlflow_port": taken})
    assert control.up()["mlflow_port"] != taken


def test_two_ups_at_once_start_each_server_once(four, capsys):
    first = threading.Thread(target=control.up)
    first.start()
    second = control.up()
    first.join()
    assert control.running() == second["servers"] and len(second["servers"]) == 4
    assert len(four) == 1 and len(list((home() / "logs").glob("mlflow.log*"))) == 1


def test_up_makes_the_pool_also_where_all_runs(four, monkeypatch):
    made = []
    monkeypatch.setattr(control, "make_pools", lambda: made.append(1))
    control.up()
    control.up()
    assert len(made) == 2


def test_a_dead_server_is_not_started_without_what_the_others_were_given(four, monkeypatch):
    monkeypatch.setenv("KEFU_LOGINS", "li:engineer,wang:steward")
    before = control.up()
    monkeypatch.delenv("KEFU_LOGINS")
    assert control.up() | {"given": []} == before | {"given": []}  # nothing to start
    psutil.Process(int(before["servers"]["scheduler"]["pid"])).kill()
    until_gone(before["servers"]["scheduler"])
    with pytest.raises(KefuError, match="with KEFU_LOGINS, which this environment lacks"):
        control.up()
    control.down()
    assert len(control.up()["servers"]) == 4


def test_an_up_that_was_killed_half_way_is_finished(four):
    whole = control.up()
    mlflow = psutil.Process(int(whole["servers"].pop("mlflow")["pid"]))
    control._save(whole)
    assert set(control.up()["servers"]) == {*control.AIRFLOW, "mlflow"}
    mlflow.kill()


def test_a_stranger_with_the_same_number_is_left_alone(own_home):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"], start_new_session=True)
    known = {"pid": stranger.pid, "started": psutil.Process(stranger.pid).create_time() - 99}
    control._save({"airflow_port": 1, "mlflow_port": 2, "servers": {"mlflow": known}})
    assert control.status()[0][1] == "died" and control.down() == []
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_server_that_dies_at_once_shows_its_log(own_home):
    server = control._start("mlflow", [sys.executable, "-c", "import sys; sys.exit('no such database')"], {})
    with pytest.raises(KefuError, match="no such database"):
        control._wait({"airflow_port": 1, "mlflow_port": 2}, {"mlflow": server})


def test_everything_listens_on_loopback_and_tells_nobody(own_home):
    from pipelines import bootstrap

    bootstrap.make_passwords()
    env = environment.server_environment(8080, 5000)
    assert env["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert env["GX_ANALYTICS_ENABLED"] == "false" and env["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert env["DVC_NO_ANALYTICS"] == "1" and env["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "false"
    commands = control._commands({"airflow_port": 8080, "mlflow_port": 5000})
    assert "127.0.0.1" in commands["mlflow"] and "--skip-serve-logs" in commands["scheduler"]


def test_without_servers_the_error_says_make_up(own_home, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("KEFU_AIRFLOW_URL", raising=False)
    for asked in (environment.mlflow_url, environment.airflow_url):
        with pytest.raises(KefuError, match="make up"):
            asked()
