"""The order in which a cluster comes up: stores, code, Airflow and MLflow, workers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.servers import control
from pipelines.servers.cluster import needs, settings, stores, workers
from pipelines.servers.environment import server_environment, state
from pipelines.servers.processes import lives

WAIT_S = 60


def up(ports: dict[str, int]) -> None:
    """Starts what does not run; KefuError where something is missing or dies.

    The workers' branch is brought to this checkout only where none of them and no server of Airflow's runs.
    """
    needs.check()
    there = control.running()
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    for name, (command, more) in stores.commands(ports).items():
        if name not in there:
            control.begin(name, command, {**own, **more}, settings.folder())
    for name, ask in stores.answers(ports).items():
        _wait(name, ask)
    if not there.keys() & {*control.AIRFLOW, *settings.WORKERS}:
        workers.share_code()
    airflow, mlflow = ports["airflow_port"], ports["mlflow_port"]
    env = {**own, **server_environment(airflow, mlflow), **settings.airflow_environment(ports)}
    control.serve({"airflow_port": airflow, "mlflow_port": mlflow}, env, settings.mlflow_environment(ports))
    for name, (command, more, cwd) in workers.commands(ports, env, there).items():
        if name not in there:
            control.begin(name, command, more, cwd)


@contextmanager
def databases_alone(ports: dict[str, int]) -> Iterator[None]:
    """PostgreSQL and its two databases without any other server, as long as the block goes on."""
    if not needs.program("initdb"):
        needs.check()
    control._save({**ports, "profile": "cluster", "servers": {}})
    try:
        command, more = stores.commands(ports, only="postgres")["postgres"]
        control.begin("postgres", command, {**os.environ, **more}, settings.folder())
        _wait("postgres", lambda: stores.make_databases(ports))
        yield
    finally:
        control.stop()


def _wait(name: str, ask: Callable[[], object]) -> None:
    log, deadline = home() / f"logs/{name}.log", time.monotonic() + WAIT_S
    while True:
        try:
            ask()
            return
        except Exception as error:
            server = state()["servers"][name]
            if not lives(server) or time.monotonic() > deadline:
                said = control.tail(log) or type(error).__name__
                raise KefuError(f"{name} did not come up\n{said}", str(log), "mend what it says") from None
        time.sleep(0.5)
