"""The network as it is trained (torch); pipelines/mask/reader/net.py computes the same with numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from pipelines.mask.reader.net import DILATIONS, TYPES
from pipelines.mask.reader.units import BUCKETS

SEEN, STATES, HIDDEN = 48, 48, 96


class Net(nn.Module):
    """Features, and states of `width` if there are any, of padded units -> scores of tags: (B, L, tags)."""

    def __init__(self, tags: int, width: int) -> None:
        super().__init__()
        self.seen = nn.EmbeddingBag(BUCKETS, SEEN, mode="sum")
        nn.init.normal_(self.seen.weight, std=0.1)
        self.states = nn.Linear(width, STATES) if width else None
        sizes = [SEEN + (STATES if width else 0), *[HIDDEN] * (len(DILATIONS) - 1)]
        self.near = nn.ModuleList(
            nn.Conv1d(size, HIDDEN, 3, padding=distance, dilation=distance)
            for size, distance in zip(sizes, DILATIONS, strict=True)
        )
        self.whole = nn.Linear(HIDDEN, HIDDEN)
        self.tags = nn.Linear(HIDDEN, tags)
        self.drop = nn.Dropout(0.25)

    def forward(
        self,
        bags: torch.Tensor,
        offsets: torch.Tensor,
        shown: torch.Tensor,
        states: torch.Tensor | None,
        mask: torch.Tensor,
    ) -> torch.Tensor:
        """`bags`, `offsets`, `shown`: EmbeddingBag's of B x L units; states (B, L, width); mask (B, L)."""
        kept = mask.unsqueeze(-1)
        x = self.seen(bags, offsets, per_sample_weights=shown).view(*mask.shape, SEEN)
        if self.states is not None:
            x = torch.cat([x, functional.relu(self.states(states))], -1)
        x = self.drop(x) * kept
        for at, layer in enumerate(self.near):
            y = functional.relu(layer(x.transpose(1, 2)).transpose(1, 2)) * kept
            more = x if at else self.whole(y.amax(1, keepdim=True)) * kept
            x = self.drop(y + more)
        return self.tags(x)


def write(path: Path, net: Net) -> None:
    """The weights in half precision, and the types that the tags stand for."""
    held = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
    np.savez_compressed(path, **held, types=np.array(TYPES))
