"""Cross-entropy against a frozen output head, without keeping the logits.

With a vocabulary of 262 thousand tokens, half of a small model's training time goes into the head: its two
matrix products, and passes over a float tensor of a megabyte a token. The head of a LoRA model is frozen,
so the gradient for the hidden state, `(softmax - onehot) @ W`, can be formed in the forward pass, some
positions at a time in one buffer (the method of Liger's fused linear cross-entropy). It is exact, and nothing
is computed twice.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import nn

POSITIONS = 128
"""Rows of logits held at a time: 128 x 262144 floats are 128 MiB. Fewer make the matrix products slower."""

COMMON = 32768
"""Ids that a shortlist always has."""


class FrozenHeadLoss(torch.autograd.Function):
    """Sum over positions of -log softmax(hidden @ weight.T)[target]."""

    @staticmethod
    def forward(ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """hidden (N, D), weight (V, D) frozen, targets (N,) of int64, none negative -> scalar float32."""
        wanted = hidden.requires_grad
        gradient = torch.empty_like(hidden) if wanted else None
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        buffer = torch.empty(
            min(POSITIONS, len(hidden)), len(weight), dtype=torch.float32, device=hidden.device
        )
        for start in range(0, len(hidden), POSITIONS):
            rows, target = hidden[start : start + POSITIONS], targets[start : start + POSITIONS]
            logits = buffer[: len(rows)].copy_(rows @ weight.T)  # (n, V)
            top = logits.amax(dim=1, keepdim=True)
            gold = logits.gather(1, target[:, None]) - top
            mass = logits.sub_(top).exp_().sum(dim=1, keepdim=True)
            total += (mass.log() - gold).sum()
            if gradient is not None:
                logits.div_(mass).scatter_add_(1, target[:, None], -torch.ones_like(gold))
                gradient[start : start + POSITIONS] = logits.to(weight.dtype) @ weight
        ctx.save_for_backward(*([gradient] if gradient is not None else []))
        return total

    @staticmethod
    def backward(ctx: Any, *outputs: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outputs[0].to(gradient.dtype), None, None


class Shortlist:
    """The part of a large vocabulary that training's softmax runs over (vocabulary selection, Jean et al. 2015).

    It holds every token of the data and the COMMON first ids, which are the frequent ones, since BPE numbers
    its merges in their order. What is left out holds little of the base's probability and is never a target.
    Evaluation always runs over the whole vocabulary.
    """

    def __init__(self, weight: torch.Tensor, data: torch.Tensor) -> None:
        """`weight` (V, D) of the frozen head; `data`: ids that must be in, of any shape."""
        ids = torch.cat([torch.arange(min(COMMON, len(weight))), data.flatten()]).unique()
        self.weight = weight.detach()[ids]  # (v, D)
        self.place = torch.full((len(weight),), -1, dtype=torch.int64)  # of an id in the list
        self.place[ids] = torch.arange(len(ids))

    def targets(self, ids: torch.Tensor) -> torch.Tensor:
        return self.place[ids]


def shortlist_for(model: nn.Module, data: torch.Tensor) -> Shortlist | None:
    """A shortlist where it saves most of the head's time: a CPU, and a vocabulary of more than twice COMMON."""
    weight: Any = model.get_output_embeddings().weight  # type: ignore[operator]
    return Shortlist(weight, data) if len(weight) > 2 * COMMON and weight.device.type == "cpu" else None


def hand_head_to_loss(model: nn.Module, shortlist: Shortlist | None = None) -> None:
    """From now on `model` (a causal LM of transformers, not yet wrapped) computes its loss by FrozenHeadLoss.

    Its head passes hidden states through, so its `logits` are hidden states: for training and its
    evaluation only. Models that change their logits after the head (soft caps, scales) are left alone.
    """
    head = model.get_output_embeddings()  # type: ignore[operator]
    config: Any = model.config
    changed = any(
        getattr(config, name, None) for name in ("final_logit_softcapping", "logits_scaling", "logit_scale")
    )
    if changed or head.weight.requires_grad or getattr(head, "bias", None) is not None:
        return
    head.forward = lambda hidden: hidden
    model.loss_function = partial(_loss, head, shortlist)  # type: ignore[assignment]


def _loss(
    head: nn.Module,
    shortlist: Shortlist | None,
    hidden: torch.Tensor,
    labels: torch.Tensor,
    vocab_size: int,
    shift_labels: torch.Tensor,
    num_items_in_batch: torch.Tensor | int | None = None,
    **_: Any,
) -> torch.Tensor:
    """Mean over the targets, or their sum over `num_items_in_batch`."""
    weight: Any = head.weight
    flat, targets = hidden.reshape(-1, hidden.shape[-1]), shift_labels.reshape(-1)
    if shortlist is not None and head.training:
        weight, targets = shortlist.weight.to(flat.dtype), shortlist.targets(targets)
    total = FrozenHeadLoss.apply(flat, weight, targets)
    return total / (num_items_in_batch if num_items_in_batch is not None else targets.numel())
