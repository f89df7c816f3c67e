"""Dropout whose random bits are cheap on a CPU.

`torch.nn.Dropout` draws one Bernoulli variate an element, a seventh of the time of a LoRA step on two cores.
Here one 64-bit draw of the same generator serves four elements, so the rate is exact to 2^-16.
"""

from __future__ import annotations

import torch
from torch import nn

STEPS = 1 << 16


class BitDropout(nn.Module):
    """Zeroes elements with probability round(p * 2^16) / 2^16, scales the others; off in evaluation."""

    def __init__(self, p: float) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, found {p}")
        self.dropped = round(p * STEPS)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        if not self.training or self.dropped == 0:
            return inputs
        return inputs * self.mask(inputs)

    def mask(self, like: torch.Tensor) -> torch.Tensor:
        """Of the shape and type of `like`: 0 where dropped, else 1 / (1 - p)."""
        draws = torch.empty((like.numel() + 3) // 4, dtype=torch.int64)
        draws.random_(-(1 << 63), None)
        bits = draws.view(torch.int16)[: like.numel()].view(like.shape)
        kept = bits >= self.dropped - STEPS // 2
        return kept.to(like.dtype).mul_(STEPS / (STEPS - self.dropped))


def use_bit_dropout(model: nn.Module) -> None:
    """Puts BitDropout in the place of every LoRA dropout of a model whose weights are in CPU memory."""
    for module in model.modules():
        layers = getattr(module, "lora_dropout", None)
        if isinstance(layers, nn.ModuleDict):
            for name, layer in layers.items():
                if isinstance(layer, nn.Dropout):
                    layers[name] = BitDropout(layer.p)
