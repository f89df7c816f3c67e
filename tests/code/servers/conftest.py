"""Servers that only sleep."""

import socket
import time

import pytest

from pipelines.servers import control
from pipelines.servers.processes import lives


@pytest.fixture
def four(own_home, monkeypatch):
    """Four servers that only sleep; `up` does not wait for them to answer, nor asks Airflow for a pool."""
    from pipelines import bootstrap

    bootstrap.make_passwords()
    sleep = ["-c", "import time; time.sleep(99)"]
    monkeypatch.setattr(control, "_commands", lambda _: dict.fromkeys((*control.AIRFLOW, "mlflow"), sleep))
    monkeypatch.setattr(control, "_wait", lambda *_: None)
    monkeypatch.setattr(control, "make_pools", lambda: None)
    migrated = []
    monkeypatch.setattr(control, "_migrate", migrated.append)
    yield migrated
    control.down()


def until_gone(server):
    while lives(server):
        time.sleep(0.02)


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]
