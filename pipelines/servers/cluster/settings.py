"""Ports, passwords and addresses of a cluster's stores."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipelines.home import home, write_private
from pipelines.servers.environment import state

PORTS = {"postgres": 5433, "redis": 6380, "s3": 9000, "log": 8793}
"""Each from this number on, or as $KEFU_POSTGRES_PORT and so on say; `log`: where workers serve task logs."""
DATABASES = ("airflow", "mlflow")
BUCKETS = ("kefu-dvc", "kefu-mlflow", "kefu-checkpoints")
USER = "kefu"
WORKERS = {"worker-1": ("restricted", "default"), "worker-2": ("default",)}  # and the queues each serves
REDELIVERED_S = 7 * 86400  # Redis gives a task that is not done by then to a worker again: none lasts so long
STORES = ("postgres", "redis", "s3")
SERVERS = (*STORES, *WORKERS, *(f"{name}-logs" for name in WORKERS))  # beside those of Airflow and MLflow


def folder() -> Path:
    return home() / "cluster"


@dataclass(frozen=True)
class Secrets:
    """Passwords of an installation's stores, and the key that requests for task logs are signed with."""

    postgres: str
    redis: str
    s3: str
    api: str


def passwords() -> Secrets:
    """Made once, for their owner only."""
    path = folder() / "secrets.json"
    if not path.exists():
        made = {name: secrets.token_hex(24) for name in Secrets.__annotations__}
        write_private(path, json.dumps(made))
    return Secrets(**json.loads(path.read_text()))


def postgres_data() -> Path:
    """PostgreSQL's files; there once a cluster was started or restored."""
    return folder() / "postgres/data"


def home_of(queue: str) -> Path:
    """The home of the first worker that serves the queue."""
    number = next(n for n, served in enumerate(WORKERS.values(), 1) if queue in served)
    return home() / f"workers/{number}/home"


def database(name: str, ports: dict[str, int]) -> str:
    at = f"127.0.0.1:{ports['postgres_port']}/{name}"
    return f"postgresql+psycopg2://{USER}:{passwords().postgres}@{at}"


def redis(number: int, ports: dict[str, int]) -> str:
    return f"redis://:{passwords().redis}@127.0.0.1:{ports['redis_port']}/{number}"


def repository() -> Path:
    """The bare repository that stands for a git server."""
    return folder() / "repository.git"


def s3_environment(ports: dict[str, int]) -> dict[str, str]:
    """Of whoever speaks with S3: DVC in the workers, MLflow's server."""
    endpoint = f"http://127.0.0.1:{ports['s3_port']}"
    return {
        "AWS_ACCESS_KEY_ID": USER,
        "AWS_SECRET_ACCESS_KEY": passwords().s3,
        "AWS_DEFAULT_REGION": "us-east-1",
        "KEFU_S3_ENDPOINT": endpoint,
        "MLFLOW_S3_ENDPOINT_URL": endpoint,
    }


def shared_environment(ports: dict[str, int]) -> dict[str, str]:
    """Of whoever works on runs: where commits, data and checkpoints are."""
    return {
        **s3_environment(ports),
        "KEFU_GIT_REMOTE": str(repository()),
        "KEFU_DVC_REMOTE": f"s3://{BUCKETS[0]}",
        "KEFU_CHECKPOINTS": f"s3://{BUCKETS[2]}",
    }


def reach() -> bool:
    """Sets this process's environment to that of the cluster where one runs here; whether one does."""
    known = state()
    if known.get("profile") != "cluster":
        return False
    os.environ.update(shared_environment(known))
    return True


def airflow_environment(ports: dict[str, int]) -> dict[str, str]:
    """Of Airflow's own servers: tasks go to Celery, its state to PostgreSQL."""
    airflow = {
        "CORE__EXECUTOR": "CeleryExecutor",
        "DATABASE__SQL_ALCHEMY_CONN": database("airflow", ports),
        "CELERY__BROKER_URL": redis(0, ports),
        "CELERY__RESULT_BACKEND": redis(1, ports),
        "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": str(REDELIVERED_S),
        "OPERATORS__DEFAULT_QUEUE": "default",
        "API__SECRET_KEY": passwords().api,
        "LOGGING__WORKER_LOG_SERVER_PORT": str(ports["log_port"]),
    }
    return {f"AIRFLOW__{name}": value for name, value in airflow.items()}


def mlflow_environment(ports: dict[str, int]) -> dict[str, str]:
    """Of MLflow's server, which hands artifacts on to S3: nobody else needs the key of its bucket."""
    return {
        "MLFLOW_BACKEND_STORE_URI": database("mlflow", ports),
        "MLFLOW_ARTIFACTS_DESTINATION": f"s3://{BUCKETS[1]}",
        **s3_environment(ports),
    }
