"""Old rows out of Airflow's own database. From a command line only: tasks may not touch that database."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from pipelines.backup import databases
from pipelines.errors import KefuError
from pipelines.servers import installation
from pipelines.servers.cluster import settings
from pipelines.servers.environment import server_environment, state

UNUSED_PORT = 1  # the command asks no server
AT_ONCE = 1000  # rows a transaction: servers at work wait less than a second for it, on SQLite too


def clean_airflow(days: float) -> None:
    """Removes runs, task instances, XComs and log rows that are older; the last run of each DAG stays.

    The servers may be at work; a cluster's must be, since its PostgreSQL runs only with them.
    """
    place = installation.here()
    databases.require(place.databases["airflow"], "airflow")
    before = datetime.now(UTC) - timedelta(days=days)
    command = ["-m", "airflow", "db", "clean", "--clean-before-timestamp", before.isoformat()]
    command += ["--skip-archive", "--yes", "--batch-size", str(AT_ONCE)]
    env = {**os.environ, **server_environment(UNUSED_PORT, UNUSED_PORT)}
    env |= settings.airflow_environment(state()) if place.profile == installation.CLUSTER else {}
    print(f"cleans {databases.shown(place.databases['airflow'])}", flush=True)
    done = subprocess.run([sys.executable, *command], env=env)
    if done.returncode != 0:
        raise KefuError(
            f"airflow db clean ended with {done.returncode}", "Airflow's database", "read the lines above"
        )
