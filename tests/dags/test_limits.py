"""Every task of every DAG has a time limit and tells its failure; trainers share a pool; the brake is on."""

import json
import subprocess
import sys

import pytest
import yaml

from tests.conftest import ROOT

DAGS = sorted(path.stem for path in (ROOT / "dags").glob("*.py"))
LIMITS = yaml.safe_load((ROOT / "params.yaml").read_text())["limits"]
WAITS_FOR_A_PERSON = {("promote", "approve")}
LOAD = """
import json, sys
sys.path.insert(0, {dags!r})
import importlib
found = {{}}
for name in {names!r}:
    dag = getattr(importlib.import_module(name), name)()
    found[dag.dag_id] = {{
        "brake": dag.max_consecutive_failed_dag_runs,
        "deadlines": [d.interval.total_seconds() for d in dag.deadline or ()],
        "tasks": {{
            t.task_id: {{
                "timeout": t.execution_timeout and t.execution_timeout.total_seconds(),
                "pool": t.pool,
                "retries": t.retries,
                "queue": t.queue,
                "tells": len(t.on_failure_callback or []),
                "says": [callback.__name__ for callback in t.on_success_callback or []],
            }}
            for t in dag.tasks
        }},
    }}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    env = {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
    }
    script = LOAD.format(dags=str(ROOT / "dags"), names=DAGS)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_every_task_has_a_time_limit_but_the_one_that_waits_for_a_person(loaded):
    without = {
        (dag, task) for dag, found in loaded.items() for task, t in found["tasks"].items() if not t["timeout"]
    }
    assert without == WAITS_FOR_A_PERSON


def test_every_task_is_taken_up_again_and_has_a_queue(loaded):
    tasks = {(dag, task): t for dag, found in loaded.items() for task, t in found["tasks"].items()}
    assert [name for name, t in tasks.items() if t["retries"] < 1] == []
    assert {t["queue"] for t in tasks.values()} == {"default", "restricted"}


def test_every_task_tells_its_failure(loaded):
    assert [
        (dag, task) for dag, found in loaded.items() for task, t in found["tasks"].items() if not t["tells"]
    ] == []


def test_what_a_task_found_is_told_when_it_is_done(loaded):
    tasks = [(dag, task, t["says"]) for dag, found in loaded.items() for task, t in found["tasks"].items()]
    assert [one for one in tasks if one[2]] == [
        ("promote", "request", ["tell_waiting"]),
        ("retrain", "ingest", ["tell_vanished"]),
        ("retrain", "report", ["tell_report"]),
    ]


def test_stages_have_the_limits_of_params_yaml(loaded):
    hours = {task: t["timeout"] / 3600 for task, t in loaded["retrain"]["tasks"].items()}
    for task, found in hours.items():
        assert found == LIMITS["timeout_hours"].get(task, LIMITS["timeout_hours"]["default"]), task
    assert hours["tune"] > hours["prepare"]


def test_only_trainers_share_the_pool(loaded):
    pools = {task: t["pool"] for task, t in loaded["retrain"]["tasks"].items()}
    assert {task for task, pool in pools.items() if pool == "training"} == {"pretrain", "tune", "evaluate"}
    assert set(pools.values()) == {"training", "default_pool"}


def test_a_run_has_a_deadline_and_failures_stop_the_dag(loaded):
    assert loaded["retrain"]["deadlines"] == [LIMITS["run_hours"] * 3600]
    assert loaded["retrain"]["brake"] == LIMITS["failures"] > 0
    assert [dag for dag, found in loaded.items() if found["brake"]] == ["retrain"]


def test_limits_name_tasks_that_exist(loaded):
    assert set(LIMITS["timeout_hours"]) - {"default"} <= set(loaded["retrain"]["tasks"])
