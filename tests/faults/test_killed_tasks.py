"""Every task of one run is killed once, at a random moment; the run ends by itself as an undisturbed one."""

import random

import pytest

from tests.faults.conftest import SEED
from tests.faults.installation import Run
from tests.faults.outcome import differences, left_over, no_twins, outcome
from tests.faults.table import record

pytestmark = pytest.mark.faults
WITH_SUPERVISOR = ("split", "tune")  # nobody is left to tell Airflow, which has to notice by itself


def test_every_task_is_killed_once(at, reference):
    chance, run, killed = random.Random(SEED), Run(at), {}
    for task, seconds in reference.tasks.items():
        share = chance.uniform(0.1, 0.8)
        if run.until_running(task, share * seconds):
            try:
                killed[task] = (share, run.kill(task, task in WITH_SUPERVISOR))
            except LookupError:
                print(f"{task} ended before it could be killed at {share:.0%}")
    assert run.until_ended() == "success"
    wrong = differences(outcome(at, run.id), reference.outcome)
    for task, (share, processes) in killed.items():
        states = [state for _, _, state in run.attempts(task)]
        whom = "its supervisor too" if task in WITH_SUPERVISOR else f"{processes} processes"
        record(
            f"kill -9 of the task `{task}` at {share:.0%} of its time, {whom}",
            f"attempt {len(states)} succeeded",
            "the same" if not wrong else f"differ: {wrong}",
            run.lasted(task) - reference.tasks[task],
        )
        assert len(states) > 1
    assert wrong == [] and no_twins(at) == [] and left_over(at.home) == []
    assert len(killed) > len(reference.tasks) * 3 / 4
