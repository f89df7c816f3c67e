"""A DAG file imports little; a run calls DVC once a stage, and once to push."""

import json
import subprocess
import sys

import pytest
import yaml

from tests.conftest import ROOT

STAGES = list(yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"])
HEAVY = [
    "torch",
    "transformers",
    "mlflow",
    "pandas",
    "dvc",
    "great_expectations",
    "presidio_analyzer",
    "pyarrow",
]
PARSE = """
import json, sys
sys.path.insert(0, {dags!r})
import airflow.sdk
before = set(sys.modules)
import {name}
print(json.dumps(sorted(set(sys.modules) - before)))
"""
COUNT = """
import json, sys
sys.path.insert(0, {dags!r})
import retrain
from pipelines import workspace
calls = []
def execute(run_id, *command):
    calls.append(command)
retrain.execute = workspace.execute = workspace._run = execute
workspace.unlock = lambda *a: None
retrain.get_current_context = lambda: {{"run_id": "r", "params": {{}}}}
for stage in retrain.STAGES:
    retrain.run_stage.function(stage)
workspace.keep, workspace.has, workspace.git = (lambda *a, **k: None), (lambda *a: True), (lambda *a, **k: "")
workspace.publish("r")
print(json.dumps([c for c in calls if c[0] == "dvc"]))
"""


def python(script, tmp_path, **values):
    env = {"AIRFLOW_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    text = script.format(dags=str(ROOT / "dags"), **values)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "dags").glob("*.py")))
def test_parsing_imports_nothing_heavy(name, tmp_path):
    loaded = {module.split(".")[0] for module in python(PARSE, tmp_path, name=name)}
    assert not loaded & set(HEAVY)


def test_a_run_calls_dvc_once_a_stage_and_once_to_push(tmp_path):
    calls = python(COUNT, tmp_path)
    assert [call[-1] for call in calls[:-1]] == STAGES and calls[-1][:2] == ["dvc", "push"]
