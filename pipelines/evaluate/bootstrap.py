"""Paired bootstrap intervals of differences of shares, means and ratios (numpy only).

Questions are drawn with replacement and all models' results go with them (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, percentile interval). A figure is a sum of numerators over a sum of
denominators, so that shares of some of the questions (precision) and weighted means (loss) fit too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

RESAMPLES = 10_000
Pair = tuple[float, float]  # numerator, denominator


def draws(n: int, seed: int) -> np.ndarray:
    """How often each of n questions is drawn in each resample: (RESAMPLES, n)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float32)


def interval(
    theirs: Sequence[Pair], ours: Sequence[Pair], seed: int, drawn: np.ndarray | None = None
) -> dict[str, Any]:
    """{"gain", "low", "high", "n"}: our figure less theirs over the same questions, with its 95 % interval.

    n is how many questions count for either; all None where there is none for one of the two.
    """
    pairs = np.array([[*a, *b] for a, b in zip(theirs, ours, strict=True)], dtype=np.float64).reshape(-1, 4)
    n = int(((pairs[:, 1] > 0) | (pairs[:, 3] > 0)).sum())
    value = _difference(pairs.sum(axis=0, keepdims=True))[0] if n else np.nan
    if np.isnan(value):
        return {"gain": None, "low": None, "high": None, "n": n}
    weights = draws(len(pairs), seed) if drawn is None else drawn
    means = _difference(weights.astype(np.float64) @ pairs)
    low, high = np.nanpercentile(means, [2.5, 97.5])
    return {
        "gain": round(float(value), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": n,
    }


def _difference(sums: np.ndarray) -> np.ndarray:
    """(R, 4) sums of their numerator and denominator and ours: (R,) ours less theirs, nan where undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[:, 2] / sums[:, 3] - sums[:, 0] / sums[:, 1])


def paired_gain(first: Sequence[float], second: Sequence[float], seed: int) -> dict[str, Any]:
    """The interval of the mean of `second - first` over the same questions."""
    return interval([(float(one), 1.0) for one in first], [(float(one), 1.0) for one in second], seed)
