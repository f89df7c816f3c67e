"""What a backup holds, and where each part belongs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.home import home, restricted

PAID = "store/paraphrases.sqlite"  # answers of a model that was paid for


def databases() -> dict[str, str]:
    """{name: address} of Airflow's and MLflow's databases, as `up` starts them."""
    return {
        "airflow": os.environ.get("KEFU_AIRFLOW_DB", f"sqlite:///{home() / 'airflow/airflow.db'}"),
        "mlflow": os.environ.get("KEFU_MLFLOW_DB", f"sqlite:///{home() / 'mlflow/mlflow.db'}"),
    }


def folders(with_restricted: bool, with_data: bool) -> dict[str, Path]:
    """{name in the archive: folder}; what lies on S3 is not among them."""
    given = os.environ.get("KEFU_MLFLOW_ARTIFACTS", str(home() / "mlflow/artifacts"))
    found = {"reports": home() / "reports"}
    if "://" not in given:
        found["artifacts"] = Path(given)
    if with_restricted:
        found["restricted"] = restricted()
    if with_data:
        found["dvc-remote"] = home() / "dvc-remote"
    return found


def files(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file) of all files below; what is half written is not taken."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(".partial"):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path
