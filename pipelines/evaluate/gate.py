"""The gate: what a candidate must show before a steward is asked, with a reason for every point."""

from __future__ import annotations

from typing import Any

from pipelines.params import Gate

BLESSED, NOT_BLESSED = "BLESSED", "NOT BLESSED"


def judge(summary: dict[str, Any], gate: Gate) -> dict[str, Any]:
    """{"verdict", "reasons": [{"check", "passed", "found", "limit", "says"}]}: all reasons, passed or not."""
    candidate = summary["models"]["candidate"]
    reasons = [
        _accuracy(candidate["key_facts"], gate.min_key_fact_accuracy),
        _gain(summary["gain"]["base"], gate.min_gain_over_base),
        _against_champion(summary, gate.max_loss_against_champion),
        _at_most("pii_answers", "answers with personal data", candidate, gate.max_pii_answers),
        _at_most("forbidden_answers", "answers with a forbidden word", candidate, gate.max_forbidden_answers),
    ]
    blessed = all(reason["passed"] for reason in reasons)
    return {"verdict": BLESSED if blessed else NOT_BLESSED, "reasons": reasons}


def _accuracy(found: dict[str, Any], limit: float) -> dict[str, Any]:
    if found["share"] is None:
        says = "the test split has no FAQ wording with key facts, so there is nothing to judge by"
        return _reason("key_fact_accuracy", False, None, limit, says)
    says = (
        f"{found['right']} of {found['of']} held-out FAQ wordings answered with every key fact "
        f"({found['share']:.1%}); at least {limit:.1%} is asked"
    )
    return _reason("key_fact_accuracy", found["share"] >= limit, found["share"], limit, says)


def _gain(found: dict[str, Any], limit: float) -> dict[str, Any]:
    if found["gain"] is None:
        return _reason("gain_over_base", False, None, limit, "no question to compare with the base on")
    says = (
        f"{_points(found['gain'])} points over the base (95 % interval {_points(found['low'])} to "
        f"{_points(found['high'])}); at least {_points(limit)} is asked"
    )
    return _reason("gain_over_base", found["gain"] >= limit, found["gain"], limit, says)


def _against_champion(summary: dict[str, Any], limit: float) -> dict[str, Any]:
    found = summary["gain"].get("champion")
    if found is None or found["gain"] is None:
        says = f"not compared with a champion: {summary['champion_note']}"
        return _reason("loss_against_champion", True, None, limit, says)
    says = (
        f"{_points(found['gain'])} points against the champion (95 % interval {_points(found['low'])} to "
        f"{_points(found['high'])}); a loss of at most {limit * 100:.1f} is let through"
    )
    return _reason("loss_against_champion", -found["gain"] <= limit, found["gain"], limit, says)


def _at_most(check: str, what: str, candidate: dict[str, Any], limit: int) -> dict[str, Any]:
    found = candidate[check]
    says = f"{found} of {candidate['n']} {what}; at most {limit} let through"
    return _reason(check, found <= limit, found, limit, says)


def _reason(check: str, passed: bool, found: float | None, limit: float, says: str) -> dict[str, Any]:
    return {"check": check, "passed": bool(passed), "found": found, "limit": limit, "says": says}


def _points(value: float) -> str:
    return f"{value * 100:+.1f}"
