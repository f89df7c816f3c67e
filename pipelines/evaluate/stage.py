"""Asks base, champion and candidate the same held-out questions, judges the answers, and gates.

Which champion is compared with was pinned to data/champion.json at the start of the run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.errors import KefuError
from pipelines.evaluate import champion as registry
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.evaluate.contender import Contender
from pipelines.evaluate.figures import figures, gain_over, slices
from pipelines.evaluate.forgetting import forgotten, perplexity
from pipelines.evaluate.gate import judge
from pipelines.evaluate.judge import Judge
from pipelines.evaluate.sampling import HEADLINE, choose, kind, rank
from pipelines.evaluate.store import digest
from pipelines.mask.pii_file import load_policy
from pipelines.mask.policy import Policy
from pipelines.params import Params
from pipelines.progress import Progress
from pipelines.records import EXAMPLES, SAMPLES
from pipelines.stage import OUTPUTS, StageRun

INTENT_METHOD = "intent of the FAQ answer nearest to the generated answer (character n-gram cosine)"
Row = dict[str, Any]


def run(params: Params, run: StageRun) -> None:
    table = run.read("data/split/test.parquet", EXAMPLES)
    if not table.num_rows:
        raise KefuError("the test split is empty", "data/split/test.parquet", "raise split.test, or add logs")
    chosen = choose(table.to_pylist(), params.evaluate.max_examples, params.evaluate.seed)
    run.drop("not_sampled", table.num_rows - len(chosen))
    judge_ = Judge.of(run.knowledge, load_policy(run.knowledge, params.mask))
    contenders, identity = _contenders(params, run, judge_.policy)
    rows, extra = {}, {}
    for contender in contenders:
        rows[contender.role], extra[contender.role] = _ask(contender, chosen, judge_, params)
        contender.free()
    summary = _summary(params, rows, extra, identity, chosen)
    run.metrics = _flat(summary)
    samples = [{**row, "model": model} for model, asked in rows.items() for row in asked]
    run.write("samples", pa.Table.from_pylist(samples, schema=SAMPLES), SAMPLES)
    run.write_json("summary.json", summary)
    _say(summary)


def _contenders(params: Params, run: StageRun, policy: Policy) -> tuple[list[Contender], dict[str, Any]]:
    from pipelines.base.load import resolve

    base = resolve(params.model)
    folder = run.root / OUTPUTS["tune"]
    sha = adapter_sha256(folder)
    champion, note = registry.pinned(run.root, base.sha256)
    print(f"evaluate: {note}", flush=True)
    contenders = [Contender("base", base.sha256, params, policy)]
    if champion is not None:
        key = digest([base.sha256, champion.adapter_sha256])
        contenders.append(Contender("champion", key, params, policy, champion.adapter))
    contenders.append(Contender("candidate", digest([base.sha256, sha]), params, policy, lambda: folder))
    identity = {
        "base": {"name": base.name, "sha256": base.sha256},
        "candidate": {"adapter_sha256": sha},
        "champion": vars(champion) if champion else None,
        "champion_note": note,
    }
    return contenders, identity


def _ask(
    contender: Contender, examples: list[Row], judge_: Judge, params: Params
) -> tuple[list[Row], dict[str, Any]]:
    settings = params.evaluate
    chats = [example["messages"] for example in examples]
    progress = Progress(f"evaluate {contender.role}", len(chats), "answers")
    said = contender.answers(chats, progress.add)
    progress.close()
    loss = contender.loss(_few(chats, settings.max_loss_examples))
    general = perplexity(contender)
    timed = _headline_first(examples)[: settings.latency_examples]
    took = contender.latencies([e["messages"] for e in timed]) if contender.role == "candidate" else []
    seconds = {e["example_id"]: t["seconds"] for e, t in zip(timed, took, strict=False)}
    rows = [
        {**judge_.sample(example, answer.text), "latency_s": seconds.get(example["example_id"])}
        for example, answer in zip(examples, said, strict=True)
    ]
    latency = _latency(took, settings.latency_target_s)
    return rows, {"loss": loss, "general": general, "latency": latency}


def _few(chats: list[Any], most: int) -> list[Any]:
    """Every n-th of the chats, so that all kinds stay in."""
    step = max(1, -(-len(chats) // most))
    return chats[::step]


def _headline_first(examples: list[Row]) -> list[Row]:
    return sorted(examples, key=lambda e: (kind(e) != HEADLINE, rank(e["example_id"], 0)))


def _latency(took: list[dict[str, Any]], target_s: float) -> dict[str, Any] | None:
    """One answer at a time on this machine; None where it was not measured."""
    if not took:
        return None
    seconds = [t["seconds"] for t in took]
    p50, p95 = np.percentile(seconds, [50, 95])
    return {
        "n": len(took),
        "p50_s": round(float(p50), 3),
        "p95_s": round(float(p95), 3),
        "target_s": target_s,
        "met": bool(p95 <= target_s),
        "tokens_per_s": round(sum(t["tokens"] for t in took) / sum(seconds), 2),
    }


def _summary(
    params: Params,
    rows: dict[str, list[Row]],
    extra: dict[str, dict[str, Any]],
    identity: dict[str, Any],
    chosen: list[Row],
) -> dict[str, Any]:
    kinds = [kind(example) for example in chosen]
    summary = {
        **identity,
        "models": {model: {**figures(asked), **extra[model]} for model, asked in rows.items()},
        "gain": {m: gain_over(rows, m, params.evaluate.seed) for m in rows if m != "candidate"},
        "forgetting": forgotten(extra["base"]["general"], extra["candidate"]["general"]),
        "slices": slices(rows, ("language", "origin")),
        "sample": {"n": len(chosen), "by_kind": {k: kinds.count(k) for k in sorted(set(kinds))}},
        "settings": params.evaluate.model_dump(),
        "intent_method": INTENT_METHOD,
    }
    return {**summary, **judge(summary, params.gate)}


def _flat(summary: dict[str, Any]) -> dict[str, float]:
    """Figures as MLflow takes them: one number a name."""
    found: dict[str, Any] = {}
    for model, figure in summary["models"].items():
        shares = {k: v["share"] for k, v in figure.items() if isinstance(v, dict) and "share" in v}
        counts = {k: figure[k] for k in ("forbidden_answers", "pii_answers", "chrf")}
        counts["general_perplexity"] = round(figure["general"]["perplexity"], 3)
        latency = {k: v for k, v in (figure["latency"] or {}).items() if k.endswith("_s")}
        found |= {
            f"{model}.{k}": v
            for k, v in {**shares, **counts, **latency, "loss": figure["loss"]["loss"]}.items()
        }
    for model, gain in summary["gain"].items():
        found[f"gain_over_{model}"] = gain["gain"]
    found["general_perplexity_ratio"] = summary["forgetting"]["ratio"]
    found["blessed"] = int(summary["verdict"] == "BLESSED")
    return {name: value for name, value in found.items() if value is not None}


def _say(summary: dict[str, Any]) -> None:
    print(f"evaluate: {summary['verdict']}", flush=True)
    for reason in summary["reasons"]:
        print(f"  {'passed' if reason['passed'] else 'FAILED'}  {reason['says']}", flush=True)
