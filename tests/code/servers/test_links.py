"""A task's buttons in Airflow, from what it returned."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

ASK = """
import json
from types import SimpleNamespace
from unittest import mock
from pipelines.servers import links

key = SimpleNamespace(task_id="report", dag_id="retrain", run_id="r", map_index=-1)
returned = json.loads({returned!r})
held = {{"return_value": returned}}
with mock.patch.object(links.XCom, "get_one", lambda **asked: held[asked["key"]]):
    print(json.dumps([[one.name, one.xcom_key, one.get_link(None, ti_key=key)]
                      for one in (links.REPORT, links.RUN, links.VERSION)]))
"""
ADDRESSES = {
    "report_url": "http://m/report.html",
    "mlflow_run_url": "http://m/r",
    "version_url": "http://m/v",
}


@pytest.fixture
def ask(tmp_path):
    """Links in a process of its own, since Airflow makes its home where it is imported."""

    def found(returned):
        env = {"AIRFLOW_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
        script = ASK.format(returned=json.dumps(returned))
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return found


def test_each_button_leads_to_what_the_task_left(ask):
    assert [[name, url] for name, _, url in ask(ADDRESSES)] == [
        ["Report", "http://m/report.html"],
        ["Run in MLflow", "http://m/r"],
        ["Version in MLflow", "http://m/v"],
    ]


def test_each_button_has_its_own_place(ask):
    keys = [key for _, key, _ in ask(ADDRESSES)]
    assert len(set(keys)) == 3 and "return_value" not in keys


def test_a_task_that_left_nothing_has_none(ask):
    assert [url for _, _, url in ask(None)] == ["", "", ""]
