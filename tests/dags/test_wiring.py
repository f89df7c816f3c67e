"""The DAG files are wiring: light to parse, and their tasks are the stages of dvc.yaml in its order."""

import ast
import json
import subprocess
import sys

import pytest
import yaml

from tests.conftest import ROOT

HEAVY = {
    "torch",
    "transformers",
    "presidio_analyzer",
    "mlflow",
    "pandas",
    "great_expectations",
    "peft",
    "pipelines",
}
STAGES = list(yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"])
LOAD = """
import json, sys
sys.path.insert(0, {dags!r})
import {name} as module
dag = module.{name}()
tasks = {{t.task_id: sorted(t.downstream_task_ids) for t in dag.tasks}}
links = {{t.task_id: [link.name for link in t.operator_extra_links] for t in dag.tasks}}
links = {{task: names for task, names in links.items() if names}}
rules = {{t.task_id: t.trigger_rule for t in dag.tasks}}
queues = {{t.task_id: t.queue for t in dag.tasks}}
told = {{"params": sorted(dag.params), "doc": bool(dag.doc_md), "paused": dag.is_paused_upon_creation}}
print(json.dumps({{"tasks": tasks, "rules": rules, "queues": queues, "links": links, **told}}))
"""


@pytest.fixture(scope="module")
def dag(tmp_path_factory):
    """Loads a DAG file in a process of its own, as Airflow's processor does."""
    home = tmp_path_factory.mktemp("airflow")
    known = {}

    def load(name):
        if name not in known:
            script = LOAD.format(dags=str(ROOT / "dags"), name=name)
            env = {"AIRFLOW_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
            done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env)
            assert done.returncode == 0, done.stderr[-2000:]
            known[name] = json.loads(done.stdout.splitlines()[-1])
        return known[name]

    return load


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda p: p.name)
def test_no_heavy_import_at_the_top(path):
    tree = ast.parse(path.read_text())
    imported = {a.name.split(".")[0] for n in tree.body if isinstance(n, ast.Import) for a in n.names}
    imported |= {(n.module or "").split(".")[0] for n in tree.body if isinstance(n, ast.ImportFrom)}
    assert not imported & HEAVY


def test_retrain_follows_dvc_yaml(dag):
    tasks = dag("retrain")["tasks"]
    data, training = STAGES[: STAGES.index("pretrain")], STAGES[STAGES.index("pretrain") :]
    chain = ["prepare", *data, "enough_news", *training, "publish", "register", "report", "clean_up"]
    after = dict(zip(chain, [[name] for name in chain[1:]] + [[]], strict=True))
    assert tasks == after | {"evaluate": ["publish", "register"], "publish": ["clean_up", "register"]}


def test_a_run_that_does_not_train_publishes_and_cleans_up(dag):
    rules = dag("retrain")["rules"]
    assert {name for name, rule in rules.items() if rule != "all_success"} == {"publish", "clean_up"}
    assert rules["publish"] == rules["clean_up"] == "none_failed"


def test_retrain_has_its_params_and_words(dag):
    named = [
        "base",
        "commit",
        "force",
        "keep_data",
        "license",
        "profile",
        "revision",
        "set",
        "since",
        "train",
        "until",
    ]
    assert dag("retrain")["params"] == named and dag("retrain")["doc"]


def test_watch_looks_before_it_triggers_and_is_off_at_first(dag):
    found = dag("watch")
    assert found["tasks"] == {
        "look": ["arrived", "told"],
        "arrived": ["take"],
        "take": ["retrain"],
        "retrain": ["told"],
        "told": [],
    }
    assert found["paused"] and found["doc"]


def test_what_reads_unmasked_logs_goes_to_the_restricted_machine(dag):
    restricted = {
        (name, task)
        for name in ("retrain", "watch", "promote", "housekeeping")
        for task, queue in dag(name)["queues"].items()
        if queue == "restricted"
    }
    assert restricted == {
        ("retrain", "ingest"),
        ("retrain", "mask"),
        ("watch", "look"),
        ("housekeeping", "collect_restricted"),
    }


def test_promote_asks_before_it_decides(dag):
    assert dag("promote")["tasks"] == {"request": ["approve"], "approve": ["decide"], "decide": []}


def test_one_click_leads_from_a_task_to_the_report(dag):
    assert dag("retrain")["links"] == {
        "register": ["Run in MLflow"],
        "report": ["Report", "Version in MLflow", "Run in MLflow"],
    }
    assert dag("promote")["links"] == {"request": ["Report"]}


def test_stages_call_the_command_of_their_name():
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    for name, stage in stages.items():
        assert stage["cmd"] == f"python -m pipelines {name}"


def test_stages_and_outputs_are_those_of_the_code():
    from pipelines.stage import OUTPUTS

    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    assert list(OUTPUTS) == list(stages)
    assert all(OUTPUTS[name] in stages[name]["outs"] for name in stages)


def test_no_folder_hides_the_real_mlflow():
    assert not (ROOT / "mlflow/__init__.py").exists()
