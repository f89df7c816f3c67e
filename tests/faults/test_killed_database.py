"""Airflow's and MLflow's database is PostgreSQL and is killed in a run."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.installation import Installation, Run, let_pass, share_keys
from tests.faults.outcome import differences, outcome
from tests.faults.table import record

pytestmark = pytest.mark.faults
AWAY_S = 20
USER = "postgres"


class Postgres:
    """A server of its own below `folder`, run by the user postgres, with a database for each of ours."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder / "postgres", binaries
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        let_pass(folder)
        self.folder.mkdir()
        shutil.chown(self.folder, USER)
        self._call("initdb", "-D", str(self.folder / "data"), "-A", "trust")
        self.start()
        for name in ("airflow", "mlflow"):
            self._call("createdb", "-h", "127.0.0.1", "-p", self.port, name)

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        log = str(self.folder / "log")
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-o", options, "-w", "start")

    def kill(self):
        """kill -9 of the server; its children notice and end."""
        pid = int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(AWAY_S)

    def stop(self):
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def url(self, name):
        return f"postgresql+psycopg2://{USER}@127.0.0.1:{self.port}/{name}"

    def _call(self, name, *arguments):
        command = ["runuser", "-u", USER, "--", str(self.binaries / name), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def postgres(tmp_path):
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or os.geteuid() or not importlib.util.find_spec("psycopg2"):
        pytest.skip("needs PostgreSQL's binaries, psycopg2 and root")
    made = Postgres(tmp_path, found[-1])
    yield made
    made.stop()


def test_the_database_is_killed(postgres, installation, reference, tmp_path):
    installation.down()
    urls = {f"KEFU_{name.upper()}_DB": postgres.url(name) for name in ("airflow", "mlflow")}
    at = Installation(tmp_path / "kefu", **urls)
    share_keys(installation, at)
    try:
        at.up()
        run = Run(at, watched=True)
        assert run.until_running("curate", reference.tasks["curate"] * 0.5)
        postgres.kill()
        postgres.start()
        assert run.until_ended() == "success"
        wrong = differences(outcome(at, run.id), reference.outcome)
        record(
            f"kill -9 of PostgreSQL during `curate`, started after {AWAY_S} s, `make check` each minute",
            f"attempt {len(run.attempts('curate'))} of `curate` succeeded",
            "the same" if not wrong else f"differ: {wrong}",
            run.seconds() - reference.seconds,
        )
        assert wrong == []
    finally:
        at.down()
