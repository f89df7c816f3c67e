"""Which of several requests the simulated steward answers."""

from pipelines.simulate.week import _waiting

SUBJECT = "是否上线 kefu-instruction 版本 {}？NOT BLESSED（未通过）"


class Steward:
    """Airflow's answers, of which `waiting` are (run, version, state)."""

    def __init__(self, *waiting):
        self.waiting = waiting

    def pending_approvals(self):
        tasks = [({"dag_run_id": run, "state": state}, version) for run, version, state in self.waiting]
        return [{"subject": SUBJECT.format(version), "task_instance": task} for task, version in tasks]

    def run(self, dag, run_id):
        return {"partition_key": next(f"kefu-instruction/{v}" for run, v, _ in self.waiting if run == run_id)}


def test_it_is_the_one_of_the_version_whatever_its_language():
    steward = Steward(("a", 1, "awaiting_input"), ("b", 11, "awaiting_input"), ("c", 2, "awaiting_input"))
    assert _waiting(steward, "kefu-instruction/11")["task_instance"]["dag_run_id"] == "b"
    assert _waiting(steward, "kefu-instruction/3") is None


def test_one_that_is_not_asked_yet_is_waited_for():
    assert _waiting(Steward(("a", 1, "scheduled")), "kefu-instruction/1") is None
