"""The cluster's real PostgreSQL, Redis and S3 server, and what workers do with them; skipped where absent."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from pipelines import exchange, home, snapshot, workspace
from pipelines.register.tracking import connect
from pipelines.retention import collect, objects, runs
from pipelines.retention.policy import DAY_S
from pipelines.servers import control
from pipelines.servers.cluster import needs, settings, stores
from pipelines.servers.cluster.start import _wait
from pipelines.servers.ports import free_port
from pipelines.training import elsewhere
from pipelines.training.checkpoints import latest, seal
from tests.code.retention.test_collect import PARAMS
from tests.code.test_exchange import at, origin, run_stage  # noqa: F401

DEBIAN, PYTHON = needs.missing()
pytestmark = pytest.mark.skipif(
    bool(DEBIAN or PYTHON), reason=f"not installed: {', '.join([*DEBIAN, *PYTHON])} (see docs/cluster.md)"
)


@pytest.fixture(scope="module")
def cluster():
    """The stores, over an empty home that PostgreSQL's user may enter; their ports."""
    folder = Path(tempfile.mkdtemp(prefix="kefu-cluster-"))
    folder.chmod(0o755)
    before, os.environ["KEFU_HOME"] = os.environ.get("KEFU_HOME"), str(folder)
    ports = {f"{name}_port": free_port(name.upper(), 18400) for name in ("postgres", "redis", "s3")}
    ports = {name: port + number for number, (name, port) in enumerate(ports.items())}
    control._save({**ports, "servers": {}})
    for name, (command, more) in stores.commands(ports).items():
        control.begin(name, command, {**os.environ, **more}, settings.folder())
    for name, ask in stores.answers(ports).items():
        _wait(name, ask)
    yield ports, settings.passwords(), settings.s3_environment(ports)
    os.environ["KEFU_HOME"] = str(folder)
    control.down()
    shutil.rmtree(folder)
    os.environ.pop("KEFU_HOME")
    if before:
        os.environ["KEFU_HOME"] = before


@pytest.fixture
def s3(cluster, monkeypatch):
    for name, value in cluster[2].items():
        monkeypatch.setenv(name, value)


def test_databases_are_there_for_who_knows_the_password(cluster):
    import psycopg2

    ports, secrets, _ = cluster
    login = {"host": "127.0.0.1", "port": ports["postgres_port"], "user": settings.USER}
    for name in settings.DATABASES:
        psycopg2.connect(**login, dbname=name, password=secrets.postgres).close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(**login, dbname="airflow", password="guessed")


def test_the_broker_asks_for_a_password(cluster):
    import redis

    ports, secrets, _ = cluster
    assert redis.Redis(port=ports["redis_port"], password=secrets.redis).ping()
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.Redis(port=ports["redis_port"], password="guessed").ping()


def test_the_s3_server_checks_signatures(cluster):
    import boto3
    from botocore.exceptions import ClientError

    told = cluster[2]
    login = {"endpoint_url": told["KEFU_S3_ENDPOINT"], "region_name": told["AWS_DEFAULT_REGION"]}
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        boto3.client(
            "s3", **login, aws_access_key_id=settings.USER, aws_secret_access_key="guessed"
        ).list_buckets()


def test_the_second_worker_gets_the_firsts_data_from_s3(at, s3, monkeypatch):  # noqa: F811
    monkeypatch.setenv("KEFU_DVC_REMOTE", f"s3://{settings.BUCKETS[0]}")
    at(1)
    workspace.create("r1", {})
    run_stage("first")
    at(2)
    run_stage("second")
    rows = workspace.path_of("r1") / "data/second/rows"
    assert rows.read_text() == "committed\n" * 2
    assert not (home.home() / "count").exists()  # the first stage ran at the first worker
    assert exchange.remote() and snapshot.has("refs/heads/run/r1", rows.parent)


def test_a_worker_collects_in_s3_what_another_made_and_no_version_needs(at, s3, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setenv("KEFU_DVC_REMOTE", f"s3://{settings.BUCKETS[0]}")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    at(1)
    workspace.create("r1", {})
    run_stage("first")
    run_stage("second")
    workspace.publish("r1")
    client = connect()
    client.create_registered_model("kefu-instruction")
    client.create_model_version("kefu-instruction", "nowhere", tags={"data_tag": "data/r1"})
    clone, later = at(2), time.time() + 61 * DAY_S
    for module in (runs, collect, objects):
        monkeypatch.setattr(module, "main_checkout", lambda: clone)

    def in_s3(folder):
        return {md5 for md5 in folder if held.remote.exists(md5)}

    with objects.open_stores() as held:
        exchange.learn()
        outs = {md5 for lock in runs.locks([]) for md5 in lock.values()}
        assert len(outs) == 2
        collect.collect(PARAMS, dry=False, now=later)
        assert in_s3(objects.needed(held, outs)) >= outs and exchange.tip("run/r1")
        client.delete_model_version("kefu-instruction", "1")
        collect.collect(PARAMS, dry=False, now=later)
        assert in_s3(outs) == set() and exchange.tip("run/r1") is None


def test_a_training_goes_on_from_a_checkpoint_in_s3(tmp_path, s3, monkeypatch):
    monkeypatch.setenv("KEFU_CHECKPOINTS", f"s3://{settings.BUCKETS[2]}")
    folders = [tmp_path / f"{number}/checkpoints/0af3/checkpoints" for number in (1, 2)]
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[0] / "checkpoint-8").mkdir()
    (folders[0] / "checkpoint-8/optimizer.pt").write_bytes(os.urandom(9_000_000))
    seal(folders[0] / "checkpoint-8")
    elsewhere.send(folders[0])
    elsewhere.fetch(folders[1])
    sent, got = (folder / "checkpoint-8/optimizer.pt" for folder in folders)
    assert latest(folders[1]).name == "checkpoint-8" and sent.read_bytes() == got.read_bytes()
    elsewhere.forget(folders[1])
    (folders[1] / "checkpoint-8").rename(tmp_path / "gone")
    elsewhere.fetch(folders[1])
    assert latest(folders[1]) is None
