"""How far what customers ask, and in which language, has moved since other data."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

DRAWS = 2000
SEED = 0  # the same data, the same page

Row = dict[str, Any]


def distance(before: Counter[str], now: Counter[str]) -> float:
    """Jensen-Shannon divergence of two distributions, base 2: 0 if they are equal, 1 if they share nothing.

    J. Lin, Divergence measures based on the Shannon entropy, IEEE Transactions on Information Theory 37
    (1991), 145-151. Unlike the population stability index it stays finite where a value is new or gone.
    """
    names = sorted(before | now)
    counts = np.array([[before[name] for name in names], [now[name] for name in names]], float)
    return float(_divergence(counts[None])[0]) if counts.sum(axis=1).all() else 0.0


def by_chance(before: Counter[str], now: Counter[str]) -> float:
    """The distance that two samples of these sizes from one distribution stay below 95 times of 100."""
    pooled = np.array(list((before + now).values()), float)
    if not before.total() or not now.total():
        return 0.0
    rng = np.random.default_rng(SEED)
    drawn = [rng.multinomial(n, pooled / pooled.sum(), size=DRAWS) for n in (before.total(), now.total())]
    return float(np.percentile(_divergence(np.stack(drawn, axis=1)), 95))


def drift(before: Counter[str], now: Counter[str]) -> Row:
    """{"distance", "by_chance", "beyond"}: beyond says that chance alone hardly explains the distance."""
    found, chance = distance(before, now), by_chance(before, now)
    return {"distance": found, "by_chance": chance, "beyond": found > chance}


def shares(before: Counter[str], now: Counter[str]) -> list[Row]:
    """{"name", "before", "now", "before_share", "share", "change"} of each value, the most asked now first.

    Shares are 0 to 1, None where that side has no row; the change is in points of 100.
    """
    rows = []
    for name in before | now:
        was, is_ = _share(before, name), _share(now, name)
        change = None if was is None or is_ is None else 100 * (is_ - was)
        counted = {"before": before[name], "now": now[name]}
        rows.append({"name": name, **counted, "before_share": was, "share": is_, "change": change})
    return sorted(rows, key=lambda row: (-row["now"], -row["before"], row["name"]))


def _share(counts: Counter[str], name: str) -> float | None:
    return counts[name] / counts.total() if counts.total() else None


def _divergence(counts: np.ndarray) -> np.ndarray:
    """(R, 2, values) counts, each row with some: (R,) divergences."""
    shares_ = counts / counts.sum(axis=2, keepdims=True)
    middle = np.broadcast_to(shares_.mean(axis=1, keepdims=True), shares_.shape)
    ratio = np.divide(shares_, middle, out=np.ones_like(shares_), where=shares_ > 0)
    return np.asarray((shares_ * np.log2(ratio)).sum(axis=2).mean(axis=1).clip(0, 1))
