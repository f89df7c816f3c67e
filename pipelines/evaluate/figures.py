"""Figures of one model over its judged answers, slices, and the interval of a gain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Row = dict[str, Any]
RESAMPLES = 10_000


def figures(rows: list[Row]) -> dict[str, Any]:
    """Counts and shares of one model's samples (rows of the SAMPLES table).

    `key_facts` is the headline: answers to held-out FAQ wordings that hold every key fact.
    """
    asked = [r for r in rows if r["facts_total"] > 0]
    expected = [r for r in rows if r["hand_over_expected"]]
    given = [r for r in rows if r["hand_over_given"]]
    both = sum(r["hand_over_expected"] for r in given)
    with_intent = [r for r in rows if r["predicted_intent"] is not None and not r["hand_over_expected"]]
    return {
        "n": len(rows),
        "key_facts": share([right(r) for r in headline(rows)]),
        "key_facts_all": share([right(r) for r in asked]),
        "intent": share([r["predicted_intent"] == r["intent"] for r in with_intent]),
        "hand_over_precision": counted(both, len(given)),
        "hand_over_recall": counted(both, len(expected)),
        "forbidden_answers": sum(r["forbidden"] > 0 for r in rows),
        "pii_answers": sum(r["pii"] > 0 for r in rows),
        "chrf": round(float(np.mean([r["chrf"] for r in rows])), 2) if rows else None,
    }


def headline(rows: list[Row]) -> list[Row]:
    """Held-out FAQ wordings that the assistant itself should answer."""
    return [r for r in rows if r["origin"] == "faq" and r["facts_total"] > 0 and not r["hand_over_expected"]]


def right(row: Row) -> bool:
    return bool(row["facts_total"] > 0 and row["facts_found"] == row["facts_total"])


def share(hits: list[bool]) -> dict[str, Any]:
    return counted(sum(hits), len(hits))


def counted(count: int, of: int) -> dict[str, Any]:
    return {"right": int(count), "of": of, "share": round(count / of, 4) if of else None}


def slices(by_model: dict[str, list[Row]], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The figures again for each value of each column."""
    found = []
    for column in columns:
        values = sorted({str(r[column]) for rows in by_model.values() for r in rows})
        for value in values:
            cut = {m: [r for r in rows if str(r[column]) == value] for m, rows in by_model.items()}
            found.append(
                {"by": column, "value": value, "models": {m: figures(rows) for m, rows in cut.items()}}
            )
    return found


def paired_gain(first: list[bool], second: list[bool], seed: int) -> dict[str, Any]:
    """Mean of `second - first` over the same questions with its bootstrap 95 % interval.

    Questions are drawn with replacement and both models' results go with them (Efron and Tibshirani, An
    Introduction to the Bootstrap, 1993, percentile interval). None where there is no question.
    """
    differences = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    n = differences.size
    if n == 0:
        return {"gain": None, "low": None, "high": None, "n": 0}
    rng = np.random.default_rng(seed)
    means = np.array([differences[rng.integers(0, n, n)].mean() for _ in range(RESAMPLES)])
    low, high = np.percentile(means, [2.5, 97.5])
    return {
        "gain": round(float(differences.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": n,
    }


def gain_over(
    rows: dict[str, list[Row]], against: str, seed: int, hit: Callable[[Row], bool] = right
) -> dict[str, Any]:
    """The candidate's gain in the headline figure over `against`, on the same questions."""
    theirs = {r["example_id"]: hit(r) for r in headline(rows[against])}
    ours = {r["example_id"]: hit(r) for r in headline(rows["candidate"])}
    both = sorted(theirs.keys() & ours.keys())
    return paired_gain([theirs[i] for i in both], [ours[i] for i in both], seed)
