"""Which held-out examples are asked: the same ones every week, FAQ wordings first, every kind present."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from typing import Any

Example = dict[str, Any]
HEADLINE = "faq"
OTHER_SHARE = 0.15  # of the sample that each kind beside the FAQ is sure of, as far as it has rows


def kind(example: Example) -> str:
    """`hand_over` where a person should answer, else where the example came from."""
    return "hand_over" if example["hand_over"] else str(example["origin"])


def choose(examples: list[Example], size: int, seed: int) -> list[Example]:
    """At most `size` examples, in the order of a keyed hash of their ids.

    A hash instead of a shuffle: an example that is chosen stays chosen when others come or go, so figures of
    different weeks speak of nearly the same questions and stored generations stay useful.
    """
    by_kind: dict[str, list[Example]] = defaultdict(list)
    for example in sorted(examples, key=lambda e: rank(e["example_id"], seed)):
        by_kind[kind(example)].append(example)
    wanted = quotas({name: len(rows) for name, rows in by_kind.items()}, size)
    chosen = [example for name, rows in by_kind.items() for example in rows[: wanted[name]]]
    return sorted(chosen, key=lambda e: rank(e["example_id"], seed))


def quotas(available: dict[str, int], size: int) -> dict[str, int]:
    """How many of each kind: others get OTHER_SHARE each, FAQ wordings the rest, what is left goes round."""
    others = sorted(name for name in available if name != HEADLINE)
    share = math.ceil(size * OTHER_SHARE) if HEADLINE in available else math.ceil(size / max(1, len(others)))
    wanted = dict.fromkeys(available, 0)
    left = size
    for name in others:
        wanted[name] = min(available[name], share, left)
        left -= wanted[name]
    for name in [HEADLINE, *others]:
        more = min(available.get(name, 0) - wanted.get(name, 0), left)
        if more > 0:
            wanted[name] += more
            left -= more
    return wanted


def rank(example_id: str, seed: int) -> str:
    return hashlib.blake2b(example_id.encode(), key=str(seed).encode(), digest_size=16).hexdigest()
