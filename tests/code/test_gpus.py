"""Two stages on one machine never share a GPU; CUDA_VISIBLE_DEVICES stands for GPUs, so none is needed."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from pipelines import gpus
from pipelines.__main__ import main
from pipelines.errors import KefuError
from pipelines.params import load
from tests.conftest import ROOT

TAKE = """
import sys
from pipelines import gpus
gpus.ASK_EVERY_S = 0.05
print(",".join(gpus.take(int(sys.argv[1]))), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def stage(tmp_path):
    """Starts a process that takes so many GPUs of a machine with these, and holds them."""
    started = []

    def start(wanted, devices="0,1"):
        own = {"TMPDIR": str(tmp_path), "CUDA_VISIBLE_DEVICES": devices, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", TAKE, str(wanted)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, env={**os.environ, **own}, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def said(process):
    return process.stdout.readline().strip()


def test_two_trainers_have_a_gpu_each_and_a_third_waits(stage):
    first, second = stage(1), stage(1)
    assert {said(first), said(second)} == {"0", "1"}
    third = stage(1)
    assert said(third) == "waits until 1 of the GPUs 0, 1 are free"
    time.sleep(0.2)
    first.kill()  # -9: the lock goes with the process
    assert said(third) in ("0", "1") and second.poll() is None


def test_one_that_wants_all_waits_and_holds_none_meanwhile(stage):
    first = stage(1)
    assert said(first) == "0"
    both = stage(2)
    assert said(both).startswith("waits until 2")
    assert said(stage(1)) == "1"


def test_ids_stay_as_they_were_given(stage):
    assert said(stage(2, "GPU-1a,GPU-2b,GPU-3c")) == "GPU-1a,GPU-2b"


@pytest.mark.parametrize("devices", ["", "-1"])
def test_without_gpus_nothing_changes(devices, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", devices)
    assert gpus.take(2) == [] and os.environ["CUDA_VISIBLE_DEVICES"] == devices


def test_more_gpus_than_there_are_is_an_error(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    with pytest.raises(KefuError, match="2 GPUs are wanted on this machine, 1 is there") as caught:
        gpus.take(2)
    assert "deepspeed.processes" in caught.value.where
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "0"


@pytest.mark.parametrize(("stage", "found"), [("evaluate", "4"), ("tune", "4,5"), ("curate", "4,5,6")])
def test_a_stage_sees_its_own_gpus_alone(stage, found, tmp_path, monkeypatch):
    def execute(stage, params):
        seen.append(os.environ["CUDA_VISIBLE_DEVICES"])
        return {"dropped": {}, "rows_in": 1, "rows_out": 1, "seconds": 0.0}

    seen, params = [], load()
    spread = params.deepspeed.model_copy(update={"processes": 2})
    monkeypatch.setattr("pipelines.stage.execute", execute)
    monkeypatch.setattr("pipelines.params.load", lambda: params.model_copy(update={"deepspeed": spread}))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,5,6")
    with gpus._held:
        assert main([stage]) == 0 and seen == [found]


def test_an_evaluation_of_a_file_takes_a_gpu_too(tmp_path, monkeypatch):
    seen = []

    def evaluate_file(*_):
        seen.append(os.environ["CUDA_VISIBLE_DEVICES"])

    monkeypatch.setattr("pipelines.evaluate.file.evaluate_file", evaluate_file)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,5,6")
    with gpus._held:
        assert main(["evaluate", "--model", "base", "--data", "questions.jsonl"]) == 0 and seen == ["4"]
