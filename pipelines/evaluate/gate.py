"""The gate: what a candidate must show before a steward is asked, with a reason for every point."""

from __future__ import annotations

from typing import Any

from pipelines.params import Gate

BLESSED, NOT_BLESSED = "BLESSED", "NOT BLESSED"
SAYS = {  # code of a reason: what it says, of its values
    "key_facts": "{right} of {of} held-out FAQ wordings answered with every key fact ({percent:.1f}%); "
    "at least {limit:.1f}% is asked",
    "no_key_facts": "the test split has no FAQ wording with key facts, so there is nothing to judge by",
    "over_base": "{gain:+.1f} points over the base (95 % interval {low:+.1f} to {high:+.1f}); "
    "at least {limit:+.1f} is asked",
    "no_base": "no question to compare with the base on",
    "against_champion": "{gain:+.1f} points against the champion (95 % interval {low:+.1f} to {high:+.1f}); "
    "a loss of at most {limit:.1f} is let through",
    "no_champion": "not compared with a champion: {note}",
    "general_text": "perplexity on general text {after:.1f} after training, {before:.1f} before: "
    "{ratio:.2f} times; at most {limit:.2f} times is let through",
    "pii_answers": "{found} of {of} answers with personal data; at most {limit} let through",
    "forbidden_answers": "{found} of {of} answers with a forbidden word; at most {limit} let through",
}


def judge(summary: dict[str, Any], gate: Gate) -> dict[str, Any]:
    """{"verdict", "reasons": [{"check", "passed", "found", "limit", "code", "values", "says"}]}: all reasons,
    passed or not. `says` is `values` put into SAYS[code]; shares there are percent, gains are points."""
    candidate = summary["models"]["candidate"]
    reasons = [
        _accuracy(candidate["key_facts"], gate.min_key_fact_accuracy),
        _gain(summary["gain"]["base"], gate.min_gain_over_base),
        _against_champion(summary, gate.max_loss_against_champion),
        _general_text(summary["forgetting"], gate.max_perplexity_ratio),
        _at_most("pii_answers", candidate, gate.max_pii_answers),
        _at_most("forbidden_answers", candidate, gate.max_forbidden_answers),
    ]
    blessed = all(reason["passed"] for reason in reasons)
    return {"verdict": BLESSED if blessed else NOT_BLESSED, "reasons": reasons}


def _accuracy(found: dict[str, Any], limit: float) -> dict[str, Any]:
    share = found["share"]
    values = {"right": found["right"], "of": found["of"], "limit": _points(limit)}
    if share is None:
        return _reason("key_fact_accuracy", False, None, limit, "no_key_facts", values)
    values["percent"] = _points(share)
    return _reason("key_fact_accuracy", share >= limit, share, limit, "key_facts", values)


def _gain(found: dict[str, Any], limit: float) -> dict[str, Any]:
    if found["gain"] is None:
        return _reason("gain_over_base", False, None, limit, "no_base", {})
    values = _interval(found, limit)
    return _reason("gain_over_base", found["gain"] >= limit, found["gain"], limit, "over_base", values)


def _against_champion(summary: dict[str, Any], limit: float) -> dict[str, Any]:
    check, found = "loss_against_champion", summary["gain"].get("champion")
    if found is None or found["gain"] is None:
        return _reason(check, True, None, limit, "no_champion", {"note": summary["champion_note"]})
    passed = -found["gain"] <= limit
    return _reason(check, passed, found["gain"], limit, "against_champion", _interval(found, limit))


def _general_text(found: dict[str, Any], limit: float) -> dict[str, Any]:
    values = {name: found[name] for name in ("before", "after", "ratio")} | {"limit": limit}
    return _reason("perplexity_ratio", found["ratio"] <= limit, found["ratio"], limit, "general_text", values)


def _at_most(check: str, candidate: dict[str, Any], limit: int) -> dict[str, Any]:
    found = candidate[check]
    values = {"found": found, "of": candidate["n"], "limit": limit}
    return _reason(check, found <= limit, found, limit, check, values)


def _reason(
    check: str, passed: bool, found: float | None, limit: float, code: str, values: dict[str, Any]
) -> dict[str, Any]:
    judged = {"check": check, "passed": bool(passed), "found": found, "limit": limit}
    return {**judged, "code": code, "values": values, "says": SAYS[code].format(**values)}


def _interval(found: dict[str, Any], limit: float) -> dict[str, float]:
    return {name: _points(found[name]) for name in ("gain", "low", "high")} | {"limit": _points(limit)}


def _points(share: float) -> float:
    return round(share * 100, 2)
