"""A DAG file imports little; a run calls DVC once a stage and once to push, and how often over a remote."""

import json
import subprocess
import sys
from collections import Counter

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
import json, os, sys
from unittest.mock import MagicMock
sys.path.insert(0, {dags!r})
import retrain
from pipelines import exchange, outputs, results, workspace
calls = []
def execute(run_id, *command):
    calls.append(command)
retrain.execute = workspace.execute = workspace._run = execute
for module, names in ((workspace, "bring _unlock keep has git"), (exchange, "push"), (outputs, "hold")):
    for name in names.split():
        setattr(module, name, lambda *a, **k: "there")
workspace.locked = lambda path: {{"ingest": 1}}
results.result, results.write_result = lambda *a: MagicMock(), lambda *a: None
retrain.get_current_context = lambda: MagicMock(__getitem__=lambda _, key: {{
    "run_id": "r", "params": {{}}}}.get(key, MagicMock()))
for stage in retrain.STAGES:
    retrain.run_stage.function(stage)
for task in (retrain.enough_news, retrain.publish, retrain.register, retrain.report):
    task.function()
print(json.dumps([c for c in calls if c[0] == "dvc"]))
"""


def python(script, tmp_path, more=None, **values):
    env = {**(more or {}), "AIRFLOW_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
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


def test_a_run_on_several_machines_pushes_each_stage_and_pulls_four_times(tmp_path):
    calls = python(COUNT, tmp_path, {"KEFU_GIT_REMOTE": "/repository.git"})
    counted = Counter(call[1] for call in calls)
    assert counted == {"repro": len(STAGES), "push": len(STAGES) + 1, "pull": 4} and len(calls) == 23
