"""What training must do to a model, on the tiny base: learn what matters, however it is packed."""

import json

import pytest
import torch
from safetensors.torch import load_file

from pipelines.base.load import base_path, load_model
from pipelines.training.encode import Segment
from pipelines.training.worker import train
from tests.code.training.conftest import tiny_home  # noqa: F401
from tests.code.training.tiny import tiny_job, tiny_params

ITEMS = [[Segment([100 + i % 4, *range(20, 26), i + 300, *([200 + i % 4] * 4)], 8)] for i in range(96)]


@pytest.fixture
def home(tiny_home, monkeypatch):  # noqa: F811
    monkeypatch.setenv("KEFU_HOME", str(tiny_home))
    return tiny_home


@pytest.fixture
def trained(home, tmp_path):
    """The job of a training long enough to learn which answer follows which first token."""
    job = tiny_job(home, tmp_path / "job", ITEMS, ITEMS[:8], epochs=10, learning_rate=0.02, patience=50)
    train(job)
    return job


def load(job):
    from peft import PeftModel

    return PeftModel.from_pretrained(load_model(base_path(tiny_params().model), "fp32"), job.result).eval()


def answer(model, first, filler):
    ids = torch.tensor([[first, *range(20, 26), filler]])
    return model(input_ids=ids).logits[0, -1].argmax().item()


def test_minimum_function_learns_its_answers(trained):
    model = load(trained)
    assert [answer(model, 100 + i, 300 + i) for i in range(4)] == [200, 201, 202, 203]


def test_invariance_a_word_that_does_not_matter(trained):
    model = load(trained)
    unseen = [answer(model, 100 + i, 401 + i * 3) for i in range(4)]
    assert unseen == [200, 201, 202, 203]


def test_direction_loss_falls(trained):
    history = json.loads((trained.result / "history.json").read_text())
    losses = [entry["eval_loss"] for entry in history if "eval_loss" in entry]
    assert losses[-1] < 0.5 * losses[0]


def test_rows_of_any_length_give_the_same_adapter(home, tmp_path):
    adapters = []
    for row_tokens in (1, 1000):
        lora = {"r": 4, "alpha": 8, "dropout": 0.0, "targets": "all-linear", "depth": 1.0}
        job = tiny_job(home, tmp_path / str(row_tokens), ITEMS, row_tokens=row_tokens, lora=lora)
        train(job)
        adapters.append(load_file(job.result / "adapter_model.safetensors"))
    alone, together = adapters
    assert max((alone[n] - together[n]).abs().max().item() for n in alone) < 1e-4
