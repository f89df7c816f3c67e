"""Three sentences of what changed, for the first screen: data, questions, figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from pipelines.report.questions import Reference
from pipelines.report.words import named, pair, t

Row = dict[str, Any]
MOST_ASKED = 3  # intents named


def changes(facts: Row) -> list[Markup]:
    """The sentences, from the run's own figures; where there is nothing to compare with, they say so."""
    return [sentence(facts) for sentence in SENTENCES]


def of(against: Reference | None) -> Markup:
    """What the data is held against, in words."""
    if against is None:
        return t("changed.none")
    return t(f"changed.{against.kind}", version=against.version or "–")


def data(facts: Row) -> Markup:
    metrics = facts["metrics"]
    rows = metrics.get("synthesize", metrics.get("split", {})).get("rows_out")
    talks = metrics.get("ingest", {}).get("rows_out")
    if rows is None or talks is None:
        return t("changed.no_data")
    share = facts["synthetic_share"]
    said = t("changed.data", talks=f"{talks:,}", rows=f"{rows:,}", share=f"{100 * (share or 0):.0f}")
    stages = facts["against"].run.stages if facts["against"] else {}
    before = [stages.get(stage, {}).get("rows_out") for stage in ("ingest", "synthesize")]
    if None in before:
        return said + _no_comparison(facts)
    more = [f"{int(now - was):+,}" for now, was in zip((talks, rows), before, strict=True)]
    return said + t("changed.data_against", talks=more[0], rows=more[1], against=of(facts["against"]))


def questions(facts: Row) -> Markup:
    asked = facts["questions"]
    if not asked["n"]:
        return t("changed.no_questions")
    n, against = f"{asked['n']:,}", of(facts["against"])
    if asked["state"] != "compared":
        return t("changed.questions", n=n, intents=_most_asked(asked)) + _groups(asked, "groups_alone")
    if not asked["new"]:
        return t("changed.questions_same", n=n, against=against) + _groups(asked, "groups")
    moved = asked["by"][0]["drift_of_new"] or asked["by"][0]["drift"]
    said = t("changed.questions_new", n=n, new=f"{asked['new']:,}", against=against)
    return said + t(f"changed.intents_{'moved' if moved['beyond'] else 'same'}") + _groups(asked, "groups")


def _most_asked(asked: Row) -> Markup:
    rows = [row for row in asked["by"][0]["rows"][:MOST_ASKED] if row["now"]]
    often = [f"{row['name']} ({row['share']:.0%})" for row in rows]
    return pair(", ".join(often), "、".join(often))


def _groups(asked: Row, key: str) -> Markup:
    n = asked["groups_total"]
    return t(f"changed.{key}", n=f"{n:,}") if n else t(f"changed.no_{key}")


def figures(facts: Row) -> Markup:
    summary = facts["summary"]
    against = next(name for name in ("champion", "base") if name in summary["models"])
    shares = {name: summary["models"][name]["key_facts"]["share"] for name in ("candidate", against)}
    if None in shares.values():
        return t("changed.no_figures")
    said = t(
        "changed.figures",
        share=f"{100 * shares['candidate']:.0f}",
        was=f"{100 * shares[against]:.0f}",
        model=named("model", against),
    )
    if against == "champion":
        said += _clear(summary["gain"].get(against))
    counts = [sum(entry["change"] == change for entry in facts["answers"]) for change in ("better", "worse")]
    said += t("changed.answers", better=counts[0], worse=counts[1])
    return said if against == "champion" else said + t("changed.no_champion")


def _clear(gain: Row | None) -> Markup:
    """Whether the 95 % interval of the gain leaves 0 out."""
    if not gain or gain["gain"] is None:
        return Markup("")
    if gain["low"] == gain["high"] == 0:
        return t("changed.equal")
    return t("changed.clear" if gain["low"] > 0 or gain["high"] < 0 else "changed.unclear")


def _no_comparison(facts: Row) -> Markup:
    return t("changed.first" if facts["against"] is None else "changed.not_known")


SENTENCES: tuple[Callable[[Row], Markup], ...] = (data, questions, figures)
