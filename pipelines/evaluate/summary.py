"""summary.json: all that the evaluation found, for the gate, the model card, the report and MLflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.evaluate import automation
from pipelines.evaluate.figures import changed_most, figures, gains, slices
from pipelines.evaluate.forgetting import forgotten
from pipelines.evaluate.gate import judge, value
from pipelines.evaluate.questions import Question
from pipelines.evaluate.suites import results
from pipelines.params import Params

INTENT_METHOD = "intent of the FAQ answer nearest to the generated answer (character n-gram cosine)"
OTHERWISE = frozenset({"n", "latency", "repeats", "judged_by_model"})
"""Figures that are no number of their own."""
Row = dict[str, Any]


def summarise(
    params: Params,
    rows: Mapping[str, list[Row]],
    extra: Mapping[str, Row],
    identity: Row,
    questions: Mapping[str, Sequence[Question]],
    asked_in_log: Counter[str],
) -> Row:
    """Figures, gains with intervals, suites, slices, changes, automation, and the gate's verdict."""
    seed, candidate = params.evaluate.seed, rows["candidate"]
    all_gains = {model: gains(rows, model, seed) for model in rows if model != "candidate"}
    kinds = Counter("hand_over" if row["hand_over_expected"] else row["origin"] for row in candidate)
    summary = {
        **identity,
        "models": {model: {**figures(asked), **extra[model]} for model, asked in rows.items()},
        "gain": {model: measured["key_facts"] for model, measured in all_gains.items()},
        "gains": all_gains,
        "forgetting": forgotten(*(extra[m]["general_perplexity"] for m in ("base", "candidate"))),
        "suites": results(rows, questions, seed),
        "slices": slices(rows, seed),
        "changed_most": changed_most(rows),
        "automation": automation.estimate(candidate, asked_in_log, params.prices, seed),
        "sample": {"n": len(candidate), "by_kind": dict(sorted(kinds.items()))},
        "settings": params.evaluate.model_dump(),
        "intent_method": INTENT_METHOD,
    }
    return {**summary, **judge(summary, params.gate)}


def flat(summary: Row) -> dict[str, float]:
    """Figures as MLflow takes them: one number a name."""
    found: dict[str, Any] = {}
    for model, figure in summary["models"].items():
        numbers = {name: value(figure, name) for name in figure if name not in OTHERWISE}
        numbers |= {k: v for k, v in (figure["latency"] or {}).items() if k.endswith("_s")}
        numbers["judge_mean"] = (figure.get("judged_by_model") or {}).get("mean")
        numbers["pass_all"] = (figure["repeats"] or {}).get("pass_all", {}).get("share")
        found |= {f"{model}.{name}": number for name, number in numbers.items()}
    for model, gain in summary["gain"].items():
        found[f"gain_over_{model}"] = gain["gain"]
    found["general_perplexity_ratio"] = summary["forgetting"]["ratio"]
    for name, suite in summary["suites"].items():
        found |= {f"{model}.suite.{name}": counts["share"] for model, counts in suite["models"].items()}
    found |= {f"automation.{name}": summary["automation"].get(name) for name in ("share", "saved_per_month")}
    found["blessed"] = int(summary["verdict"] == "BLESSED")
    return {name: number for name, number in found.items() if isinstance(number, int | float)}


def say(summary: Row) -> None:
    print(f"evaluate: {summary['verdict']}", flush=True)
    for reason in summary["reasons"]:
        print(f"  {'passed' if reason['passed'] else 'FAILED'}  {reason['says']}", flush=True)
    print("\n".join(table(summary)), flush=True)
    print(f"evaluate: {summary['automation']['line']}", flush=True)


def table(summary: Row) -> list[str]:
    """Suites and figures of each model, a line each."""
    models = list(summary["models"])
    lines = [f"  {'':22}" + "".join(f"{model:>12}" for model in models)]
    for name, suite in summary["suites"].items():
        counts = [suite["models"][model] for model in models]
        lines.append(f"  {name:22}" + "".join(f"{c['right']:>7}/{c['of']:<4}" for c in counts))
    named = [name for name in summary["models"]["candidate"] if name not in ("n", "latency", "repeats")]
    for name in named:
        numbers = [value(summary["models"][model], name) for model in models]
        shown = ["–" if n is None or isinstance(n, dict) else f"{n:.4g}" for n in numbers]
        lines.append(f"  {name:22}" + "".join(f"{one:>12}" for one in shown))
    return lines
