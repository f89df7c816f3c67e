"""What a cluster needs that `make setup` does not install: two Debian packages, and some of PyPI's."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.home import ROOT

DEBIAN = {"initdb": "postgresql", "postgres": "postgresql", "redis-server": "redis-server"}
DEBIAN_POSTGRES = "/usr/lib/postgresql"
MODULES = ("airflow.providers.celery", "psycopg2", "asyncpg", "redis", "boto3")


def check() -> None:
    """KefuError that names all that is missing and how to install it."""
    packages, python = missing()
    how = []
    if packages:
        how.append(f"apt-get install {' '.join(packages)}")
    if python:
        how.append(f"{Path(sys.executable).parent / 'uv'} pip install -r requirements-cluster.txt")
    if how:
        raise KefuError(
            f"the profile cluster needs {', '.join([*packages, *python])}", str(ROOT), "; ".join(how)
        )


def missing() -> tuple[list[str], list[str]]:
    """(packages of Debian, modules and programs of requirements-cluster.txt) that are not there."""
    debian = sorted({package for name, package in DEBIAN.items() if not program(name)})
    python = [name for name in MODULES if not _has(name)]
    return debian, [*python, *(["rclone"] if not program("rclone") else [])]


def program(name: str) -> str | None:
    """Its path: beside Python, on PATH, or where Debian puts the newest PostgreSQL."""
    beside = Path(sys.executable).parent / name
    if beside.exists():
        return str(beside)
    versions = Path(DEBIAN_POSTGRES).glob(f"*/bin/{name}")
    newest = sorted(versions, key=lambda path: int(path.parts[-3]), reverse=True)
    return shutil.which(name) or next(map(str, newest), None)


def _has(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
