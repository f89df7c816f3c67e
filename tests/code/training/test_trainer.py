"""What the trainer asks of a GPU, as far as it can be seen without one."""

import pytest
import torch

from pipelines.training import launch, trainer
from pipelines.training.job import Items
from tests.code.training.test_runs import items
from tests.code.training.tiny import tiny_job


def test_a_gpu_gets_packers_pinned_memory_and_bf16(home, tmp_path):
    job = tiny_job(home, tmp_path, [], dtype="bf16")
    on_gpu, on_cpu = (trainer.device_arguments(job, gpu) for gpu in (True, False))
    assert on_gpu["dataloader_pin_memory"] and on_gpu["dataloader_num_workers"] > 0 and on_gpu["bf16"]
    assert not on_cpu["dataloader_pin_memory"] and on_cpu["dataloader_num_workers"] == 0
    assert on_cpu["use_cpu"] and not on_gpu["use_cpu"]


def test_the_optimizer_is_fused_and_activations_follow_the_job(home, tmp_path):
    job = tiny_job(home, tmp_path, [], checkpointing=True)
    arguments = trainer.training_arguments(job, 8)
    assert arguments.optim == "adamw_torch_fused" and arguments.gradient_checkpointing
    assert not trainer.training_arguments(tiny_job(home, tmp_path, []), 8).gradient_checkpointing


@pytest.mark.parametrize(("dtype", "there", "chosen"), [
    ("bf16", True, "flash_attention_2"), ("bf16", False, "sdpa"), ("fp32", True, "sdpa"),
])  # fmt: skip
def test_flash_attention_where_it_is_installed(monkeypatch, dtype, there, chosen):
    monkeypatch.setattr("transformers.utils.is_flash_attn_2_available", lambda: there)
    assert trainer.attention_for(dtype, gpu=True) == chosen
    assert trainer.attention_for(dtype, gpu=False) == "sdpa"


def test_a_gpu_gets_plain_layers_and_no_shortlist(home, tmp_path, monkeypatch):
    job = tiny_job(home, tmp_path, items(4))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(trainer, "_shortlist", lambda *_: pytest.fail("a shortlist on a GPU"))
    model = trainer.make_model(job, Items(job.train_file))
    assert trainer.attention_of(model) == "sdpa"


def test_deepspeed_is_not_kept_from_a_gpu(monkeypatch):
    monkeypatch.setenv("DS_ACCELERATOR", "cpu")
    monkeypatch.setattr(launch, "gpu_count", lambda: 1)
    assert "DS_ACCELERATOR" not in launch.environment(1)
    monkeypatch.setattr(launch, "gpu_count", lambda: 0)
    assert launch.environment(1)["DS_ACCELERATOR"] == "cpu"
