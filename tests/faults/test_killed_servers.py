"""Servers die, one after the other in one run, and `make up` starts again only what died."""

import signal
import time

import pytest

from tests.faults import processes
from tests.faults.installation import Run
from tests.faults.outcome import differences, no_twins, outcome
from tests.faults.table import record

pytestmark = pytest.mark.faults
AWAY_S = 15  # until somebody, or a timer, says `make up`
MOMENTS = {"scheduler": "mask", "api-server": "curate", "dag-processor": "split", "mlflow": "tune"}
SILENT_S = 120


def test_each_server_is_killed_once_and_mlflow_is_silent_for_two_minutes(at, reference):
    run, downtime = Run(at), {}
    for server, task in MOMENTS.items():
        assert run.until_running(task, reference.tasks[task] * 0.4)
        others = {name: process for name, process in at.servers.items() if name != server}
        processes.kill_server(at.servers[server])
        gone_at = time.monotonic()
        time.sleep(AWAY_S)
        at.up()
        downtime[server] = time.monotonic() - gone_at
        assert {name: process for name, process in at.servers.items() if name != server} == others
    assert run.until_running("register", reference.tasks["register"] * 0.3)
    halt(at.servers["mlflow"], SILENT_S)
    assert run.until_ended() == "success"
    wrong = differences(outcome(at, run.id), reference.outcome)
    same = "the same" if not wrong else f"differ: {wrong}"
    for server, task in MOMENTS.items():
        record(
            f"kill -9 of the {server} during `{task}`, `make up` {AWAY_S} s later",
            f"up again {downtime[server]:.0f} s after the kill; {told(run, task)}",
            same,
            run.lasted(task) - reference.tasks[task],
        )
    record(
        f"MLflow answers nobody for {SILENT_S} s during `register` (SIGSTOP)",
        told(run, "register"),
        same,
        run.lasted("register") - reference.tasks["register"],
    )
    assert wrong == [] and no_twins(at) == []


def halt(server, seconds):
    """The server with its children stands still: connections are taken, and nobody answers."""
    tree = processes.session_of(server.pid)
    for process in tree:
        process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    for process in tree:
        process.send_signal(signal.SIGCONT)


def told(run, task):
    count = len(run.attempts(task))
    return f"`{task}` went on" if count == 1 else f"attempt {count} of `{task}` succeeded"
