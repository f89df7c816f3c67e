"""Backup and restore of a cluster: a real PostgreSQL, and the folders of its repository, workers and S3."""

import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from pipelines.__main__ import main
from pipelines.backup.databases import query
from pipelines.servers import clean, control
from pipelines.servers.cluster import needs, settings, start, workers
from pipelines.servers.ports import free_port
from pipelines.snapshot import AUTHOR

PROGRAMS = ("initdb", "postgres", "psql", "pg_dump", "pg_restore")
MISSING = [name for name in PROGRAMS if not needs.program(name)]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (postgresql)")
FILES = (
    "workers/1/home/restricted/conversations/k.parquet",
    "cluster/s3/kefu-mlflow/1/artifacts/adapter.bin",
    "cluster/s3/kefu-dvc/files/md5/ab/cd",
)


@pytest.fixture
def folder(monkeypatch):
    """A folder that PostgreSQL's user may enter, with the home of a cluster in it."""
    made = Path(tempfile.mkdtemp(prefix="kefu-backup-"))
    made.chmod(made.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH | stat.S_IRGRP | stat.S_IROTH)
    for name in ("KEFU_AIRFLOW_DB", "KEFU_MLFLOW_DB", "KEFU_RESTRICTED", "KEFU_POSTGRES_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KEFU_HOME", str(made / "home"))
    yield made
    control.down()
    shutil.rmtree(made)


@pytest.fixture
def ports(folder):
    """Of the running databases, which are empty yet."""
    chosen = {"postgres_port": free_port("POSTGRES", 18500)}
    with start.databases_alone(chosen):
        yield chosen


def fill(home, ports):
    for name in settings.DATABASES:
        query(settings.database(name, ports), f"create table t (n text); insert into t values ('{name}')")
    for name in FILES:
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(name)
    (home / "keys.env").write_text("KEFU_SIGN_KEY=" + "5a" * 32 + "\n")
    paid = home / "workers/2/home/store/paraphrases.sqlite"
    paid.parent.mkdir(parents=True)
    with sqlite3.connect(paid) as made:
        made.execute("create table paid (answer text)")
    workers.make_repository()
    tree = git("hash-object", "-t", "tree", "-w", os.devnull)
    commit = git("commit-tree", tree, "-m", "Data of r1")
    for ref in ("refs/heads/run/r1", "refs/tags/data/r1"):
        git("update-ref", ref, commit)


def git(*args):
    done = subprocess.run(
        ["git", *args],
        cwd=settings.repository(),
        env={**os.environ, **AUTHOR},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_it_comes_back_whole(folder, ports, capsys, monkeypatch):
    home, other, archive = folder / "home", folder / "other", folder / "b.tar"
    fill(home, ports)
    assert main(["backup", "--to", str(archive), "--restricted", "--data"]) == 0
    said = capsys.readouterr().out
    for name in settings.DATABASES:
        assert f"database {name}: postgresql://kefu@127.0.0.1:{ports['postgres_port']}/{name}\n" in said
    assert settings.passwords().postgres not in said
    monkeypatch.setenv("KEFU_HOME", str(other))
    assert main(["restore", str(archive)]) == 0
    assert all((other / name).read_text() == name for name in FILES)
    assert (other / "workers/2/home/store/paraphrases.sqlite").exists()
    assert set(git("for-each-ref", "--format=%(refname)").split()) == {
        "refs/heads/run/r1",
        "refs/tags/data/r1",
    }
    restored = {"postgres_port": free_port("POSTGRES", 18600)}
    with start.databases_alone(restored):
        for name in settings.DATABASES:
            assert query(settings.database(name, restored), "select n from t") == name
    assert main(["restore", str(archive)]) == 2
    assert "databases of the profile cluster" in capsys.readouterr().err
    monkeypatch.setenv("KEFU_HOME", str(home))  # whose PostgreSQL the fixture ends


def test_a_database_that_is_empty_or_down_is_no_backup(folder, ports, capsys):
    assert main(["backup", "--to", str(folder / "b.tar")]) == 2
    assert "the database airflow is not there" in capsys.readouterr().err
    control.down()
    assert main(["backup", "--to", str(folder / "b.tar")]) == 2
    assert "make up PROFILE=cluster" in capsys.readouterr().err
    assert not (folder / "b.tar").exists()


def test_its_airflow_is_cleaned_while_it_runs(folder, ports, monkeypatch):
    query(settings.database("airflow", ports), "create table t (n text)")
    (folder / "home/airflow").mkdir()
    for name in ("fernet_key", "jwt_secret", "passwords.json"):
        (folder / "home/airflow" / name).write_text("x")
    control._save({**clean.state(), "redis_port": 1, "log_port": 1})
    asked, run = [], subprocess.run

    def instead(command, **how):
        if command[1:3] != ["-m", "airflow"]:
            return run(command, **how)
        asked.append((command[3:5], how["env"]["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", instead)
    clean.clean_airflow(365)
    assert asked == [(["db", "clean"], settings.database("airflow", ports))]
