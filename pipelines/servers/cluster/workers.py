"""Celery workers as if each were a machine: a clone of the repository, a home, keys and logs of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Container
from pathlib import Path

from pipelines.home import KEYS, home, key, main_checkout, write_private
from pipelines.servers.cluster.settings import (
    WORKERS,
    redis,
    repository,
    shared_environment,
)
from pipelines.servers.environment import engineer, password
from pipelines.snapshot import git, snapshot

UNMASKED = ("KEFU_REF_KEY", "KEFU_RESTRICTED_KEY", "KEFU_VAULT_KEY")  # only for who serves `restricted`
OF_SERVERS = (
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
)
MADE_BY_SETUP = ("models", "torch_extensions")
Worker = tuple[list[str], dict[str, str], Path]  # command, environment, folder it runs in


def share_code() -> None:
    """The checkout as it stands becomes branch main of the repository that every worker reaches."""
    make_repository()
    git("push", "-q", "-f", str(repository()), f"{snapshot()}:refs/heads/main", cwd=main_checkout())


def make_repository() -> None:
    """The one that every worker reaches, where it is not there yet."""
    if not repository().exists():
        repository().mkdir(parents=True)
        git("init", "-q", "--bare", "-b", "main", cwd=repository())


def commands(ports: dict[str, int], env: dict[str, str], there: Container[str] = ()) -> dict[str, Worker]:
    """Two processes a worker: Celery, and what serves the logs of its tasks. The folders of those that are
    not `there` are made ready; under one that works they stay as they are."""
    found: dict[str, Worker] = {}
    for number, (name, queues) in enumerate(WORKERS.items(), start=1):
        base, address = home() / "workers" / str(number), f"127.0.0.{10 + number}"
        if name not in there:
            _make_ready(base, queues)
        own = environment(base, address, ports, env, "restricted" in queues)
        celery = ["-m", "airflow", "celery", "worker", "--celery-hostname", f"{name}@{address}"]
        celery += ["--queues", ",".join(queues), "--concurrency", "2", "--skip-serve-logs"]
        logs = ["-m", "uvicorn", "airflow.utils.serve_logs.log_server:get_app", "--factory"]
        logs += ["--host", address, "--port", str(ports["log_port"]), "--no-access-log"]
        found[name] = ([sys.executable, *celery, "--without-gossip", "--without-mingle"], own, base)
        found[f"{name}-logs"] = ([sys.executable, *logs], own, base)
    return found


def environment(
    base: Path, address: str, ports: dict[str, int], env: dict[str, str], sees_unmasked: bool
) -> dict[str, str]:
    """A worker's: no password of a database, no key but those in its home; an engineer's login."""
    left_out = {*KEYS, *OF_SERVERS, *(() if sees_unmasked else ("KEFU_RESTRICTED",))}
    kept = {name: value for name, value in env.items() if name not in left_out}
    checkout, login = base / "checkout", engineer()
    return {
        **kept,
        **shared_environment(ports),
        "AIRFLOW_HOME": str(base / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(checkout / "dags"),
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "pipelines.servers.cluster.address.own",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(base / "home/logs/tasks"),
        "AIRFLOW__CELERY__RESULT_BACKEND": redis(1, ports),
        "KEFU_WORKER_ADDRESS": address,
        "KEFU_AIRFLOW_USER": login,
        "KEFU_AIRFLOW_PASSWORD": password(login),
        "KEFU_HOME": str(base / "home"),
        "PYTHONPATH": str(checkout),
    }


def _key(name: str, own: Path) -> str:
    """The key as hex digits; "" where it was destroyed (`vault destroy`), here or at the worker."""
    files = [path for path in (home() / "keys.env", own / "keys.env") if path.exists()]
    lines = [line.strip() for path in files for line in path.read_text().splitlines()]
    return "" if f"{name}=" in lines else key(name).hex()


def _make_ready(base: Path, queues: tuple[str, ...]) -> None:
    checkout, own = base / "checkout", base / "home"
    own.mkdir(parents=True, exist_ok=True)
    if not (checkout / ".git").exists():
        git("clone", "-q", str(repository()), str(checkout), cwd=base)
    git("fetch", "-q", "--prune", "origin", cwd=checkout)
    git("checkout", "-q", "-f", "--detach", "origin/main", cwd=checkout)
    names = [name for name in KEYS if "restricted" in queues or name not in UNMASKED]
    write_private(own / "keys.env", "".join(f"{name}={_key(name, own)}\n" for name in names))
    for name in MADE_BY_SETUP:
        there, here = home() / name, own / name
        if there.exists() and not os.path.lexists(here):
            here.symlink_to(there)
