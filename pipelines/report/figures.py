"""The models' figures and slices as rows that the page can show: texts with units, and which way is good."""

from __future__ import annotations

from typing import Any

SHARES = ("key_facts", "key_facts_all", "right", "intent", "hand_over_precision", "hand_over_recall")
RATES = {"in_style": 1, "contradiction_rate": -1, "forbidden_rate": -1, "pii_rate": -1}  # 1: more is better
NUMBERS = {"chrf": 1, "rouge_l": 1, "loss": -1, "reply_chars": 0}
GOOD = dict.fromkeys(SHARES, 1) | RATES | NUMBERS
DIGITS = {"chrf": 1, "rouge_l": 1, "loss": 3, "reply_chars": 0}
SLICED = "right"

Row = dict[str, Any]


def rows(summary: Row) -> list[Row]:
    """{"name", "values": {model: text}, "counts": {model: text}, "gains": {model: gain}} of each measure.

    A gain is {"text", "low", "high", "sign"}: sign is 1 if the 95 % interval says better, -1 worse, else 0.
    """
    models, gains = summary["models"], summary.get("gains", {})
    found = []
    for name in GOOD:
        values = {model: _value(figures, name) for model, figures in models.items()}
        if any(values.values()):
            measured = {model: gain(all_[name], name) for model, all_ in gains.items() if name in all_}
            counts = {model: _count(figures.get(name)) for model, figures in models.items()}
            found.append({"name": name, "values": values, "counts": counts, "gains": measured})
    return found


def gain(found: Row, name: str) -> Row | None:
    """A gain of the evaluation in points or in the measure's unit; None where it was not measured."""
    if found["gain"] is None:
        return None
    low, high = (found[end] * GOOD[name] for end in (("low", "high") if GOOD[name] >= 0 else ("high", "low")))
    sign = 1 if low > 0 else -1 if high < 0 else 0
    text, least, most = (_signed(found[part], name) for part in ("gain", "low", "high"))
    return {"text": text, "low": least, "high": most, "sign": sign}


def slices(summary: Row) -> list[Row]:
    """{"by", "rows": [{"value", "n", "shares": {model: share or None}, "gain"}]} of each way to cut.

    The share is that of right answers, the gain that over the champion, or over the base where there is none.
    """
    against = next((name for name in ("champion", "base") if name in summary["models"]), "")
    cut: dict[str, list[Row]] = {}
    for one in summary["slices"]:
        if not one["models"]["candidate"]["n"]:
            continue
        measured = one.get("gain", {}).get(against, {}).get(SLICED)
        shares = {model: figures.get(SLICED, {}).get("share") for model, figures in one["models"].items()}
        cut.setdefault(one["by"], []).append(
            {
                "value": one["value"],
                "n": one["models"]["candidate"]["n"],
                "shares": shares,
                "gain": gain(measured, SLICED) if measured else None,
            }
        )
    return [{"by": by, "rows": found} for by, found in cut.items()]


def _value(figures: Row, name: str) -> str:
    held = figures.get(name)
    if name == "loss":
        held = held["loss"] if held else None
    elif name in SHARES:
        held = held["share"] if held else None
    if held is None:
        return ""
    return f"{held:.{DIGITS[name]}f}" if name in NUMBERS else f"{100 * held:.0f} %"


def _count(held: Any) -> str:
    return f"{held['right']}/{held['of']}" if isinstance(held, dict) and "of" in held else ""


def _signed(number: float, name: str) -> str:
    digits, number = (DIGITS[name], number) if name in NUMBERS else (1, 100 * number)
    return f"{number:+.{digits}f}" if round(number, digits) else f"{0:.{digits}f}"
