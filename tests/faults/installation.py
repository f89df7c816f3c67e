"""A fresh clone with servers of its own, in which runs are started, disturbed and looked at afterwards."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import datetime

import psutil
from mlflow import MlflowClient

from pipelines.errors import UnavailableError
from pipelines.home import home
from pipelines.servers.rest import Airflow
from tests.faults import processes
from tests.test_e2e import Checkout, git

POLL_S = 0.5
WATCH_S = 60
RUN_TIMEOUT_S = 2400
PORTS = ("KEFU_AIRFLOW_PORT", "KEFU_MLFLOW_PORT")
WORK = ("dvc-cache", "dvc-remote", "store", "restricted", "checkpoints", "runs")
"""What runs share in the home: without it a run does all of its work itself."""


class Installation(Checkout):
    """`path` is a clone of this checkout; its home is `path/.kefu`, with keys and logins."""

    def __init__(self, path, **env):
        super().__init__(path)
        self.home = path / ".kefu"
        self.env |= {name: os.environ[name] for name in PORTS if name in os.environ} | env
        self.env["KEFU_HOME"] = str(self.home)
        self.python("-c", "from pipelines import bootstrap as b; b.make_keys(); b.make_passwords()")
        if (home() / "models").is_dir():
            shutil.copytree(home() / "models", self.home / "models")

    def up(self, *profile):
        """Seconds that it took."""
        began = time.monotonic()
        self.python("-m", "pipelines", "up", *profile)
        return time.monotonic() - began

    def down(self):
        self.python("-m", "pipelines", "down", check=False)

    def check(self):
        """As the timer does it: what died starts again, and exit 1 tells that there was something."""
        self.python("-m", "pipelines", "check", "--restart", check=False)

    def forget_work(self):
        for name in WORK:
            shutil.rmtree(self.home / name, ignore_errors=True)
        git("worktree", "prune", cwd=self.path)

    @property
    def servers(self):
        """{name: psutil.Process} of the servers that are running."""
        known = json.loads((self.home / "servers/state.json").read_text())["servers"]
        return {name: psutil.Process(int(one["pid"])) for name, one in known.items() if processes.lives(one)}

    def mlflow(self):
        port = json.loads((self.home / "servers/state.json").read_text())["mlflow_port"]
        url = f"http://127.0.0.1:{port}"
        return MlflowClient(tracking_uri=url, registry_uri=url)


class Run:
    """One run of `retrain`, as its tasks stand in Airflow.

    `watched`: while it is waited for, `make check RESTART=1` is called each minute, as by a timer.
    """

    def __init__(self, installation, watched=False, **conf):
        self.at, self.watched = installation, watched
        self.began = self.checked = time.time()
        os.environ["KEFU_HOME"] = str(installation.home)
        self.airflow = Airflow()
        self.id = self.airflow.trigger("retrain", {"profile": "tiny", **conf})

    def seconds(self):
        """From its start to its end."""
        found = self.airflow.run("retrain", self.id)
        return seconds(found["end_date"]) - seconds(found["start_date"])

    def state(self):
        return self.airflow.run("retrain", self.id)["state"]

    def tasks(self):
        """{task: its newest attempt}; {} while Airflow does not answer."""
        try:
            return {task["task_id"]: task for task in self.airflow.tasks("retrain", self.id)}
        except UnavailableError:
            return {}

    def attempts(self, task):
        """(start, end, state) of every attempt, oldest first; seconds since 1970."""
        from urllib.parse import quote

        path = f"dags/retrain/dagRuns/{quote(self.id, safe='')}/taskInstances/{task}/tries"
        found = sorted(self.airflow._call("GET", path)["task_instances"], key=lambda one: one["try_number"])
        return [(seconds(one["start_date"]), seconds(one["end_date"]), one["state"]) for one in found]

    def until_running(self, task, seconds_in=0.0):
        """Waits until the task has run for so long; False if it ended or will not run any more."""
        deadline = time.time() + RUN_TIMEOUT_S
        while time.time() < deadline:
            found = self.tasks().get(task)
            if found and found["state"] in ("success", "failed", "upstream_failed"):
                return False
            if found and found["state"] == "running" and found["start_date"]:
                time.sleep(max(0.0, seconds(found["start_date"]) + seconds_in - time.time()))
                return True
            self._wait()
        raise TimeoutError(f"{task} of {self.id} did not start")

    def until_ended(self):
        deadline = time.time() + RUN_TIMEOUT_S
        while time.time() < deadline:
            try:
                if (state := self.state()) in ("success", "failed"):
                    return state
            except UnavailableError:
                pass
            self._wait()
        raise TimeoutError(f"{self.id} did not end: {[(n, t['state']) for n, t in self.tasks().items()]}")

    def _wait(self):
        time.sleep(POLL_S)
        if self.watched and time.time() - self.checked > WATCH_S:
            self.at.check()
            self.checked = time.time()

    def kill(self, task, whole=False):
        """kill -9 of a running task's process with all its children; `whole`: its supervisor as well."""
        found = self.tasks()[task]
        scheduler = self.at.servers["scheduler"]
        return processes.kill_tree(processes.task_of(scheduler, found["id"], whole))

    def lasted(self, task):
        """Seconds from the start of the first attempt to the end of the last."""
        attempts = self.attempts(task)
        return attempts[-1][1] - attempts[0][0]


def share_keys(one, other):
    """So that the same data have the same names in both installations."""
    shutil.copy(one.home / "keys.env", other.home / "keys.env")


def let_pass(folder):
    """Another user may pass through the folder and those above it, as PostgreSQL's has to."""
    for parent in (folder, *folder.parents[:-2]):
        parent.chmod(parent.stat().st_mode | 0o055)


def seconds(moment):
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() if moment else None
