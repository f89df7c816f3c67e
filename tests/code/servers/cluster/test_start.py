"""A store that does not come up says why; of a cluster only what died is started."""

import os
import sys

import psutil
import pytest

from pipelines.errors import KefuError
from pipelines.servers import control
from pipelines.servers.cluster import needs, settings, start, stores, workers
from tests.code.servers.conftest import until_gone

SLEEP = [sys.executable, "-c", "import time; time.sleep(99)"]


def refuse():
    raise ConnectionError


def test_a_store_that_ends_at_once_shows_its_log(own_home):
    control._save({"servers": {}})
    control.begin("redis", [sys.executable, "-c", "import sys; sys.exit('address in use')"], {})
    with pytest.raises(KefuError, match="redis did not come up\naddress in use"):
        start._wait("redis", refuse)


def test_a_store_is_waited_for_until_it_answers(own_home):
    control._save({"servers": {}})
    control.begin("s3", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    asked = []

    def answer():
        asked.append(1)
        return refuse() if len(asked) < 2 else None

    start._wait("s3", answer)
    assert len(asked) == 2 and control.down() == ["s3"]


@pytest.fixture
def cluster(own_home, monkeypatch, four):
    """Servers that only sleep; {what was done once: how often}."""
    done = {"code": 0, "ready": []}
    monkeypatch.setattr(needs, "check", lambda: None)
    monkeypatch.setattr(stores, "commands", lambda _: dict.fromkeys(settings.STORES, (SLEEP, {})))
    monkeypatch.setattr(stores, "answers", lambda _: {})
    monkeypatch.setattr(settings, "folder", lambda: own_home)
    monkeypatch.setattr(settings, "airflow_environment", lambda _: {})
    monkeypatch.setattr(settings, "mlflow_environment", lambda _: {})
    monkeypatch.setattr(workers, "share_code", lambda: done.update(code=done["code"] + 1))
    monkeypatch.setattr(workers, "environment", lambda base, *_: dict(os.environ))
    monkeypatch.setattr(workers, "_make_ready", lambda base, queues: done["ready"].append(ready(base)))
    real = workers.commands

    def asleep(*args):
        return {name: (SLEEP, env, cwd) for name, (_, env, cwd) in real(*args).items()}

    monkeypatch.setattr(workers, "commands", asleep)
    return done


def ready(base):
    base.mkdir(parents=True, exist_ok=True)
    return base.name


def kill(name):
    server = control.state()["servers"][name]
    psutil.Process(int(server["pid"])).kill()
    until_gone(server)


def test_a_dead_process_of_a_cluster_is_started_and_nothing_else(cluster):
    first = control.up("cluster")
    assert set(first["servers"]) == {*control.AIRFLOW, "mlflow", *settings.SERVERS}
    for name in ("worker-2-logs", "postgres", "worker-1"):
        kill(name)
        before = control.state()
        after = control.up()
        changed = {n for n in after["servers"] if after["servers"][n] != before["servers"][n]}
        assert changed == {name} and list(after["servers"]) == list(before["servers"])
    assert {n: v for n, v in after.items() if n.endswith("_port")} == {
        n: v for n, v in first.items() if n.endswith("_port")
    }
    assert cluster == {"code": 1, "ready": ["1", "2", "1"]}


def test_what_a_killed_up_never_came_to_is_missing(cluster):
    known = control.up("cluster")
    kill("worker-1")
    known["servers"].pop("worker-1")
    control._save(known)
    assert control.missing(known) == ["worker-1"] and control.missing(control.up()) == []
