"""Where databases, runs, unmasked text, artifacts and data are: of one machine, and of a cluster."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.home import home, main_checkout, restricted
from pipelines.servers.cluster import settings
from pipelines.servers.environment import state

CLUSTER = "cluster"


@dataclass(frozen=True)
class Installation:
    """Where one installation keeps what a backup takes."""

    profile: str | None
    databases: dict[str, str]  # address by name: Airflow's and MLflow's
    repository: Path  # has the runs' branches and tags
    restricted: Path
    artifacts: Path | None  # None: on an S3 that is not ours
    data: Path  # of the DVC remote


def here() -> Installation:
    """That of the servers that `up` started; where none run, that of one machine.

    KefuError where none run and there is a cluster's data, too: one would be taken for the other.
    """
    known = state()
    if known.get("profile") == CLUSTER:
        return cluster(known)
    if not known and settings.postgres_data().exists() and not os.environ.get("KEFU_AIRFLOW_DB"):
        raise KefuError(
            "no server runs, and there are databases of the profile cluster: which are meant is not known",
            str(settings.folder()),
            "start what is in use (make up PROFILE=cluster, or make up); where they must be down, name the "
            f"database of one machine: KEFU_AIRFLOW_DB=sqlite:///{home() / 'airflow/airflow.db'}",
        )
    return one_machine()


def one_machine() -> Installation:
    """As the environment names the places, else below the home."""
    artifacts = os.environ.get("KEFU_MLFLOW_ARTIFACTS", str(home() / "mlflow/artifacts"))
    return Installation(
        profile=None,
        databases={
            "airflow": os.environ.get("KEFU_AIRFLOW_DB", f"sqlite:///{home() / 'airflow/airflow.db'}"),
            "mlflow": os.environ.get("KEFU_MLFLOW_DB", f"sqlite:///{home() / 'mlflow/mlflow.db'}"),
        },
        repository=main_checkout(),
        restricted=restricted(),
        artifacts=None if "://" in artifacts else Path(artifacts),
        data=home() / "dvc-remote",
    )


def cluster(ports: dict[str, int]) -> Installation:
    """Its S3 server serves folders of this machine."""
    buckets = settings.folder() / "s3"
    given = os.environ.get("KEFU_RESTRICTED")
    return Installation(
        profile=CLUSTER,
        databases={name: settings.database(name, ports) for name in settings.DATABASES},
        repository=settings.repository(),
        restricted=Path(given).resolve() if given else settings.home_of("restricted") / "restricted",
        artifacts=buckets / settings.BUCKETS[1],
        data=buckets / settings.BUCKETS[0],
    )
