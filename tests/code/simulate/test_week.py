"""What a week reads: the request that the simulated steward answers, and a version's figures."""

import json
from pathlib import Path

from pipelines.evaluate.ask import _loss
from pipelines.simulate.place import Place
from pipelines.simulate.story import weeks
from pipelines.simulate.week import _waiting, figures

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


def test_figures_are_read_as_evaluate_writes_them(tmp_path):
    rows = [{"loss": (12.0, 8)}, {"loss": (6.0, 4)}, {}]
    candidate = {"right": {"right": 2, "of": 3, "share": 0.67}, "loss": _loss(rows)}

    class Asked(Place):
        def python(self, *args):
            Path(args[-1]).write_text(json.dumps({"models": {"candidate": candidate}}))

    place = Asked(tmp_path)
    place.questions.mkdir()
    [week] = weeks(1, 60)
    assert figures(place, week, "1") == {"right": 2, "of": 3, "loss": 1.5}
