"""The gate: what a candidate must show before a steward is asked, with a reason for every point.

Thresholds and changes are judged as mlflow.models.MetricThreshold judges them, except that a change may be
below 0: then it is a loss that is let through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.params.sections import Change, Gate, NoRegression, Threshold

BLESSED, NOT_BLESSED = "BLESSED", "NOT BLESSED"
Reason = dict[str, Any]
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
    "at_least": "{measure} is {found:.4g}; at least {limit:.4g} is asked",
    "at_most": "{measure} is {found:.4g}; at most {limit:.4g} is let through",
    "unmeasured": "{measure} was not measured, and the gate asks for it",
    "change": "{measure} changed by {found:+.4g} against the {model} (95 % interval {low:+.4g} to "
    "{high:+.4g}); {limit:+.4g} or better is asked",
    "suite": "{right} of {of} cases of the suite {suite} passed ({percent:.1f}%); "
    "at least {limit:.1f}% is asked",
    "no_suite": "the suite {suite} was not asked, and the gate asks for it",
    "no_slice_worse": "none of {n} slices lost more than {limit:.1f} points against the champion",
    "slice_worse": "{by} {value}: {gain:+.1f} points against the champion (95 % interval {low:+.1f} to "
    "{high:+.1f}); a loss of at most {limit:.1f} is let through",
    "pii_answers": "{found} of {of} answers with personal data; at most {limit} let through",
    "forbidden_answers": "{found} of {of} answers with a forbidden word; at most {limit} let through",
}


def judge(summary: dict[str, Any], gate: Gate) -> dict[str, Any]:
    """{"verdict", "reasons": [{"check", "passed", "found", "limit", "code", "values", "says"}]}: all reasons,
    passed or not. `says` is `values` put into SAYS[code]; shares there are percent, gains are points."""
    candidate = summary["models"]["candidate"]
    reasons = [
        *(r for name, asks in gate.thresholds.items() for r in _threshold(summary, name, asks)),
        *(_suite(summary["suites"].get(name), name, limit) for name, limit in gate.suites.items()),
        *_slices(summary, gate.no_regression),
        _general_text(summary["forgetting"], gate.max_perplexity_ratio),
        _at_most("pii_answers", candidate, gate.max_pii_answers),
        _at_most("forbidden_answers", candidate, gate.max_forbidden_answers),
    ]
    blessed = all(reason["passed"] for reason in reasons)
    return {"verdict": BLESSED if blessed else NOT_BLESSED, "reasons": reasons}


def value(figures: dict[str, Any], measure: str) -> float | None:
    """A measure of one model as a number: the share where it is counted."""
    found = figures.get(measure)
    if not isinstance(found, dict):
        return found
    return found.get("loss", found.get("share", found.get("perplexity")))


def _threshold(summary: dict[str, Any], measure: str, asks: Threshold) -> Iterator[Reason]:
    if asks.threshold is not None:
        yield _value(summary["models"]["candidate"], measure, asks.threshold, asks.greater_is_better)
    for model, change in (("base", asks.base), ("champion", asks.champion)):
        if change is not None:
            yield _change(summary, measure, model, change, asks.greater_is_better)


def _value(candidate: dict[str, Any], measure: str, limit: float, greater: bool) -> Reason:
    check, found = f"{measure}.threshold", value(candidate, measure)
    if measure == "key_facts" and greater:
        counts = candidate[measure]
        values = {"right": counts["right"], "of": counts["of"], "limit": _points(limit)}
        if found is None:
            return _reason(check, False, None, limit, "no_key_facts", values)
        return _reason(
            check, found >= limit, found, limit, "key_facts", {**values, "percent": _points(found)}
        )
    if found is None:
        return _reason(check, False, None, limit, "unmeasured", {"measure": measure})
    passed = found >= limit if greater else found <= limit
    values = {"measure": measure, "found": found, "limit": limit}
    return _reason(check, passed, found, limit, "at_least" if greater else "at_most", values)


def _general_text(found: dict[str, Any], limit: float) -> Reason:
    values = {name: found[name] for name in ("before", "after", "ratio")} | {"limit": limit}
    return _reason("perplexity_ratio", found["ratio"] <= limit, found["ratio"], limit, "general_text", values)


def _change(summary: dict[str, Any], measure: str, model: str, asks: Change, greater: bool) -> Reason:
    """The harder of the two changes that are asked for."""
    check = f"{measure}.{model}"
    if model not in summary["models"]:
        return _reason(check, True, None, 0.0, "no_champion", {"note": summary["champion_note"]})
    gain = summary["gains"][model][measure]
    if gain["gain"] is None:
        code = "no_base" if model == "base" and measure == "key_facts" else "unmeasured"
        return _reason(check, False, None, 0.0, code, {} if code == "no_base" else {"measure": measure})
    other = value(summary["models"][model], measure) or 0.0
    needed = [asks.min_absolute_change] if asks.min_absolute_change is not None else []
    if asks.min_relative_change is not None:
        needed.append(asks.min_relative_change * abs(other) if other else 1e-10)
    better = gain["gain"] if greater else -gain["gain"]
    limit = max(needed) if greater else -max(needed)
    passed = better >= max(needed)
    if measure == "key_facts" and greater:
        code = "over_base" if model == "base" else "against_champion"
        shown = -limit if code == "against_champion" else limit
        return _reason(check, passed, gain["gain"], limit, code, _interval(gain, shown))
    values = {"measure": measure, "model": model, "found": gain["gain"], "limit": limit}
    values |= {"low": gain["low"], "high": gain["high"]}
    return _reason(check, passed, gain["gain"], limit, "change", values)


def _suite(found: dict[str, Any] | None, name: str, limit: float) -> Reason:
    check = f"suite.{name}"
    if found is None:
        return _reason(check, False, None, limit, "no_suite", {"suite": name})
    counts = found["models"]["candidate"]
    values = {"suite": name, "right": counts["right"], "of": counts["of"], "limit": _points(limit)}
    values["percent"] = _points(counts["share"])
    return _reason(check, counts["share"] >= limit, counts["share"], limit, "suite", values)


def _slices(summary: dict[str, Any], asks: NoRegression) -> Iterator[Reason]:
    """A reason for each slice that lost, or one that none did."""
    if "champion" not in summary["models"]:
        return
    judged = [
        (one, one["gain"]["champion"][asks.measure])
        for one in summary["slices"]
        if one["by"] in asks.by and one["gain"]["champion"][asks.measure]["n"] >= asks.min_questions
    ]
    known = [(one, gain) for one, gain in judged if gain["gain"] is not None]
    lost = [(one, gain) for one, gain in known if gain["gain"] < -asks.max_loss and gain["high"] < 0]
    for one, gain in lost:
        values = {"by": one["by"], "value": one["value"], **_interval(gain, asks.max_loss)}
        check = f"slice.{one['by']}.{one['value']}"
        yield _reason(check, False, gain["gain"], -asks.max_loss, "slice_worse", values)
    if not lost:
        values = {"n": len(judged), "limit": _points(asks.max_loss)}
        yield _reason("slices", True, None, -asks.max_loss, "no_slice_worse", values)


def _at_most(check: str, candidate: dict[str, Any], limit: int) -> Reason:
    found = candidate[check]
    values = {"found": found, "of": candidate["n"], "limit": limit}
    return _reason(check, found <= limit, found, limit, check, values)


def _reason(
    check: str, passed: bool, found: float | None, limit: float, code: str, values: dict[str, Any]
) -> Reason:
    judged = {"check": check, "passed": bool(passed), "found": found, "limit": limit}
    return {**judged, "code": code, "values": values, "says": SAYS[code].format(**values)}


def _interval(found: dict[str, Any], limit: float) -> dict[str, float]:
    return {name: _points(found[name]) for name in ("gain", "low", "high")} | {"limit": _points(limit)}


def _points(share: float) -> float:
    return round(share * 100, 2)
