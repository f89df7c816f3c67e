"""Rate, scale, repeatability and silence in evaluation."""

import pytest
import torch

from pipelines.training.dropout import BitDropout, use_bit_dropout


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rate_and_mean(p, dtype):
    torch.manual_seed(1)
    out = BitDropout(p)(torch.ones(400, 501, dtype=dtype))
    assert (out == 0).float().mean().item() == pytest.approx(p, abs=0.004)
    assert out.float().mean().item() == pytest.approx(1.0, abs=0.02)
    assert out.dtype == dtype


def test_same_state_same_mask_and_gradient_follows_it():
    layer, inputs = BitDropout(0.3), torch.randn(50, 7, requires_grad=True)
    torch.manual_seed(5)
    first = layer(inputs)
    torch.manual_seed(5)
    assert torch.equal(first, layer(inputs))
    first.sum().backward()
    assert torch.equal(inputs.grad == 0, first == 0)


def test_evaluation_changes_nothing():
    inputs = torch.randn(3, 3)
    assert BitDropout(0.5).eval()(inputs) is inputs


@pytest.mark.parametrize("p", [-0.1, 1.0])
def test_bad_rate(p):
    with pytest.raises(ValueError, match="below 1"):
        BitDropout(p)


def test_replaces_lora_dropout_alone():
    layer = torch.nn.Module()
    layer.lora_dropout = torch.nn.ModuleDict({"default": torch.nn.Dropout(0.2)})
    layer.other = torch.nn.Dropout(0.2)
    model = torch.nn.Sequential(layer)
    use_bit_dropout(model)
    assert isinstance(layer.lora_dropout["default"], BitDropout)
    assert isinstance(layer.other, torch.nn.Dropout)
