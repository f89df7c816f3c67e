"""Backup, wipe, restore: then a registered version verifies and its adapter loads (a real MLflow store)."""

import json
import shutil
import sqlite3
import subprocess

import pytest

from pipelines import home
from pipelines.__main__ import main
from pipelines.backup import backup as backup_module
from pipelines.register import bill
from pipelines.retention import runs
from pipelines.servers import installation as places
from tests.code.register.conftest import RUN, SIGN_KEY

TAG = "data/manual__2026-09-14T03-00-00-00-00"


@pytest.fixture
def installation(here, tmp_path, monkeypatch):
    """(root, own home) with the registered version, keys, a report, a run's tag, and Airflow's database."""
    root, _, _ = here
    own = tmp_path / "home"
    monkeypatch.setenv("KEFU_HOME", str(own))
    monkeypatch.setenv("KEFU_MLFLOW_DB", f"sqlite:///{root / 'mlflow.db'}")
    monkeypatch.setenv("KEFU_MLFLOW_ARTIFACTS", str(root / "mlruns"))
    monkeypatch.delenv("KEFU_AIRFLOW_DB", raising=False)
    for module in (home, backup_module, places, runs):
        monkeypatch.setattr(module, "main_checkout", lambda: root, raising=False)
    (own / "airflow").mkdir(parents=True)
    (own / "keys.env").write_text(f"KEFU_SIGN_KEY={SIGN_KEY}\n")
    with sqlite3.connect(own / "airflow/airflow.db") as airflow:
        airflow.execute("create table dag_run (run_id text)")
        airflow.execute("insert into dag_run values (?)", (RUN,))
    for name in (
        "reports/r1/report.json",
        "restricted/conversations/k.parquet",
        "dvc-remote/files/md5/ab/cd",
    ):
        (own / name).parent.mkdir(parents=True)
        (own / name).write_text(json.dumps({"name": name}))
    subprocess.run(["git", "tag", "-f", TAG], cwd=root, check=True, capture_output=True)
    aside = tmp_path / "aside"
    shutil.copytree(root / "mlruns", aside / "mlruns")
    shutil.copy(root / "mlflow.db", aside / "mlflow.db")
    yield root, own
    shutil.rmtree(root / "mlruns", ignore_errors=True)
    shutil.move(aside / "mlruns", root / "mlruns")
    shutil.move(aside / "mlflow.db", root / "mlflow.db")
    forget_connections()
    subprocess.run(["git", "tag", "-d", TAG], cwd=root, check=False, capture_output=True)


def forget_connections():
    """MLflow holds a database by its path: the next test would write to the file that was taken away."""
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as Registry
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as Tracking

    for engine in (*Registry._engine_map.values(), *Tracking._engine_map.values()):
        engine.dispose()


def wipe(root, own):
    shutil.rmtree(own)
    shutil.rmtree(root / "mlruns")
    (root / "mlflow.db").unlink()
    subprocess.run(["git", "tag", "-d", TAG], cwd=root, check=True, capture_output=True)


def test_a_registered_version_survives(installation, here, tmp_path, capsys, monkeypatch):
    from pipelines.register.tracking import connect

    root, own = installation
    archive = tmp_path / "b.tar"
    before = connect().get_model_version(here[2]["name"], "1").tags
    assert main(["backup", "--to", str(archive), "--restricted", "--data"]) == 0
    said = capsys.readouterr().out
    assert "NOT encrypted" in said and f"database mlflow: sqlite:///{root / 'mlflow.db'}\n" in said
    names = json.loads(_manifest(archive))["files"]
    assert not any("keys" in name or "password" in name for name in names)
    wipe(root, own)
    monkeypatch.delenv("KEFU_SIGN_KEY")
    assert main(["restore", str(archive)]) == 0
    assert "every sha256 checked" in capsys.readouterr().out
    version = connect().get_model_version(here[2]["name"], "1")
    assert version.tags == before
    assert all(finding.ok for finding in bill.verify(version))
    assert _adapter(version)
    assert sqlite3.connect(own / "airflow/airflow.db").execute("select * from dag_run").fetchone() == (RUN,)
    for name in (
        "reports/r1/report.json",
        "restricted/conversations/k.parquet",
        "dvc-remote/files/md5/ab/cd",
    ):
        assert json.loads((own / name).read_text()) == {"name": name}
    tags = subprocess.run(["git", "tag"], cwd=root, capture_output=True, text=True).stdout
    assert TAG in tags.splitlines()


def test_the_restricted_area_and_data_are_taken_only_when_asked_for(installation, tmp_path):
    assert main(["backup", "--to", str(tmp_path / "b.tar")]) == 0
    names = json.loads(_manifest(tmp_path / "b.tar"))["files"]
    assert not any(name.startswith(("restricted/", "dvc-remote/")) for name in names)
    assert {"databases/airflow.db", "databases/mlflow.db", "runs.bundle"} <= set(names)


def test_without_a_database_there_is_no_backup(installation, tmp_path, capsys):
    (installation[1] / "airflow/airflow.db").unlink()
    assert main(["backup", "--to", str(tmp_path / "b.tar")]) == 2
    assert "the database airflow is not there" in capsys.readouterr().err
    assert not (tmp_path / "b.tar").exists() and not (tmp_path / "b.tar.keys").exists()


def test_it_never_overwrites(installation, tmp_path, capsys):
    root, own = installation
    archive = tmp_path / "b.tar"
    main(["backup", "--to", str(archive)])
    assert main(["restore", str(archive)]) == 2
    said = capsys.readouterr().err
    assert "already holds" in said and "the database mlflow" in said and str(own / "reports") in said
    assert (root / "mlflow.db").exists() and not (own / "restore.partial").exists()


def test_a_damaged_archive_changes_nothing(installation, tmp_path, capsys):
    root, own = installation
    archive = tmp_path / "b.tar"
    main(["backup", "--to", str(archive)])
    raw = archive.read_bytes()
    archive.write_bytes(raw.replace(b'reports/r1/report.json"}', b'reports/r2/report.json"}', 1))
    assert archive.read_bytes() != raw
    wipe(root, own)
    assert main(["restore", str(archive)]) == 2
    assert "is not what was backed up" in capsys.readouterr().err
    assert [path.name for path in own.rglob("*") if path.is_file()] == ["lock"]
    assert not (root / "mlflow.db").exists()


def test_servers_must_be_down(installation, tmp_path, capsys):
    root, own = installation
    main(["backup", "--to", str(tmp_path / "b.tar")])
    wipe(root, own)
    (own / "servers").mkdir(parents=True)
    (own / "servers/state.json").write_text('{"mlflow_port": 1}')
    assert main(["restore", str(tmp_path / "b.tar")]) == 2
    assert "make down" in capsys.readouterr().err


def _manifest(archive):
    import tarfile

    with tarfile.open(archive) as tar:
        return tar.extractfile("manifest.json").read()


def _adapter(version):
    from mlflow.artifacts import download_artifacts
    from safetensors.numpy import load_file

    uri = f"models:/{version.name}/{version.version}/artifacts/adapter/adapter_model.safetensors"
    return load_file(download_artifacts(artifact_uri=uri))
