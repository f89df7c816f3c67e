"""The machine goes off in a run: every process of the servers and of the run ends at once; then `make up`."""

import pytest

from tests.faults import processes
from tests.faults.installation import Run
from tests.faults.outcome import differences, no_twins, outcome
from tests.faults.table import record

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(("task", "share"), [("mask", 0.5), ("tune", 0.6), ("register", 0.5)])
def test_the_machine_is_switched_off(at, reference, task, share):
    run = Run(at)
    assert run.until_running(task, share * reference.tasks[task])
    count = processes.switch_off([server.pid for server in at.servers.values()])
    assert at.servers == {}
    up_s = at.up()
    assert run.until_ended() == "success"
    wrong = differences(outcome(at, run.id), reference.outcome)
    record(
        f"the machine goes off at {share:.0%} of `{task}`: kill -9 of all {count} processes, then `make up`",
        f"servers answer after {up_s:.0f} s; attempt {len(run.attempts(task))} of `{task}` succeeded",
        "the same" if not wrong else f"differ: {wrong}",
        run.seconds() - reference.seconds,
    )
    assert wrong == [] and no_twins(at) == []
