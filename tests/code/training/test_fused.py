"""The layers of few passes give the loss and the gradients of those that they stand in for."""

import pytest
import torch

from pipelines.base.load import base_path, load_model
from pipelines.training.adapter import attach
from pipelines.training.dropout import BitDropout, use_bit_dropout
from pipelines.training.encode import Segment
from pipelines.training.fused import LoraLinear, OffsetRmsNorm, attention, use_fused_layers
from pipelines.training.loss import hand_head_to_loss
from pipelines.training.pack import into_rows, pack
from tests.code.training.tiny import tiny_params


def doubles(*shape):
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("masked", [False, True])
def test_lora_linear_has_the_gradients_of_its_formula(masked):
    torch.manual_seed(0)
    weight, inputs, a, b = torch.randn(5, 6, dtype=torch.float64), doubles(7, 6), doubles(2, 6), doubles(5, 2)
    mask = BitDropout(0.4).mask(inputs) if masked else None
    assert torch.autograd.gradcheck(
        lambda x, a, b: LoraLinear.apply(x, weight, a, b, 1.7, mask), (inputs, a, b)
    )
    formula = inputs @ weight.T + 1.7 * (inputs * (1 if mask is None else mask)) @ a.T @ b.T
    assert torch.allclose(LoraLinear.apply(inputs, weight, a, b, 1.7, mask), formula)


def test_lora_linear_forms_no_gradient_below_the_first_trained_layer():
    a, b = doubles(2, 6), doubles(5, 2)
    inputs, weight = torch.randn(3, 6, dtype=torch.float64), torch.randn(5, 6, dtype=torch.float64)
    LoraLinear.apply(inputs, weight, a, b, 1.0, None).sum().backward()
    assert inputs.grad is None and a.grad is not None and b.grad is not None


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_norm_equals_gemmas(dtype):
    from transformers.models.gemma3.modeling_gemma3 import Gemma3RMSNorm

    torch.manual_seed(0)
    plain = Gemma3RMSNorm(32)
    plain.weight.data.normal_()
    outcomes = []
    for layer in (plain, lambda x: OffsetRmsNorm.apply(x, 1 + plain.weight.detach(), plain.eps)):
        torch.manual_seed(1)
        inputs = torch.randn(2, 3, 4, 32, dtype=dtype).transpose(1, 2).requires_grad_()
        out = layer(inputs)
        out.backward(torch.randn(out.shape).to(dtype))
        outcomes.append((out, inputs.grad))
    for ours, theirs in zip(*outcomes, strict=True):
        assert ours.dtype == dtype
        assert torch.allclose(ours, theirs, rtol=1e-5 if dtype == torch.float32 else 1e-2, atol=1e-5)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_attention_equals_torchs(groups):
    torch.manual_seed(0)
    query, key, value = torch.randn(2, 4, 9, 8), torch.randn(2, groups, 9, 8), torch.randn(2, groups, 9, 8)
    mask = torch.ones(9, 9, dtype=torch.bool).tril().expand(2, 1, 9, 9)
    ours, _ = attention(torch.nn.Module(), query, key, value, mask, scaling=0.3)
    theirs = torch.nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, scale=0.3, enable_gqa=True
    )
    assert torch.allclose(ours, theirs.transpose(1, 2), atol=1e-5)


def loss_and_gradients(fused, dropout=0.0):
    """Of the tiny base with LoRA weights that are not zero, on rows of several segments."""
    torch.manual_seed(0)
    model = load_model(base_path(tiny_params().model), "fp32")
    lora = {"r": 4, "alpha": 8, "dropout": dropout, "targets": "all-linear", "depth": 1.0}
    adapted = attach(model, lora, None).train()
    for name, tensor in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(tensor, std=0.05)
    use_bit_dropout(adapted)
    hand_head_to_loss(model)
    if fused:
        use_fused_layers(adapted)
    segments = [Segment([9] * 10 + list(range(20 + i, 40 + 2 * i)), 18) for i in range(5)]
    torch.manual_seed(3)
    loss = adapted(**pack(into_rows(segments, 64))).loss
    loss.backward()
    return loss, {name: p.grad for name, p in adapted.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_a_whole_model_learns_the_same(home, dropout):
    (plain, expected), (fused, found) = (loss_and_gradients(f, dropout) for f in (False, True))
    assert fused.item() == pytest.approx(plain.item(), rel=1e-5)
    assert expected.keys() == found.keys() and len(found) > 0
    for name, gradient in expected.items():
        assert torch.allclose(found[name], gradient, rtol=1e-3, atol=1e-6), name


def test_what_is_not_plain_lora_stays(home):
    model = load_model(base_path(tiny_params().model), "fp32")
    lora = {"r": 4, "alpha": 8, "dropout": 0.0, "targets": ["q_proj"], "depth": 1.0}
    adapted = attach(model, lora, None)
    use_fused_layers(adapted)
    own = {name.rsplit(".", 1)[-1] for name, m in adapted.named_modules() if "forward" in vars(m)}
    assert "q_proj" in own and "k_proj" not in own
