"""The DAGs walked through by Airflow, on a database of their own and without servers."""

import json
import os
import subprocess
import sys

import pytest

from pipelines.snapshot import git
from tests.conftest import ROOT

WATCH = """
import sys, json
sys.path.insert(0, "dags")
import watch as module
from airflow.models import DagRun, Variable
from airflow.utils.session import create_session

dag, states = module.watch(), []

def looks():
    run = dag.test()
    states.append({task.task_id: task.state for task in run.get_task_instances()})

def remembered(**changed):
    with create_session() as session:
        kept = json.loads(Variable.get("kefu_landing"))
        Variable.set("kefu_landing", json.dumps({**kept, **changed}), session=session)
    return kept

looks()
first = remembered(told="other content")
looks()
remembered(told="other content", runs=0)  # as if `told` had died after the trigger
looks()
looks()
with create_session() as session:
    started = [run.conf for run in session.query(DagRun).filter(DagRun.dag_id == "retrain")]
from pipelines.exchange import start
told = {"states": states, "started": started, "files": len(first["now"]), "kept": remembered()}
print(json.dumps({**told, "commit": start(None)}))
"""
RETRAIN = """
import sys, json
sys.path.insert(0, "dags")
import retrain as module
from pipelines import results, workspace

called = []
module.make_workspace = lambda run_id, chosen: called.append("make")
module.execute = lambda run_id, *command: called.append(" ".join(command))
workspace.commit = lambda run_id, *files: called.append(f"commit {files[0]}") or {}
workspace.publish = lambda run_id: called.append("publish") or {}
workspace.finish = lambda run_id: called.append("finish")
results.result = lambda run_id, step: {"train": False, "why": "too little"}
dag = module.retrain()
dag.deadline = None  # `dag.test` of Airflow 3.3 cannot store one
run = dag.test(run_conf={"train": "auto"})
states = {task.task_id: task.state for task in run.get_task_instances()}
print(json.dumps({"states": states, "called": called}))
"""

DECIDE = """
import sys, json
sys.path.insert(0, "dags")
import promote as module
from pipelines.errors import KefuError, UnavailableError
from pipelines.register import promote

class Pulled:
    def xcom_pull(self, task_ids):
        return {"version": {}}

module.get_current_context = lambda: {"ti": Pulled(), "run_id": "r"}
promote.unsealed = lambda answer, version, run_id: answer
decide, ends = module.promote().get_task("decide").python_callable, []
for error in (UnavailableError("down"), KefuError("a reason is needed"), ConnectionError()):
    def record_decision(version, answer):
        raise error
    promote.record_decision = record_decision
    try:
        decide()
    except Exception as raised:
        ends.append(type(raised).__name__)
print(json.dumps(ends))
"""


@pytest.fixture(scope="module")
def airflow(tmp_path_factory):
    """Runs a script beside a fresh database; returns the JSON of its last line."""
    home = tmp_path_factory.mktemp("airflow")
    own = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "KEFU_HOME": str(home / "kefu"),
    }
    own |= {"AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"), "PYTHONPATH": str(ROOT)}

    def python(*command):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
        return done.stdout

    python("-m", "airflow", "db", "migrate")
    python("-m", "airflow", "dags", "reserialize")
    return lambda script: json.loads(python("-c", script).splitlines()[-1])


def tree(commit):
    """A snapshot of uncommitted edits is a commit of its own each time, of the same tree."""
    return git("rev-parse", f"{commit}^{{tree}}", cwd=ROOT)


def test_watch_starts_retrain_once_for_new_content(airflow):
    found = airflow(WATCH)
    ends = [(states["retrain"], states["told"]) for states in found["states"]]
    assert ends[:2] == [("skipped", "skipped"), ("success", "success")]
    assert ends[2:] == [("skipped", "success"), ("skipped", "skipped")]
    [started] = found["started"]
    assert started["train"] == "auto" and tree(started["commit"]) == tree(found["commit"])
    assert found["kept"]["runs"] == 1
    assert found["files"] == len(list((ROOT / "data/raw").glob("*.jsonl")))


def test_too_little_news_skips_training_and_no_more(airflow):
    """The commands are noted instead of run; that they do their work is for other tests."""
    found = airflow(RETRAIN)
    skipped = {"pretrain", "tune", "evaluate", "register", "report"}
    assert {task for task, state in found["states"].items() if state == "skipped"} == skipped
    assert {state for task, state in found["states"].items() if task not in skipped} == {"success"}
    assert found["called"][-3:] == ["commit data/start.json", "publish", "finish"]
    assert "--train auto" in found["called"][-4]


def test_a_decision_is_tried_again_unless_that_cannot_mend_it(airflow):
    assert airflow(DECIDE) == ["UnavailableError", "AirflowFailException", "ConnectionError"]
