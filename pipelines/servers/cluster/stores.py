"""PostgreSQL, Redis and an S3 server over folders below `.kefu/cluster`, as processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from pipelines.backup.databases import query
from pipelines.errors import KefuError
from pipelines.servers.cluster.needs import program
from pipelines.servers.cluster.settings import (
    BUCKETS,
    DATABASES,
    USER,
    database,
    folder,
    passwords,
    postgres_data,
    s3_environment,
)

POSTGRES_USER = "postgres"  # PostgreSQL refuses to run as root; Debian's package makes this user
Command = tuple[list[str], dict[str, str]]  # with its environment


def commands(ports: dict[str, int], only: str = "") -> dict[str, Command]:
    """Each store's command (or that of one), its folder made ready."""
    make = {"postgres": _postgres, "redis": _redis, "s3": _s3}
    return {name: command(ports) for name, command in make.items() if only in ("", name)}


def answers(ports: dict[str, int]) -> dict[str, Callable[[], object]]:
    """A call for each store that raises until it answers."""
    import boto3
    import redis

    def ask_redis() -> object:
        return redis.Redis(port=ports["redis_port"], password=passwords().redis).ping()

    def ask_s3() -> object:
        told = s3_environment(ports)
        client = boto3.client(
            "s3",
            endpoint_url=told["KEFU_S3_ENDPOINT"],
            aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
            region_name=told["AWS_DEFAULT_REGION"],
        )
        return client.list_buckets()

    return {"postgres": lambda: make_databases(ports), "redis": ask_redis, "s3": ask_s3}


def make_databases(ports: dict[str, int]) -> None:
    """Those of Airflow and MLflow, where they are not there yet."""
    own = database("postgres", ports)
    there = query(own, "select datname from pg_database").split()
    for name in DATABASES:
        if name not in there:
            query(own, f"create database {name}")


def _postgres(ports: dict[str, int]) -> Command:
    data = postgres_data()
    if not (data / "PG_VERSION").exists():
        _initdb(data)
    options = ["-D", str(data), "-p", str(ports["postgres_port"])]
    options += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    return [*_as_other(), str(program("postgres")), *options], {}


def _initdb(data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    said = data.parent / "password"
    said.write_text(passwords().postgres)
    if _as_other():
        for path in (data.parent, said):
            shutil.chown(path, POSTGRES_USER, POSTGRES_USER)
    said.chmod(0o600)
    options = ["-D", str(data), "-U", USER, "--pwfile", str(said), "-A", "scram-sha-256", "-E", "UTF8"]
    done = subprocess.run(
        [*_as_other(), str(program("initdb")), *options, "--locale=C.UTF-8"],
        capture_output=True,
        text=True,
        cwd="/",
    )
    said.unlink()
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise KefuError(
            f"PostgreSQL's data folder could not be made: {' '.join(last)}",
            str(data),
            f"see that the user {POSTGRES_USER} may pass through the folders above it",
        )


def _as_other() -> list[str]:
    """What stands before PostgreSQL's commands where this is root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={POSTGRES_USER}", f"--regid={POSTGRES_USER}", "--init-groups"]


def _redis(ports: dict[str, int]) -> Command:
    data = folder() / "redis"
    data.mkdir(parents=True, exist_ok=True)
    settings = {
        "bind": "127.0.0.1",
        "port": ports["redis_port"],
        "requirepass": passwords().redis,
        "dir": data,
        "appendonly": "yes",  # what waits for a worker outlives the broker
    }
    file = data / "redis.conf"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    return [str(program("redis-server")), str(file)], {}


def _s3(ports: dict[str, int]) -> Command:
    data = folder() / "s3"
    for bucket in BUCKETS:
        (data / bucket).mkdir(parents=True, exist_ok=True)
    command = [str(program("rclone")), "serve", "s3", "--addr", f"127.0.0.1:{ports['s3_port']}", str(data)]
    key = f'"{USER},{passwords().s3}"'
    return command, {"RCLONE_AUTH_KEY": key, "RCLONE_CONFIG": os.devnull, "RCLONE_VFS_CACHE_MODE": "off"}
