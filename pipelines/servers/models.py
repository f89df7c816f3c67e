"""Files of a registered version, from the MLflow server that this installation knows."""

from __future__ import annotations

from pathlib import Path

from pipelines.servers.environment import mlflow_url


def fetch(address: str, into: Path) -> Path:
    """The folder with what the version at `address` (models:/…) holds, below `into`; MlflowException if it
    cannot be had.

    MLflow looks a models:/ address up in the process's registry whatever addresses a call is given, so the
    process's are set.
    """
    import mlflow
    from mlflow.artifacts import download_artifacts

    server = mlflow_url()
    mlflow.set_tracking_uri(server)
    mlflow.set_registry_uri(server)
    return Path(download_artifacts(address, dst_path=str(into)))
