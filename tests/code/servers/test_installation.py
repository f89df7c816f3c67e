"""Which databases and folders are meant, by what `up` started."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from pipelines import bootstrap
from pipelines.errors import KefuError
from pipelines.servers import control, installation
from pipelines.servers.clean import clean_airflow
from pipelines.servers.cluster import settings
from pipelines.servers.environment import server_environment


@pytest.fixture(autouse=True)
def plain(own_home, monkeypatch):
    for name in ("AIRFLOW_DB", "MLFLOW_DB", "MLFLOW_ARTIFACTS", "RESTRICTED"):
        monkeypatch.delenv(f"KEFU_{name}", raising=False)


def test_one_machine(own_home, monkeypatch):
    found = installation.here()
    assert found.profile is None and found.restricted == own_home / "restricted"
    assert found.databases["airflow"] == f"sqlite:///{own_home}/airflow/airflow.db"
    monkeypatch.setenv("KEFU_MLFLOW_ARTIFACTS", "s3://ours")
    assert found.artifacts == own_home / "mlflow/artifacts" and installation.here().artifacts is None


def test_a_cluster_is_known_by_its_running_servers(own_home, monkeypatch):
    control._save({"profile": "cluster", "postgres_port": 5439, "servers": {}})
    monkeypatch.setenv("KEFU_AIRFLOW_DB", "sqlite:////never/used")  # nor does `up` use it then
    found = installation.here()
    assert found.databases["airflow"].endswith("@127.0.0.1:5439/airflow")
    assert found.repository == settings.repository()
    assert found.restricted == own_home / "workers/1/home/restricted"


def test_one_is_not_taken_for_the_other(own_home, monkeypatch):
    settings.postgres_data().mkdir(parents=True)
    with pytest.raises(KefuError, match="which are meant is not known"):
        installation.here()
    control._save({"servers": {}})
    assert installation.here().profile is None
    control.down()
    monkeypatch.setenv("KEFU_AIRFLOW_DB", "postgresql://db/airflow")
    assert installation.here().databases["airflow"] == "postgresql://db/airflow"


def test_only_a_database_that_is_there_is_cleaned(own_home):
    with pytest.raises(KefuError, match="the database airflow is not there"):
        clean_airflow(365)


def test_airflow_is_cleaned_while_its_servers_are_at_work(own_home):
    bootstrap.make_passwords()
    env = {**os.environ, **server_environment(1, 1)}
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=env, check=True)
    control._save({"servers": {}})
    with closing(sqlite3.connect(own_home / "airflow/airflow.db")) as server:
        server.executemany("insert into log (dttm, event) values (?, 'e')", [("2020-01-01",)] * 3000)
        server.execute("insert into log (dttm, event) values (datetime(), 'young')")
        server.commit()
        server.execute("begin")
        assert server.execute("select count(*) from log where event = 'e'").fetchone() == (3000,)
        clean_airflow(90)
        server.rollback()
        assert server.execute("select count(*) from log where event in ('e', 'young')").fetchone() == (1,)
