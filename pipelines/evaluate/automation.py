"""What the candidate would save: questions answered right without a person, and what they cost otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.evaluate.bootstrap import draws
from pipelines.evaluate.judge import is_right
from pipelines.params.sections import Prices

Row = dict[str, Any]
NATURAL = ("faq", "log", "golden")  # origins whose questions are as customers ask them
ASSUMPTIONS = (
    "a person answers what the model hands over or gets wrong, at the full price; every question costs "
    "a model answer; intents are asked as often as in the log"
)


def estimate(rows: Sequence[Row], asked: Counter[str], prices: Prices, seed: int) -> dict[str, Any]:
    """{"share", "low", "high", "n", "unmeasured_share", "per_month", "return", "line", "assumptions", ...}.

    `rows` are the candidate's samples, `asked` says how often the log asks each intent. A question counts
    where it was answered right and not handed over. The shares of the intents are weighted with `asked`; an
    intent that was not evaluated has the share of all (`unmeasured_share` of the log asks such an intent).
    """
    natural = [row for row in rows if row["origin"] in NATURAL and not row["example_id"].startswith("suite/")]
    weights = asked or Counter(row["intent"] for row in natural)
    if not natural or not weights:
        return {
            "share": None,
            "n": 0,
            "line": "nothing to estimate automation by",
            "assumptions": ASSUMPTIONS,
        }
    answered = np.array([is_right(r) and not r["hand_over_given"] for r in natural], dtype=float)
    member = np.array([[row["intent"] == intent for intent in weights] for row in natural], dtype=float)
    weight = np.array([weights[intent] for intent in weights], dtype=float)
    weight /= weight.sum()
    share = float(_weighted(np.ones((1, len(natural))), answered, member, weight)[0])
    low, high = np.percentile(
        _weighted(draws(len(natural), seed).astype(float), answered, member, weight), [2.5, 97.5]
    )
    found = {
        "share": round(share, 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": len(natural),
        "unmeasured_share": round(float(weight[member.sum(axis=0) == 0].sum()), 4),
        "by_intent": _by_intent(natural, answered, weights),
        **_money(share, prices),
        "prices": prices.model_dump(),
        "assumptions": ASSUMPTIONS,
    }
    return {**found, "line": line(found)}


def line(found: Mapping[str, Any]) -> str:
    """The return on investment in one line, with its assumptions."""
    prices = found["prices"]
    money = prices["currency"]
    return (
        f"{found['share']:.0%} of questions answered right without a person (95 % interval "
        f"{found['low']:.0%} to {found['high']:.0%}; {found['n']} asked, weighted as the log asks each "
        f"intent): of {prices['questions_per_month']:,} questions a month it saves "
        f"{found['saved_per_month']:,.0f} {money} at {prices['human_answer']:g} {money} a person's answer "
        f"and {prices['model_answer']:g} a model's, {found['return']:,.1f} {money} for each {money} spent; "
        f"assumes: {found['assumptions']}"
    )


def _weighted(drawn: np.ndarray, answered: np.ndarray, member: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(R,) weighted shares: drawn (R, n), answered (n,), member (n, intents), weight (intents,)."""
    counts = drawn @ member  # (R, intents)
    overall = (drawn @ answered / drawn.sum(axis=1))[:, None]
    shares = np.divide(
        drawn @ (member * answered[:, None]),
        counts,
        out=np.broadcast_to(overall, counts.shape).copy(),
        where=counts > 0,
    )
    return np.asarray(shares @ weight)


def _by_intent(rows: Sequence[Row], answered: np.ndarray, weights: Counter[str]) -> list[dict[str, Any]]:
    """Each intent of the log, the most asked first."""
    asked, right = Counter(row["intent"] for row in rows), Counter[str]()
    for row, hit in zip(rows, answered, strict=True):
        right[row["intent"]] += int(hit)
    return [
        {"intent": intent, "asked_in_log": n, "right": right[intent], "of": asked[intent]}
        for intent, n in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _money(share: float, prices: Prices) -> dict[str, float]:
    spent = prices.questions_per_month * prices.model_answer
    saved = prices.questions_per_month * share * prices.human_answer - spent
    return {
        "spent_per_month": round(spent, 2),
        "saved_per_month": round(saved, 2),
        "return": round(saved / spent, 2),
    }
