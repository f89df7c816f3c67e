"""Text that is trained on again, so that what it taught is not forgotten: general, and the stage before's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.fingerprint import digest
from pipelines.general.passages import replayed
from pipelines.training.encode import Segment
from pipelines.training.tokenised import encode_blocks

Item = list[Segment]
ORDER = {"policy": 0, "product": 1, "dialogue": 2}


def tokens_in(items: Sequence[Item]) -> int:
    return sum(len(segment.input_ids) for item in items for segment in item)


def general(tokenizer: Any, items: Sequence[Item], share: float, block_tokens: int, seed: int) -> list[Item]:
    """Blocks of general passages, so that about `share` of all tokens are theirs; each at most once."""
    ordered = sorted(replayed(), key=lambda text: digest(seed, text))
    return again(tokenizer, items, ordered, share, block_tokens)


def again(
    tokenizer: Any, items: Sequence[Item], texts: Sequence[str], share: float, block_tokens: int
) -> list[Item]:
    """Blocks of `texts` in their order, as many as make `share` (below 1) of them and `items` together."""
    budget = round(tokens_in(items) * share / (1 - share))
    return encode_blocks(tokenizer, texts, block_tokens, budget) if budget > 1 else []


def in_order(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    """Policies, products, then dialogue; within each by a seeded hash, so that a limit samples fairly."""
    return sorted(rows, key=lambda row: (ORDER.get(row["origin"], 3), digest(seed, row["doc_id"])))
