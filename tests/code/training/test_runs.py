"""Whole trainings on the tiny base: repeatable, killed and gone on with, under ZeRO, stopped early."""

import json
import os
import shutil
import signal
import time
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from pipelines.errors import KefuError, UnavailableError
from pipelines.stage import execute
from pipelines.training.encode import Segment
from pipelines.training.worker import train
from tests.code.training.tiny import checker, in_process, tiny_job, tiny_params, write_shop

LONG = {"epochs": 12, "evals_per_epoch": 2, "early_stopping_patience": 30}
STAGE = """
import sys
sys.path.insert(0, ".")
from pathlib import Path
from pipelines.stage import execute
from tests.code.training.tiny import checker, tiny_params
execute("tune", tiny_params(tune={long}), Path("{root}"), checker)
"""


def items(count=16, shift=0):
    """Each answer (the last four tokens) follows from the first token."""
    return [
        [Segment([100 + i % 4, *range(20, 26), i + 300, *([200 + (i + shift) % 4] * 4)], 8)]
        for i in range(count)
    ]


def adapter(job_or_folder):
    folder = getattr(job_or_folder, "result", job_or_folder)
    return load_file(folder / "adapter_model.safetensors")


def result(job):
    return json.loads((job.result / "result.json").read_text())


def test_two_runs_give_the_same_bytes(home, tmp_path):
    jobs = [tiny_job(home, tmp_path / name, items()) for name in "ab"]
    for job in jobs:
        train(job)
    first, second = ((job.result / "adapter_model.safetensors").read_bytes() for job in jobs)
    assert first == second


def test_a_training_that_was_done_goes_on_where_more_epochs_are_asked_for(home, tmp_path):
    job = tiny_job(home, tmp_path / "job", items())
    train(job)
    steps, first = result(job)["steps"], adapter(job)
    shutil.rmtree(job.result)
    longer = replace(job, epochs=2 * job.epochs)
    train(longer)
    assert result(longer)["steps"] == 2 * steps
    rates = [entry["learning_rate"] for entry in json.loads((job.result / "history.json").read_text())]
    assert len(rates) > steps / 2 and any(not torch.equal(first[n], adapter(longer)[n]) for n in first)


def test_another_seed_gives_another_adapter(home, tmp_path):
    jobs = [tiny_job(home, tmp_path / str(seed), items(), seed=seed) for seed in (3, 4)]
    for job in jobs:
        train(job)
    first, second = (adapter(job) for job in jobs)
    assert any(not torch.equal(first[name], second[name]) for name in first)


def test_stops_early_and_keeps_the_best(home, tmp_path):
    """The validation set wants other answers, so learning makes it worse from some step on."""
    job = tiny_job(
        home, tmp_path / "job", items(), items(8, shift=1), epochs=30, learning_rate=0.03, patience=3
    )
    train(job)
    found, history = result(job), json.loads((job.result / "history.json").read_text())
    losses = {entry["step"]: entry["eval_loss"] for entry in history if "eval_loss" in entry}
    assert found["steps"] < found["planned_steps"]
    assert found["best_eval_loss"] == min(losses.values()) == losses[found["best_step"]]
    assert [step for step in losses if step > found["best_step"]] == sorted(losses)[-3:]
    kept = load_file(job.checkpoints / f"checkpoint-{found['best_step']}/adapter_model.safetensors")
    assert all(torch.equal(tensor, kept[name]) for name, tensor in adapter(job).items())


def test_adapter_on_a_plain_base_gives_the_logged_loss(home, tmp_path):
    from peft import PeftModel

    from pipelines.base.load import base_path, load_model

    held_out = items(8)
    job = tiny_job(home, tmp_path / "job", items(), held_out, learning_rate=0.01)
    train(job)
    model = PeftModel.from_pretrained(load_model(base_path(tiny_params().model), "fp32"), job.result).eval()
    losses = []
    for (segment,) in held_out:
        ids = torch.tensor([segment.input_ids])
        logits = model(input_ids=ids).logits[0, segment.answer_from - 1 : -1]
        losses.append(torch.nn.functional.cross_entropy(logits, ids[0, segment.answer_from :]))
    assert torch.stack(losses).mean().item() == pytest.approx(result(job)["best_eval_loss"], rel=1e-5)


def test_tune_goes_on_from_its_parent(home, tmp_path):
    parent = tiny_job(home, tmp_path / "parent", items(), learning_rate=0.01)
    train(parent)
    child = tiny_job(home, tmp_path / "child", items(), parent=str(parent.result), learning_rate=1e-9)
    train(child)
    before, after = adapter(parent), adapter(child)
    assert all(torch.allclose(before[name], after[name], atol=1e-6) for name in before)


def test_a_parent_of_another_rank_is_refused(home, tmp_path):
    parent = tiny_job(home, tmp_path / "parent", items(4))
    train(parent)
    other = {"r": 8, "alpha": 8, "dropout": 0.1, "targets": "all-linear", "depth": 1.0}
    with pytest.raises(KefuError, match="does not fit"):
        train(tiny_job(home, tmp_path / "child", items(4), parent=str(parent.result), lora=other))


@pytest.fixture(scope="module")
def pretrained(tiny_home, tmp_path_factory):
    """A checkout after pretrain, by the stage itself and its processes."""
    root = write_shop(tmp_path_factory.mktemp("pretrained"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_HOME", str(tiny_home))
        metrics = execute("pretrain", tiny_params(), root, checker)
    assert metrics["rows_in"] == 8 and metrics["rows_out"] > 0
    return root


def test_killed_and_gone_on_with_equals_uninterrupted(home, pretrained):
    whole = execute("tune", tiny_params(tune=LONG), pretrained, checker)
    out = pretrained / "data/adapters/instruction"
    expected = {file.name: file.read_bytes() for file in out.iterdir()}
    assert {"adapter_model.safetensors", "history.json", "training.json"} <= expected.keys()
    assert whole["metrics"]["resumed_from_step"] == 0

    process = in_process(STAGE.format(long=LONG, root=pretrained), home)
    worker = wait_for_checkpoint(home / "checkpoints", process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for_end(worker)
    with pytest.raises(KefuError) as refused:
        execute("tune", tiny_params(tune={**LONG, "learning_rate": 0.001}), pretrained, checker)
    assert "  - learning_rate: 0.003 then, 0.001 now" in refused.value.found.splitlines()
    again = execute("tune", tiny_params(tune=LONG), pretrained, checker)
    assert again["metrics"]["resumed_from_step"] > 0
    assert {file.name: file.read_bytes() for file in out.iterdir()} == expected
    assert not list((home / "checkpoints").iterdir())


BETWEEN = """
import os, signal, sys
sys.path.insert(0, ".")
from pathlib import Path
from pipelines import stage
from tests.code.training.tiny import checker, tiny_params
stage._publish = lambda run: os.kill(os.getpid(), signal.SIGKILL)
stage.execute("pretrain", tiny_params(), Path("{root}"), checker)
"""


def test_killed_between_the_stages(home, pretrained, tmp_path, monkeypatch):
    """Trained to the end and killed before the adapter stands in its place: nothing is trained again."""
    root = write_shop(tmp_path / "shop")
    assert in_process(BETWEEN.format(root=root), home).wait() == -signal.SIGKILL
    assert not (root / "data/adapters/domain").exists()
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.training.run.launch", lambda job: pytest.fail("it trains again"))
        execute("pretrain", tiny_params(), root, checker)
    assert not list((home / "checkpoints").iterdir())
    for folder in (root, pretrained):
        execute("tune", tiny_params(), folder, checker)
    for stage in ("domain", "instruction"):
        found, expected = (
            {file.name: file.read_bytes() for file in (folder / f"data/adapters/{stage}").iterdir()}
            for folder in (root, pretrained)
        )
        assert found == expected


def test_activations_computed_again_change_nothing(home, tmp_path):
    jobs = [tiny_job(home, tmp_path / str(again), items(8), checkpointing=again) for again in (False, True)]
    for job in jobs:
        train(job)
    kept, again = (adapter(job) for job in jobs)
    assert all(torch.allclose(kept[name], again[name], atol=1e-6) for name in kept)


def wait_for_checkpoint(folder, process):
    """Process ids of the trainers, once they have written a whole checkpoint."""
    import psutil

    while not list(folder.glob("*/checkpoints/checkpoint-*/complete.json")):
        assert process.poll() is None, "the training ended before it wrote a checkpoint"
        time.sleep(0.02)
    return [child.pid for child in psutil.Process(process.pid).children(recursive=True)]


def wait_for_end(pids):
    import psutil

    assert pids
    _, alive = psutil.wait_procs([psutil.Process(p) for p in pids if psutil.pid_exists(p)], timeout=30)
    assert not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def test_lineage_is_written(home, pretrained):
    domain = json.loads((pretrained / "data/adapters/domain/training.json").read_text())
    config = json.loads((pretrained / "data/adapters/domain/adapter_config.json").read_text())
    assert domain["parent_sha256"] is None and domain["base"] == "tiny" and len(domain["base_sha256"]) == 64
    assert config["base_model_name_or_path"] == "tiny" and config["r"] == 4
    execute("tune", tiny_params(), pretrained, checker)
    tuned = json.loads((pretrained / "data/adapters/instruction/training.json").read_text())
    assert tuned["parent_sha256"] == domain["adapter_sha256"]


def test_a_failed_trainer_is_an_error_of_the_stage(home, pretrained, tmp_path):
    from pipelines.training.launch import launch

    job = tiny_job(home, tmp_path / "job", items(4), base=str(tmp_path))
    with pytest.raises(UnavailableError, match="ended with exit status 1"):  # it may have been killed
        launch(job)


def test_tune_without_pretrain(home, shop):
    with pytest.raises(KefuError, match="no adapter of the stage pretrain"):
        execute("tune", tiny_params(), shop, checker)
