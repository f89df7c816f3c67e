"""Figures of one model over its judged answers, their gains over other models, slices, what changed most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from pipelines.evaluate.bootstrap import Pair, draws, interval
from pipelines.evaluate.judge import is_right
from pipelines.params.sections import Measure

Row = dict[str, Any]
SLICED_BY = ("language", "origin", "suite", "intent", "frequency", "turn", "emotion", "channel")
SLICE_GAINS: tuple[Measure, ...] = ("right", "key_facts_all")
CHANGED = 10


def _of(counts: Callable[[Row], bool], hit: Callable[[Row], Any]) -> Callable[[Row], Pair]:
    return lambda row: (float(hit(row)), 1.0) if counts(row) else (0.0, 0.0)


MEASURES: dict[Measure, Callable[[Row], Pair]] = {  # of an answer: what it adds above and below the line
    "key_facts": _of(lambda r: is_headline(r), lambda r: right(r)),
    "key_facts_all": _of(lambda r: served(r) and r["facts_total"] > 0, lambda r: right(r)),
    "right": _of(lambda r: served(r), lambda r: is_right(r)),
    "intent": _of(
        lambda r: served(r) and r["predicted_intent"] is not None and not r["hand_over_expected"],
        lambda r: r["predicted_intent"] == r["intent"],
    ),
    "hand_over_precision": _of(
        lambda r: served(r) and r["hand_over_given"], lambda r: r["hand_over_expected"]
    ),
    "hand_over_recall": _of(lambda r: served(r) and r["hand_over_expected"], lambda r: r["hand_over_given"]),
    "chrf": _of(lambda r: served(r) and r["reference"], lambda r: r["chrf"]),
    "rouge_l": _of(lambda r: served(r) and r["reference"], lambda r: r["rouge_l"]),
    "forbidden_rate": _of(lambda r: True, lambda r: r["forbidden"] > 0),
    "pii_rate": _of(lambda r: True, lambda r: r["pii"] > 0),
    "contradiction_rate": _of(lambda r: served(r), lambda r: r["contradicts"] > 0),
    "in_style": _of(lambda r: served(r) and not r["hand_over_expected"], lambda r: r["in_style"]),
    "reply_chars": _of(lambda r: served(r), lambda r: r["chars"]),
    "loss": lambda r: r.get("loss") or (0.0, 0.0),
}
COUNTED = ("key_facts", "key_facts_all", "right", "intent", "hand_over_precision", "hand_over_recall")


def figures(rows: list[Row]) -> dict[str, Any]:
    """Counts and shares of one model's samples (rows of the SAMPLES table, which may hold `loss` besides).

    `key_facts` is the headline: answers to held-out FAQ wordings that hold every key fact.
    """
    sums = {name: np.sum([add(row) for row in rows], axis=0) for name, add in MEASURES.items() if rows}
    found: dict[str, Any] = {"n": len(rows)}
    for name in MEASURES:
        hits, of = sums.get(name, (0, 0))
        if name in COUNTED:
            found[name] = counted(round(hits), round(of))
        elif name != "loss":
            found[name] = round(float(hits / of), 4) if of else None
    return {
        **found,
        "forbidden_answers": sum(r["forbidden"] > 0 for r in rows),
        "pii_answers": sum(r["pii"] > 0 for r in rows),
    }


def served(row: Row) -> bool:
    """Is this an answer of the brand's assistant?"""
    return not row.get("plain")


def is_headline(row: Row) -> bool:
    """A held-out FAQ wording that the assistant itself should answer."""
    return bool(row["origin"] == "faq" and row["facts_total"] > 0 and not row["hand_over_expected"])


def right(row: Row) -> bool:
    return bool(row["facts_total"] > 0 and row["facts_found"] == row["facts_total"])


def share(hits: list[bool]) -> dict[str, Any]:
    return counted(sum(hits), len(hits))


def counted(count: int, of: int) -> dict[str, Any]:
    return {"right": int(count), "of": int(of), "share": round(count / of, 4) if of else None}


def gains(
    by_model: Mapping[str, list[Row]], against: str, seed: int, names: Iterable[Measure] = tuple(MEASURES)
) -> dict[str, dict[str, Any]]:
    """The candidate's gain over `against` in each measure, over the questions that both were asked."""
    theirs, ours = _paired(by_model, against)
    drawn = draws(len(ours), seed) if ours else None
    return {
        name: interval([MEASURES[name](r) for r in theirs], [MEASURES[name](r) for r in ours], seed, drawn)
        for name in names
    }


def slices(
    by_model: Mapping[str, list[Row]], seed: int, columns: tuple[str, ...] = SLICED_BY
) -> list[dict[str, Any]]:
    """The figures again for each value of each column, and the gains in `right` and `key_facts_all`."""
    found = []
    for column in columns:
        values = sorted({_value(row, column) for rows in by_model.values() for row in rows} - {""})
        for value in values:
            cut = {m: [r for r in rows if _value(r, column) == value] for m, rows in by_model.items()}
            found.append(
                {
                    "by": column,
                    "value": value,
                    "models": {m: figures(rows) for m, rows in cut.items()},
                    "gain": {m: gains(cut, m, seed, SLICE_GAINS) for m in cut if m != "candidate"},
                }
            )
    return found


def changed_most(by_model: Mapping[str, list[Row]]) -> dict[str, Any]:
    """{"against", "better", "worse"}: at most ten examples each, the greatest change first.

    What an answer is worth is 1 where it is right, the share of its key facts, and chrF of 100, together.
    """
    against = "champion" if "champion" in by_model else "base"
    theirs, ours = _paired(by_model, against)
    changes = sorted(
        ((round(worth(o) - worth(t), 4), o["example_id"]) for t, o in zip(theirs, ours, strict=True)),
        key=lambda change: (-change[0], change[1]),
    )
    listed = [{"example_id": name, "change": change} for change, name in changes]
    return {
        "against": against,
        "better": [one for one in listed if one["change"] > 0][:CHANGED],
        "worse": [one for one in reversed(listed) if one["change"] < 0][:CHANGED],
    }


def worth(row: Row) -> float:
    facts = row["facts_found"] / row["facts_total"] if row["facts_total"] else 0.0
    return float(is_right(row)) + facts + row["chrf"] / 100


def _paired(by_model: Mapping[str, list[Row]], against: str) -> tuple[list[Row], list[Row]]:
    theirs = {row["example_id"]: row for row in by_model[against]}
    ours = [row for row in by_model["candidate"] if row["example_id"] in theirs]
    return [theirs[row["example_id"]] for row in ours], ours


def _value(row: Row, column: str) -> str:
    return "" if row.get(column) is None else str(row[column])
