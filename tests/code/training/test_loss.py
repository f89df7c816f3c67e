"""The fused loss is cross-entropy, its gradient is cross-entropy's, and other heads are left alone."""

import pytest
import torch

from pipelines.training import loss as room
from pipelines.training.encode import Segment
from pipelines.training.loss import FrozenHeadLoss, hand_head_to_loss
from pipelines.training.pack import pack


@pytest.mark.parametrize("positions", [1, 3, 7, 100])
def test_equals_cross_entropy(monkeypatch, positions):
    monkeypatch.setattr(room, "POSITIONS", positions)
    torch.manual_seed(0)
    hidden = torch.randn(7, 5, dtype=torch.float64).float().requires_grad_()
    weight, targets = torch.randn(11, 5) * 3, torch.randint(0, 11, (7,))
    ours = FrozenHeadLoss.apply(hidden, weight, targets) * 0.5
    ours.backward()
    gradient, hidden.grad = hidden.grad.clone(), None
    theirs = torch.nn.functional.cross_entropy(hidden @ weight.T, targets, reduction="sum") * 0.5
    theirs.backward()
    assert torch.allclose(ours, theirs, rtol=1e-6)
    assert torch.allclose(gradient, hidden.grad, atol=1e-6)


def test_large_logits_stay_finite():
    hidden = torch.full((2, 1), 1e4, requires_grad=True)
    total = FrozenHeadLoss.apply(hidden, torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1]))
    assert total.item() == pytest.approx(2e4)


def test_no_gradient_is_formed_in_evaluation():
    hidden = torch.randn(3, 4)
    assert not FrozenHeadLoss.apply(
        hidden, torch.randn(6, 4), torch.zeros(3, dtype=torch.int64)
    ).requires_grad


SMALL = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "vocab_size": 300,
}


@pytest.mark.parametrize("family", ["llama", "qwen2", "qwen3", "gemma3_text"])
def test_every_family_of_bases_gets_its_own_loss(family):
    """Each passes the logits to the loss in its way."""
    from transformers import AutoConfig, AutoModelForCausalLM

    from pipelines.training.adapter import attach
    from pipelines.training.fused import use_fused_layers

    torch.manual_seed(0)
    config = AutoConfig.for_model(family, **SMALL)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="sdpa")
    model = attach(model, {"r": 2, "alpha": 4, "dropout": 0.0, "targets": "all-linear", "depth": 1.0}, None)
    batch = pack([[Segment([5, 6, 7, 8, 9], 2), Segment([5, 6, 7, 20, 21, 22], 3)]])
    expected = model(**batch, num_items_in_batch=1).loss
    use_fused_layers(model)
    hand_head_to_loss(model.get_base_model())
    assert torch.allclose(model(**batch, num_items_in_batch=1).loss, expected, rtol=1e-5)


class Model(torch.nn.Module):
    def __init__(self, **config):
        super().__init__()
        self.config = type("Config", (), config)()
        self.head = torch.nn.Linear(4, 6, bias=False).requires_grad_(False)
        self.loss_function = None

    def get_output_embeddings(self):
        return self.head


def test_head_hands_hidden_states_to_the_loss():
    model, hidden = Model(), torch.randn(1, 3, 4)
    logits = model.head(hidden)
    hand_head_to_loss(model)
    assert torch.equal(model.head(hidden), hidden)
    labels = torch.tensor([1, 2, 3])
    found = model.loss_function(hidden, labels, 6, shift_labels=labels)
    assert torch.allclose(found, torch.nn.functional.cross_entropy(logits[0], labels))


@pytest.mark.parametrize("model", [Model(final_logit_softcapping=30.0), Model(logits_scaling=8.0)])
def test_models_that_change_their_logits_keep_their_loss(model):
    hand_head_to_loss(model)
    assert model.loss_function is None and model.head(torch.zeros(1, 4)).shape == (1, 6)


def test_a_trained_head_keeps_its_loss():
    model = Model()
    model.head.requires_grad_(True)
    hand_head_to_loss(model)
    assert model.loss_function is None


@pytest.fixture
def model(home):
    from pipelines.base.load import base_path, load_model
    from tests.code.training.tiny import tiny_params

    return load_model(base_path(tiny_params().model), "fp32").requires_grad_(False)


BATCH = pack([[Segment([30, 31, 32, 33, 34], 2), Segment([40, 41, 42], 1)]])


def test_small_vocabularies_need_no_shortlist(model):
    assert room.shortlist_for(model, BATCH, torch.arange(3)) is None


def test_shortlist_holds_the_data_and_what_is_likely(model, monkeypatch):
    monkeypatch.setattr(room, "LARGE", 100)
    monkeypatch.setattr(room, "LIKELY", 5)
    likely = model(**BATCH).logits.reshape(-1, 2048).topk(5).indices
    found = room.shortlist_for(model, BATCH, torch.tensor([7, 2047]))
    assert set(torch.nonzero(found.place >= 0).flatten().tolist()) == {7, 2047, *likely.flatten().tolist()}
    ids = torch.tensor([2047, 7])
    assert torch.equal(found.weight[found.targets(ids)], model.lm_head.weight[ids])
    assert model(**BATCH).logits.shape[-1] == 2048


def test_training_runs_over_the_shortlist_and_evaluation_over_all(model, monkeypatch):
    whole = model(**BATCH).loss
    ids = torch.arange(29, 45)
    logits = model(**BATCH).logits.reshape(-1, 2048)[:, ids]
    expected = torch.nn.functional.cross_entropy(logits, BATCH["shift_labels"] - 29)
    hand_head_to_loss(model, room.Shortlist(model.lm_head.weight, ids))
    assert torch.allclose(model.eval()(**BATCH).loss, whole)
    monkeypatch.setattr(room, "WHOLE", 0.0)
    assert torch.allclose(model.train()(**BATCH).loss, expected)
    monkeypatch.setattr(room, "WHOLE", 1.0)
    assert torch.allclose(model.train()(**BATCH).loss, whole)
    assert expected < whole
