"""In a cluster, workers and stores die one after the other in one run, and `make check` starts them again."""

import time

import pytest

from pipelines.servers.cluster import needs
from tests.faults import processes
from tests.faults.installation import Installation, Run, let_pass, share_keys
from tests.faults.outcome import differences, no_twins, outcome
from tests.faults.table import record
from tests.faults.test_killed_servers import told
from tests.test_e2e import git

DEBIAN, PYTHON = needs.missing()
pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(
        bool(DEBIAN or PYTHON), reason=f"not installed: {', '.join([*DEBIAN, *PYTHON])} (see docs/cluster.md)"
    ),
]
AWAY_S = 15  # until the timer says `make check RESTART=1`
WORKER = "the worker"  # whichever has the task
MOMENTS = (
    ("redis", "dedup"),
    (WORKER, "curate"),
    ("s3", "split"),
    (WORKER, "tune"),
    ("postgres", "evaluate"),
)


@pytest.fixture
def cluster(installation, reference, tmp_path):
    """An installation of its own as a cluster, with the keys of the undisturbed run's."""
    installation.down()
    at = Installation(tmp_path / "kefu")
    let_pass(at.home)
    share_keys(installation, at)
    try:
        at.up("--profile", "cluster")
        yield at
    finally:
        at.down()


def test_workers_and_stores_are_killed(cluster, reference):
    run, found = Run(cluster, watched=True), []
    for whom, task in MOMENTS:
        assert run.until_running(task, reference.tasks[task] * 0.4)
        name = worker_of(run, task) if whom == WORKER else whom
        found.append((name, task, *killed(cluster, name)))
    assert run.until_ended() == "success"
    wrong = differences(outcome(gathered(cluster, run), run.id), reference.outcome)
    for name, task, count, away_s in found:
        record(
            f"cluster: kill -9 of {name} during `{task}` (processes: {count}), `make check` {AWAY_S} s later",
            f"up again {away_s:.0f} s after the kill; {told(run, task)}",
            "the same" if not wrong else f"differ: {wrong}",
            run.lasted(task) - reference.tasks[task],
        )
    assert wrong == [] and no_twins(cluster) == []


def worker_of(run, task):
    """Workers are told apart by their address: 127.0.0.11 is the first."""
    return f"worker-{int(run.tasks()[task]['hostname'].rsplit('.', 1)[1]) - 10}"


def killed(at, name):
    """How many processes died, and seconds until the server runs again; others may die of it meanwhile."""
    tree, began = processes.session_of(at.servers[name].pid), time.monotonic()
    processes.end_at_once(tree)
    time.sleep(AWAY_S)
    at.check()
    assert name in at.servers
    return len(tree), time.monotonic() - began


def gathered(at, run):
    """The run's data and its tag, brought from S3 and the workers' repository into the checkout."""
    at.python("-m", "pipelines", "look", run.id)
    git("fetch", "-q", str(at.home / "cluster/repository.git"), "refs/tags/*:refs/tags/*", cwd=at.path)
    return at
