"""Layers whose forward and backward pass cost a CPU less: LoRA, attention, Gemma's norm.

The matrix products with a small model's frozen weights are less than half of a LoRA step on a CPU; much of
the rest is passes over memory that many small operators make. Here each layer is one function of few passes.
Loss and gradients are those of the layers that they stand in for, which `model.layers: plain` leaves in
place. Parameters stay where they are, so optimizer, ZeRO up to stage 2 and saved adapter see no difference.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ATTENTION = "kefu_grouped"


class LoraLinear(torch.autograd.Function):
    """inputs @ weight.T + scaling * (inputs * mask) @ a.T @ b.T, with `weight` frozen."""

    @staticmethod
    def forward(
        ctx: Any,
        inputs: torch.Tensor,
        weight: torch.Tensor,
        a: torch.Tensor,
        b: torch.Tensor,
        scaling: float,
        mask: torch.Tensor | None,
    ) -> torch.Tensor:
        """inputs (N, in), weight (out, in), a (r, in), b (out, r), mask (N, in) or None -> (N, out)."""
        low = (inputs if mask is None else inputs * mask) @ a.T  # (N, r)
        ctx.save_for_backward(inputs, weight, a, b, low, mask)
        ctx.scaling = scaling
        return (inputs @ weight.T).addmm_(low, b.T, alpha=scaling)

    @staticmethod
    def backward(ctx: Any, *outputs: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (gradient,) = outputs
        inputs, weight, a, b, low, mask = ctx.saved_tensors
        for_low = (gradient @ b).mul_(ctx.scaling)  # (N, r)
        for_a = for_low.T @ (inputs if mask is None else inputs * mask)
        for_b = (gradient.T @ low).mul_(ctx.scaling)
        for_inputs = None
        if ctx.needs_input_grad[0]:
            for_inputs = gradient @ weight
            if mask is None:
                for_inputs.addmm_(for_low, a)
            else:
                for_inputs.addcmul_(for_low @ a, mask)
        return for_inputs, None, for_a, for_b, None, None


class OffsetRmsNorm(torch.autograd.Function):
    """inputs / rms(inputs) * scale over the last dimension, in float32, with `scale` frozen."""

    @staticmethod
    def forward(ctx: Any, inputs: torch.Tensor, scale: torch.Tensor, eps: float) -> torch.Tensor:
        """inputs (..., D), scale (D,) of float32 -> (..., D) of the type of inputs."""
        size = torch.linalg.vector_norm(inputs, dim=-1, keepdim=True, dtype=torch.float32)
        inverse = size.square_().div_(inputs.shape[-1]).add_(eps).rsqrt_()  # (..., 1)
        ctx.save_for_backward(inputs, scale, inverse)
        return _own_float(inputs).mul_(inverse).mul_(scale).to(inputs.dtype)

    @staticmethod
    def backward(ctx: Any, *outputs: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        inputs, scale, inverse = ctx.saved_tensors
        gradient, normal = _own_float(outputs[0]).mul_(scale), _own_float(inputs).mul_(inverse)
        along = torch.linalg.vecdot(gradient, normal).unsqueeze(-1).div_(inputs.shape[-1])
        return gradient.sub_(normal.mul_(along)).mul_(inverse).to(inputs.dtype), None, None


def _own_float(tensor: torch.Tensor) -> torch.Tensor:
    """A float32 copy that may be written to, contiguous."""
    return tensor.to(torch.float32, memory_format=torch.contiguous_format, copy=True)


def attention(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attention by batched matrix products, a group's query heads side by side; for rows of a few hundred.

    query (B, H, T, D), key and value (B, G, T, D), mask (B, 1, T, T) of bool or None -> (B, T, H, D). torch's
    fused kernel for CPUs repeats keys and values for each head and does its products in small blocks.
    """
    batch, heads, length, size = query.shape
    groups = key.shape[1]
    query = query * (size**-0.5 if scaling is None else scaling)
    query = query.reshape(batch * groups, heads // groups * length, size)
    key, value = key.reshape(batch * groups, length, size), value.reshape(batch * groups, length, size)
    scores = torch.bmm(query, key.transpose(1, 2)).view(batch, heads, length, length)
    if attention_mask is not None:
        scores = scores.masked_fill(~attention_mask, float("-inf"))
    weights = torch.softmax(scores, dim=-1, dtype=torch.float32).to(value.dtype)
    if dropout:
        weights = torch.dropout(weights, dropout, module.training)
    mixed = torch.bmm(weights.view(batch * groups, -1, length), value)
    return mixed.view(batch, heads, length, size).transpose(1, 2), None


def use_fused_layers(model: nn.Module) -> None:
    """Puts the layers above in the place of those of `model` (PEFT on a model of transformers, on the CPU).

    What they do not cover stays as it is: biases, other adapters than plain LoRA, other norms.
    """
    _use_attention(model)
    for module in model.modules():
        if _is_plain_lora(module):
            module.forward = _lora_forward(module)
        elif type(module).__name__ == "Gemma3RMSNorm" and not _weight(module).requires_grad:
            module.forward = _norm_forward(module)


def _use_attention(model: Any) -> None:
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    config = model.get_base_model().config
    if config._attn_implementation == "sdpa" and not getattr(config, "attn_logit_softcapping", None):
        AttentionInterface.register(ATTENTION, attention)
        AttentionMaskInterface.register(ATTENTION, sdpa_mask)
        config._attn_implementation = ATTENTION


def _is_plain_lora(module: Any) -> bool:
    base = getattr(module, "base_layer", None)
    if not isinstance(base, nn.Linear) or base.bias is not None or base.weight.requires_grad:
        return False
    names = getattr(module, "active_adapters", [])
    return len(names) == 1 and names[0] in module.lora_A and names[0] not in module.lora_variant


def _lora_forward(module: Any) -> Any:
    (name,), plain = module.active_adapters, module.forward
    first, second, scaling = module.lora_A[name], module.lora_B[name], module.scaling[name]
    dropout = module.lora_dropout[name]

    def forward(inputs: torch.Tensor) -> torch.Tensor:
        if first.weight.dtype != inputs.dtype or module.merged or module.disable_adapters:
            return plain(inputs)  # type: ignore[no-any-return]
        flat = inputs.reshape(-1, inputs.shape[-1])
        mask = dropout.mask(flat) if module.training and getattr(dropout, "dropped", 0) else None
        out = LoraLinear.apply(flat, module.base_layer.weight, first.weight, second.weight, scaling, mask)
        return out.view(*inputs.shape[:-1], -1)  # type: ignore[no-any-return]

    return forward


def _norm_forward(module: Any) -> Any:
    scale, eps = 1.0 + _weight(module).detach().float(), module.eps
    return lambda inputs: OffsetRmsNorm.apply(inputs, scale, eps)


def _weight(module: Any) -> torch.Tensor:
    weight: torch.Tensor = module.weight
    return weight
