"""Two machines, here two loopback addresses: one is killed, both are started again, and nothing is lost."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from pipelines.errors import KefuError
from pipelines.training import nodes
from pipelines.training.checkpoints import latest, remove_halves
from pipelines.training.nodes import find_job, read_hostfile, start_others, torchrun
from tests.code.training import forked
from tests.code.training.test_killed import items, job_in
from tests.code.training.tiny import ROOT, in_process, tiny_job

LEAD = """
from pathlib import Path
from pipelines.training.job import Job
from pipelines.training.launch import launch
launch(Job.read(Path({path!r})))
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [("a slots=8\nb slots=8\n", {"a": 8, "b": 8}), ("# two\n10.0.0.1 slots=1 # first\n\n", {"10.0.0.1": 1})],
)
def test_hostfile(tmp_path, text, found):
    (tmp_path / "hosts").write_text(text)
    assert read_hostfile(tmp_path / "hosts") == found


@pytest.mark.parametrize(("text", "said"), [("a 8\n", "'a 8'"), ("\n", "empty"), (None, "no hostfile")])
def test_a_bad_hostfile_is_told(tmp_path, text, said):
    if text is not None:
        (tmp_path / "hosts").write_text(text)
    with pytest.raises(KefuError, match=said):
        read_hostfile(tmp_path / "hosts")


def free_port(address):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def two_nodes(home, folder, **own):
    values = {"zero_stage": 2, "processes": 2, "nodes": 2, "rendezvous": "127.0.0.2:29400"}
    return tiny_job(home, folder, items(4), **(values | own))


def test_each_node_runs_its_share(tiny_home, tmp_path):
    command = torchrun(two_nodes(tiny_home, tmp_path, processes=8), 1)
    options = {name: command[command.index(name) + 1] for name in command if name.startswith("--")}
    assert options["--nnodes"] == "2" and options["--node-rank"] == "1"
    assert options["--nproc_per_node"] == "4" and options["--rdzv-endpoint"] == "127.0.0.2:29400"
    assert "--standalone" in torchrun(two_nodes(tiny_home, tmp_path, nodes=1), 0)


def test_joining_finds_the_newest_training_of_the_stage(tiny_home, tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_HOME", str(tmp_path))
    for age, name in ((100, "old"), (0, "new")):
        job = two_nodes(tiny_home, tmp_path / "checkpoints" / name)
        then = time.time() - age
        os.utime(job.write(), (then, then))
    assert find_job("tune", "127.0.0.2:29400", None).folder.endswith("new")
    assert find_job(None, None, str(tmp_path / "checkpoints/old")).folder.endswith("old")
    with pytest.raises(KefuError, match="no training of pretrain"):
        find_job("pretrain", "127.0.0.2:29400", None, wait_s=0.1)


def test_the_others_of_a_hostfile_are_started_over_ssh(tiny_home, tmp_path, monkeypatch):
    """An ssh that notes what it is asked for; the command itself is run below."""
    ssh = tmp_path / "bin/ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/asked\n')
    ssh.chmod(ssh.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("KEFU_HOME", str(tmp_path))
    job = two_nodes(tiny_home, tmp_path, hosts=("first", "second"))
    for process in start_others(job):
        assert process.wait() == 0
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[:3] == ["-o", "BatchMode=yes", "second"]
    assert asked[3].startswith(f"cd {ROOT} && env KEFU_HOME={tmp_path} ")
    assert asked[3].endswith(f"-m pipelines join --node-rank 1 --job {job.folder}")


@pytest.fixture
def uninterrupted(tiny_home, tmp_path):
    job = job_in(tmp_path / "whole", tiny_home, 2, 2)
    forked.finish(job, tiny_home / "torch_extensions")
    return job


def started(job, home):
    """(the machine that leads, the one that joins)."""
    path = str(job.write())
    command = [sys.executable, "-m", "pipelines", "join", "--node-rank", "1", "--job", job.folder]
    other = subprocess.Popen(command, env={**os.environ, "KEFU_HOME": str(home)}, cwd=ROOT)
    return in_process(LEAD.format(path=path), home), other


def test_a_killed_node_and_a_resume(tiny_home, uninterrupted, tmp_path):
    job = job_in(tmp_path / "nodes", tiny_home, 2, 2)
    job = replace(job, nodes=2, rendezvous=f"127.0.0.2:{free_port('127.0.0.2')}")
    lead, other = started(job, tiny_home)
    while latest(job.checkpoints) is None:
        assert lead.poll() is None and other.poll() is None, "it ended before its first checkpoint"
        time.sleep(0.02)
    other.send_signal(signal.SIGKILL)
    assert lead.wait(240) != 0, "a training of half its processes is no training"
    assert other.wait(240) == -signal.SIGKILL
    assert not job.result.exists()

    remove_halves(job.checkpoints)
    job = replace(job, rendezvous=f"127.0.0.2:{free_port('127.0.0.2')}")
    assert [process.wait(240) for process in started(job, tiny_home)] == [0, 0]
    facts = json.loads((job.result / "result.json").read_text())
    assert facts["resumed_from_step"] > 0 and facts["attempts"] == 2
    for name in ("adapter_model.safetensors", "history.json"):
        assert (job.result / name).read_bytes() == (uninterrupted.result / name).read_bytes()
    assert nodes.WAIT_S > 240
