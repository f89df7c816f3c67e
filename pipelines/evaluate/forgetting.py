"""How much general language a candidate has lost: perplexity on held-out everyday text, before and after."""

from __future__ import annotations

import math
from typing import Any

from pipelines.evaluate.contender import Contender
from pipelines.general.passages import held_out


def perplexity(contender: Contender) -> dict[str, Any]:
    """{"perplexity", "tokens"} of the held-out passages."""
    nats, tokens = contender.text_loss(held_out())
    return {"perplexity": math.exp(nats / tokens), "tokens": tokens}


def forgotten(base: dict[str, Any], candidate: dict[str, Any]) -> dict[str, Any]:
    """{"before", "after", "ratio", "tokens"}; a ratio of 1 is nothing forgotten."""
    before, after = base["perplexity"], candidate["perplexity"]
    return {
        "before": round(before, 3),
        "after": round(after, 3),
        "ratio": round(after / before, 4),
        "tokens": base["tokens"],
    }
