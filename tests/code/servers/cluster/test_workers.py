"""What a worker holds, and what it does not."""

import json
import os
import stat
import time
from pathlib import Path

import psutil
import pytest

from pipelines import bootstrap, home
from pipelines.errors import KefuError
from pipelines.params import load
from pipelines.retention import places
from pipelines.retention.policy import DAY_S
from pipelines.servers import environment
from pipelines.servers.cluster import address, settings, stores, workers

PORTS = {f"{name}_port": port for name, port in settings.PORTS.items()}


@pytest.fixture
def servers(own_home, monkeypatch):
    """The environment of Airflow's own servers."""
    bootstrap.make_passwords()
    monkeypatch.setenv("KEFU_RESTRICTED", "/strict")
    base = {"KEFU_SIGN_KEY": "0" * 64, "KEFU_RESTRICTED": "/strict"}
    return base | environment.server_environment(8080, 5000) | settings.airflow_environment(PORTS)


def test_a_worker_holds_no_password_of_a_database_and_mints_no_token(servers, tmp_path):
    own = workers.environment(tmp_path, "127.0.0.11", PORTS, servers, sees_unmasked=True)
    held = json.dumps(own)
    assert settings.passwords().postgres not in held and "JWT_SECRET" not in held
    assert not set(own) & set(home.KEYS) and own["KEFU_RESTRICTED"] == "/strict"
    assert own["AIRFLOW__CELERY__BROKER_URL"] == settings.redis(0, PORTS)


def test_redis_gives_no_task_to_a_second_worker_while_the_first_may_work_on_it(servers, tmp_path):
    own = workers.environment(tmp_path, "127.0.0.11", PORTS, servers, sees_unmasked=False)
    seconds = int(own["AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"])
    assert seconds > 3600 * max(load().limits.timeout_hours.values())


def test_a_worker_has_folders_of_its_own(servers, tmp_path):
    own = workers.environment(tmp_path, "127.0.0.12", PORTS, servers, sees_unmasked=False)
    folders = ("AIRFLOW_HOME", "AIRFLOW__CORE__DAGS_FOLDER", "AIRFLOW__LOGGING__BASE_LOG_FOLDER", "KEFU_HOME")
    assert all(own[name].startswith(str(tmp_path)) for name in (*folders, "PYTHONPATH"))
    assert "KEFU_RESTRICTED" not in own and own["KEFU_DVC_REMOTE"] == "s3://kefu-dvc"


def test_what_a_worker_collects_are_the_logs_that_its_tasks_write(servers, tmp_path, monkeypatch):
    own = workers.environment(tmp_path, "127.0.0.12", PORTS, servers, sees_unmasked=False)
    log = Path(own["AIRFLOW__LOGGING__BASE_LOG_FOLDER"]) / "dag_id=retrain/run_id=r/attempt=1.log"
    log.parent.mkdir(parents=True)
    log.write_text("x" * 9)
    monkeypatch.setenv("KEFU_HOME", own["KEFU_HOME"])
    later = time.time() + 91 * DAY_S
    assert [(item.kind, item.bytes) for item in places.by_age(load().retention, later)] == [("logs", 9)]


def test_a_worker_reaches_airflow_as_the_engineer(servers, tmp_path, monkeypatch):
    """Its home holds neither the servers' state nor their logins."""
    from pipelines.servers.rest import Airflow

    known = environment.password("engineer")
    own = workers.environment(tmp_path / "2", "127.0.0.12", PORTS, servers, sees_unmasked=False)
    for name, value in own.items():
        if name.startswith("KEFU_"):
            monkeypatch.setenv(name, value)
    asked = []
    monkeypatch.setattr(Airflow, "_log_in", lambda self: asked.append(environment.password(self.user)))
    airflow = Airflow()
    assert (airflow.url, airflow.user, asked) == ("http://127.0.0.1:8080", "engineer", [known])
    with pytest.raises(KefuError):
        environment.password("steward")


def test_only_the_worker_that_sees_unmasked_text_holds_its_keys(own_home, tmp_path, monkeypatch):
    repository = settings.repository()
    monkeypatch.setattr(workers, "git", lambda *args, cwd: "")  # the clone is not this test's matter
    repository.mkdir(parents=True)
    held = {}
    for name, queues in settings.WORKERS.items():
        workers._make_ready(tmp_path / name, queues)
        file = tmp_path / name / "home/keys.env"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        held[name] = [line.split("=")[0] for line in file.read_text().splitlines()]
    assert held == {"worker-1": list(home.KEYS), "worker-2": ["KEFU_SIGN_KEY"]}


@pytest.mark.parametrize("where", ["here", "at the worker"])
def test_a_vault_key_that_was_destroyed_does_not_come_back(own_home, tmp_path, monkeypatch, where):
    monkeypatch.setattr(workers, "git", lambda *args, cwd: "")
    settings.repository().mkdir(parents=True)
    queues = settings.WORKERS["worker-1"]
    workers._make_ready(tmp_path, queues)
    file = tmp_path / "home/keys.env"
    held = file.read_text()
    lines = [line for line in held.splitlines() if not line.startswith("KEFU_VAULT_KEY")]
    gone = "\n".join([*lines, "KEFU_VAULT_KEY="]) + "\n"
    if where == "here":
        (own_home / "keys.env").write_text(gone)
        monkeypatch.delenv("KEFU_VAULT_KEY", raising=False)
    else:
        file.write_text(gone)
    workers._make_ready(tmp_path, queues)
    assert "KEFU_VAULT_KEY=\n" in file.read_text() and len(file.read_text().splitlines()) == len(home.KEYS)


def test_tasks_that_see_unmasked_text_go_to_one_queue_and_one_worker():
    serve = [name for name, queues in settings.WORKERS.items() if "restricted" in queues]
    assert serve == ["worker-1"] and all("default" in queues for queues in settings.WORKERS.values())


def test_passwords_are_made_once_and_for_their_owner_only(own_home):
    made = settings.passwords()
    assert settings.passwords() == made and len(set(vars(made).values())) == 4
    assert stat.S_IMODE((settings.folder() / "secrets.json").stat().st_mode) == 0o600


def test_no_password_stands_on_a_command_line(own_home, monkeypatch):
    monkeypatch.setattr(stores, "_initdb", lambda data: None)  # needs PostgreSQL
    commands = stores.commands(PORTS)
    words = [word for command, _ in commands.values() for word in command]
    assert not [word for word in words for secret in vars(settings.passwords()).values() if secret in word]
    assert "127.0.0.1" in str(commands["postgres"]) and "127.0.0.1" in str(commands["s3"])
    assert "bind 127.0.0.1" in (settings.folder() / "redis/redis.conf").read_text()


def test_a_task_knows_where_its_log_can_be_asked_for(monkeypatch):
    monkeypatch.setenv("KEFU_WORKER_ADDRESS", "127.0.0.12")
    assert address.own() == "127.0.0.12"


def test_commands_reach_the_cluster_that_runs_here(own_home, monkeypatch):
    from pipelines.servers import control

    for name in settings.shared_environment(PORTS):
        monkeypatch.setenv(name, "before")
    control._save({**PORTS, "servers": {}})
    assert not settings.reach()
    control._save({**PORTS, "profile": "cluster", "servers": {}})
    assert settings.reach() and os.environ["KEFU_GIT_REMOTE"] == str(settings.repository())


def test_servers_of_another_profile_are_not_taken_for_these(own_home):
    from pipelines.servers import control

    here = psutil.Process()
    running = {"pid": here.pid, "started": here.create_time()}
    control._save({**PORTS, "servers": {"mlflow": running}})
    with pytest.raises(KefuError, match="another profile"):
        control.up("cluster")
