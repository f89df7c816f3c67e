"""How the processes of a training find each other."""

import deepspeed
import pytest
import torch

from pipelines.training import worker
from tests.code.training.tiny import tiny_job


@pytest.mark.parametrize(("gpu", "expected"), [
    (True, [("device", 1), ("join", "nccl"), ("gather",)]), (False, [("join", "gloo"), ("gather",)]),
])  # fmt: skip
def test_a_process_takes_its_own_gpu_before_it_joins(home, tmp_path, monkeypatch, gpu, expected):
    calls = []
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: calls.append(("device", device)))
    monkeypatch.setattr(
        deepspeed, "init_distributed", lambda dist_backend, **_: calls.append(("join", dist_backend))
    )
    monkeypatch.setattr(worker, "check_same", lambda _: calls.append(("gather",)))
    worker.join_processes(tiny_job(home, tmp_path, [], zero_stage=2, processes=2))
    assert calls == expected
