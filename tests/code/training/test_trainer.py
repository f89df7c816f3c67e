"""What the trainer asks of a GPU, as far as it can be seen without one."""

from types import SimpleNamespace

import pytest
import torch

from pipelines.training import launch, run, trainer
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


@pytest.mark.parametrize(("gpus", "longest", "room"), [(0, 4096, 768), (1, 4096, 4096), (1, 512, 768)])
def test_a_row_on_a_gpu_has_room_for_the_longest_example(monkeypatch, gpus, longest, room):
    monkeypatch.setattr(run, "gpu_count", lambda: gpus)
    assert run.row_tokens(longest) == room


def test_the_collator_of_a_gpu_fits_best(home, tmp_path, monkeypatch):
    job = tiny_job(home, tmp_path, items(4))
    asked = []
    monkeypatch.setattr(trainer, "collator", lambda *given: asked.append(given) or trainer.flat)
    monkeypatch.setattr(trainer, "PackedTrainer", lambda **_: SimpleNamespace(
        remove_callback=lambda _: None, is_world_process_zero=lambda: False))  # fmt: skip
    trainer.make_trainer(job, Items(job.train_file), None, None)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(trainer, "training_arguments", lambda *_: SimpleNamespace(world_size=1))
    trainer.make_trainer(job, Items(job.train_file), None, None)
    assert [given[2] for given in asked] == [False, True]


@pytest.mark.parametrize(
    ("stage", "softmax", "told"), [(3, "auto", True), (3, "exact", False), (2, "auto", False)]
)
def test_the_log_says_that_zero_3_is_exact(home, tmp_path, capsys, stage, softmax, told):
    run._tell_state(tiny_job(home, tmp_path, [], zero_stage=stage, softmax=softmax))
    assert ("model.softmax is auto, which is exact under ZeRO-3" in capsys.readouterr().out) is told
