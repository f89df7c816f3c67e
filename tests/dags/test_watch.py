"""The DAG `watch` on a database of its own: it starts `retrain` once for what has arrived."""

import json
import os
import subprocess
import sys

from tests.conftest import ROOT

SCRIPT = """
import sys, json
sys.path.insert(0, "dags")
import watch as module
from airflow.models import DagRun, Variable
from airflow.utils.session import create_session

dag, states = module.watch(), []

def looks():
    run = dag.test()
    states.append({task.task_id: task.state for task in run.get_task_instances()})

looks()
with create_session() as session:
    kept = json.loads(Variable.get("kefu_landing"))
    Variable.set("kefu_landing", json.dumps({**kept, "told": "other content"}), session=session)
looks()
looks()
with create_session() as session:
    started = [run.conf for run in session.query(DagRun).filter(DagRun.dag_id == "retrain")]
print(json.dumps({"states": states, "started": started, "files": len(kept["now"])}))
"""


def airflow(home, *command):
    own = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    own |= {"AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout


def test_retrain_is_started_once_for_new_content(tmp_path):
    airflow(tmp_path, "-m", "airflow", "db", "migrate")
    airflow(tmp_path, "-m", "airflow", "dags", "reserialize")
    found = json.loads(airflow(tmp_path, "-c", SCRIPT).splitlines()[-1])
    assert [states["retrain"] for states in found["states"]] == ["skipped", "success", "skipped"]
    assert found["started"] == [{"train": "auto"}]
    assert found["files"] == len(list((ROOT / "data/raw").glob("*.jsonl")))
