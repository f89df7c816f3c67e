"""Cross-entropy against a frozen output head, without keeping the logits.

With a vocabulary of 262 thousand tokens, half of a small model's training time goes into the head: its two
matrix products, and passes over a float tensor of a megabyte a token. The head of a LoRA model is frozen,
so the gradient for the hidden state, `(softmax - onehot) @ W`, can be formed in the forward pass, some
positions at a time in one buffer (the method of Liger's fused linear cross-entropy). That is exact, and
nothing is computed twice. A Shortlist, which `model.softmax: exact` turns off, is an approximation.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import nn

from pipelines.training.estimate import HEAD_ROWS

POSITIONS = HEAD_ROWS["cpu"]
"""Rows of logits held at a time: 128 x 262144 floats are 128 MiB. Fewer make the matrix products slower."""

LARGE = 65536
"""A vocabulary above it gets a shortlist."""
LIKELY = 256
"""Tokens that a position of the sample puts on the shortlist."""
WHOLE = 0.25
"""Share of the micro-batches whose softmax runs over the whole vocabulary all the same.

Without them the tokens that are not on the list gain probability: on Gemma 3 after 480 examples evaluation
loss was 1.38, with them 0.95, with the whole vocabulary always 0.92.
"""


class FrozenHeadLoss(torch.autograd.Function):
    """Sum over positions of -log softmax(hidden @ weight.T)[target]."""

    @staticmethod
    def forward(ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """hidden (N, D), weight (V, D) frozen, targets (N,) of int64, none negative -> scalar float32."""
        wanted, held = hidden.requires_grad, POSITIONS if hidden.device.type == "cpu" else HEAD_ROWS["gpu"]
        gradient = torch.empty_like(hidden) if wanted else None
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        buffer = torch.empty(min(held, len(hidden)), len(weight), dtype=torch.float32, device=hidden.device)
        for start in range(0, len(hidden), held):
            rows, target = hidden[start : start + held], targets[start : start + held]
            logits = buffer[: len(rows)].copy_(rows @ weight.T)  # (n, V)
            top = logits.amax(dim=1, keepdim=True)
            gold = logits.gather(1, target[:, None]) - top
            mass = logits.sub_(top).exp_().sum(dim=1, keepdim=True)
            total += (mass.log() - gold).sum()
            if gradient is not None:
                logits.div_(mass).scatter_add_(1, target[:, None], -torch.ones_like(gold))
                gradient[start : start + held] = logits.to(weight.dtype) @ weight
        ctx.save_for_backward(*([gradient] if gradient is not None else []))
        return total

    @staticmethod
    def backward(ctx: Any, *outputs: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outputs[0].to(gradient.dtype), None, None


class Shortlist:
    """The part of a large vocabulary that most of training's softmaxes run over; evaluation's run over all.

    Vocabulary selection (Jean et al. 2015): every token of the data, and what the model itself finds likely
    at a sample of positions. Measured on Gemma 3: a twelfth of the vocabulary, 98 % of the probability.
    """

    def __init__(self, weight: torch.Tensor, ids: torch.Tensor) -> None:
        """`weight` (V, D) of the frozen head; `ids` (v,): those in the list, ascending."""
        self.weight = weight.detach()[ids]  # (v, D)
        self.place = torch.full((len(weight),), -1, dtype=torch.int64)  # of an id in the list
        self.place[ids] = torch.arange(len(ids))

    def targets(self, ids: torch.Tensor) -> torch.Tensor:
        return self.place[ids]


@torch.no_grad()
def shortlist_for(model: Any, batch: dict[str, torch.Tensor], targets: torch.Tensor) -> Shortlist | None:
    """A shortlist where the head takes much of the time: a CPU, and a vocabulary of more than LARGE.

    `batch`: packed rows of the training data whose next tokens are looked at; `targets`: ids that must be in.
    """
    weight = model.get_output_embeddings().weight
    if len(weight) <= LARGE or weight.device.type != "cpu":
        return None
    inputs = {name: value for name, value in batch.items() if "labels" not in name}
    hidden = _hidden(model.eval(), inputs)
    likely = [(rows @ weight.T).topk(LIKELY).indices.flatten() for rows in hidden.split(POSITIONS)]
    return Shortlist(weight, torch.cat([targets.flatten(), *likely]).unique())


def _hidden(model: Any, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """(N, D): what the head gets at the kept positions."""
    head = model.get_output_embeddings()
    head.forward, own = (lambda hidden: hidden), head.forward
    try:
        logits: torch.Tensor = model(**inputs).logits
    finally:
        head.forward = own
    return logits.reshape(-1, logits.shape[-1])


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
    logits: torch.Tensor,
    labels: torch.Tensor,
    vocab_size: int,
    shift_labels: torch.Tensor,
    num_items_in_batch: torch.Tensor | int | None = None,
    **_: Any,
) -> torch.Tensor:
    """Mean over the targets, or their sum over `num_items_in_batch`.

    `logits` are hidden states; the arguments bear the names by which models of transformers pass them.
    """
    weight: Any = head.weight
    flat, targets = logits.reshape(-1, logits.shape[-1]), shift_labels.reshape(-1)
    if shortlist is not None and head.training and torch.rand(()) >= WHOLE:
        weight, targets = shortlist.weight.to(flat.dtype), shortlist.targets(targets)
    total = FrozenHeadLoss.apply(flat, weight, targets)
    return total / (num_items_in_batch if num_items_in_batch is not None else targets.numel())
