"""`up`, `down`, `status`: the server processes, each in a session of its own, so that `down` ends all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import requests

from pipelines.bootstrap import make_keys, make_passwords
from pipelines.errors import KefuError
from pipelines.home import home, keys_file, main_checkout
from pipelines.servers.alone import alone
from pipelines.servers.cluster.settings import PORTS as CLUSTER_PORTS
from pipelines.servers.cluster.settings import SERVERS as CLUSTER_SERVERS
from pipelines.servers.environment import engineer, server_environment, state, state_file, stewards
from pipelines.servers.logs import rotate
from pipelines.servers.pools import make_pools
from pipelines.servers.ports import free_port, is_free
from pipelines.servers.processes import Server, end, lives

WAIT_S, TOLD_EVERY_S = 600, 20  # a busy machine takes minutes; a server that dies is told at once
KEPT_LOGS = 4  # of earlier starts
AIRFLOW = ("api-server", "scheduler", "dag-processor")
NOT_OF_SERVERS = {"KEFU_HOME", "KEFU_BACKUP_PASSPHRASE", "KEFU_RUN", "KEFU_ON_CHANGE"}


def up(profile: str | None = None) -> dict[str, Any]:
    """Starts what is not running and waits until all answer; returns the state (ports, process ids).

    What runs goes on running. What a dead server had started is ended before the server starts anew.
    `profile`: "cluster" for several workers and the stores they share; None for what was up before.
    """
    with alone():
        return start(profile)


def start(profile: str | None = None) -> dict[str, Any]:
    """`up`, for who is `alone` already."""
    known = state()
    profile = _profile(profile, bool(running()))
    lacks = bool(missing(known))
    if lacks:
        _same_environment(known)
    for server in known.get("servers", {}).values():
        if not lives(server):
            end(server)
    if keys_file():  # of an older installation, which may lack one
        print(f"keys: {make_keys()}", flush=True)
    engineer(), stewards()  # KefuError before anything starts
    make_passwords()  # not printed: this may go to a log; they stand in airflow/passwords.json
    ports = _ports(running(), CLUSTER_PORTS if profile == "cluster" else {})
    given = _given() if lacks else known.get("given", [])
    _save({**ports, "profile": profile, "given": given, "servers": known.get("servers", {})})
    if profile == "cluster":
        from pipelines.servers.cluster import start as cluster

        cluster.up(ports)
    else:
        serve(ports, {**os.environ, **server_environment(**ports)}, _mlflow_stores())
    _wait(ports, state()["servers"])
    make_pools()
    return state()


def running() -> dict[str, Server]:
    """Servers of the state whose process lives."""
    return {name: server for name, server in state().get("servers", {}).items() if lives(server)}


def missing(known: dict[str, Any]) -> list[str]:
    """Servers that a state should have and that do not run, also those that a killed `up` never came to."""
    of_profile = CLUSTER_SERVERS if known.get("profile") == "cluster" else ()
    servers = known.get("servers", {})
    wanted = dict.fromkeys((*servers, *AIRFLOW, "mlflow", *of_profile))
    return [name for name in wanted if name not in servers or not lives(servers[name])]


def serve(ports: dict[str, int], env: dict[str, str], mlflow: dict[str, str]) -> None:
    """Starts those of Airflow's servers and MLflow's that do not run; MLflow alone gets `mlflow` too."""
    there = running()
    if not there.keys() & set(AIRFLOW):
        _migrate(env)
    for name, command in _commands(ports).items():
        if name not in there:
            begin(name, [sys.executable, *command], {**env, **(mlflow if name == "mlflow" else {})})


def _given() -> list[str]:
    """Names of the settings in this environment that servers are started with."""
    own = (name for name in os.environ if name.startswith("KEFU_") and not name.endswith("_PORT"))
    return sorted({*own} - NOT_OF_SERVERS)


def _same_environment(known: dict[str, Any]) -> None:
    """A server that starts again, alone or after a reboot, gets no other database and no other logins."""
    lost = [name for name in known.get("given", ()) if name not in os.environ]
    if lost:
        raise KefuError(
            f"the servers were started with {', '.join(lost)}, which this environment lacks",
            str(state_file()),
            "export it as before, or `make down` first to start without",
        )


def _profile(asked: str | None, running: bool) -> str | None:
    """The profile to start: that of before, unless another is asked for and nothing runs."""
    before = state().get("profile")
    if running and asked not in (None, before):
        raise KefuError("servers of another profile run", str(state_file()), "`make down` first")
    return asked or before


def begin(name: str, command: list[str], env: dict[str, str], cwd: Path | None = None) -> None:
    """Starts a server and adds it to the state."""
    known = state()
    known["servers"][name] = _start(name, command, env, cwd)
    _save(known)


def down() -> list[str]:
    """Ends every server and all their children, the last started first; returns those that were running."""
    with alone():
        return stop()


def stop() -> list[str]:
    """`down`, for who is `alone` already."""
    servers = reversed(state().get("servers", {}).items())
    ended = [name for name, server in servers if end(server)]
    state_file().unlink(missing_ok=True)
    return ended


def status() -> list[tuple[str, str, str]]:
    """(server, state, where) for each."""
    known = state()
    if "airflow_port" not in known:  # or a restore was killed
        return [(name, "stopped", "") for name in (*AIRFLOW, "mlflow")]
    url = {
        "api-server": f"http://127.0.0.1:{known['airflow_port']}",
        "mlflow": f"http://127.0.0.1:{known['mlflow_port']}",
    }
    states = {name: "running" if lives(server) else "died" for name, server in known["servers"].items()}
    return [(name, said, url.get(name, _log(name).as_posix())) for name, said in states.items()]


def _ports(there: dict[str, Server], more: dict[str, int]) -> dict[str, int]:
    """Those of before where something runs or they are free, since links and running tasks hold them."""
    first = {"airflow": 8080, "mlflow": 5000, **more}
    before = {name: port for name, port in state().items() if name.endswith("_port")}
    asked = any(os.environ.get(f"KEFU_{name.upper()}_PORT") for name in first)
    if not there and (asked or not all(is_free(port) for port in before.values())):
        before = {}
    new = {
        f"{name}_port": free_port(name.upper(), port)
        for name, port in first.items()
        if f"{name}_port" not in before
    }
    return {**before, **new}


def _commands(ports: dict[str, int]) -> dict[str, list[str]]:
    mlflow = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(ports["mlflow_port"])]
    mlflow += ["--workers", "1"]
    airflow = {name: ["-m", "airflow", name] for name in AIRFLOW}
    airflow["scheduler"].append("--skip-serve-logs")  # it would listen on every interface
    return airflow | {"mlflow": mlflow}


def _mlflow_stores() -> dict[str, str]:
    store = home() / "mlflow"
    store.mkdir(parents=True, exist_ok=True)
    return {
        "MLFLOW_BACKEND_STORE_URI": os.environ.get("KEFU_MLFLOW_DB", f"sqlite:///{store / 'mlflow.db'}"),
        "MLFLOW_ARTIFACTS_DESTINATION": os.environ.get("KEFU_MLFLOW_ARTIFACTS", str(store / "artifacts")),
    }


def _migrate(env: dict[str, str]) -> None:
    log = _log("migrate")
    with log.open("w") as out:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"], env=env, stdout=out, stderr=out
        )
    if done.returncode != 0:
        raise KefuError(
            f"Airflow's database could not be made ready\n{tail(log)}", str(log), "mend what it says"
        )


def _start(name: str, command: list[str], env: dict[str, str], cwd: Path | None = None) -> Server:
    rotate(_log(name), KEPT_LOGS)
    with _log(name).open("a") as out:
        process = subprocess.Popen(
            command,
            env=env,
            stdout=out,
            stderr=out,
            cwd=cwd or main_checkout(),
            start_new_session=True,
        )
    return {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}


def _wait(ports: dict[str, int], servers: dict[str, Server]) -> None:
    """Until both servers answer and the DAGs are known; KefuError with the log's end when one dies."""
    checks = addresses(ports)
    began = told = time.monotonic()
    while checks:
        for name, server in servers.items():
            if not lives(server):
                raise KefuError(
                    f"{name} ended while starting\n{tail(_log(name))}", str(_log(name)), "mend what it says"
                )
        checks = {name: url for name, url in checks.items() if not _answers(name, url)}
        if time.monotonic() - told > TOLD_EVERY_S:
            told = time.monotonic()
            print(f"waits for {', '.join(checks)}: {told - began:.0f} s", flush=True)
        if time.monotonic() - began > WAIT_S:
            raise KefuError(
                f"{', '.join(checks)} did not answer in {WAIT_S} s", str(home() / "logs"), "read the logs"
            )
        time.sleep(1)


def addresses(ports: dict[str, int]) -> dict[str, str]:
    """Where each server tells how it is; Airflow's tells of its scheduler and DAG processor too."""
    return {
        "mlflow": f"http://127.0.0.1:{ports['mlflow_port']}/health",
        "api-server": f"http://127.0.0.1:{ports['airflow_port']}/api/v2/monitor/health",
    }


def _answers(name: str, url: str) -> bool:
    try:
        answer = requests.get(url, timeout=5)
    except requests.RequestException:
        return False
    if name != "api-server" or not answer.ok:
        return answer.ok
    return all(answer.json()[part]["status"] == "healthy" for part in ("scheduler", "dag_processor"))


def _save(value: dict[str, Any]) -> None:
    state_file().parent.mkdir(parents=True, exist_ok=True)
    partial = state_file().with_suffix(".partial")
    partial.write_text(json.dumps(value))
    partial.rename(state_file())


def _log(name: str) -> Path:
    path = home() / f"logs/{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
