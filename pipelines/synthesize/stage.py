"""synthesize: paraphrases and boundary cases for train only; nothing held out may be trained on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.dedup.normalise import normalise
from pipelines.knowledge import load_brand, load_products, load_rules
from pipelines.mask.pii_file import load_policy
from pipelines.params import Params
from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.leaks import leaking, question, refuse_leaks
from pipelines.stage import StageRun
from pipelines.synthesize.boundary import boundary_cases
from pipelines.synthesize.candidates import Candidate, by_rules, fit_for_paraphrase, judged, within_share
from pipelines.synthesize.endpoint import Endpoint

Row = dict[str, Any]
HELD_OUT = ("validation", "test", "golden")


def run(params: Params, run: StageRun) -> None:
    train = run.read("data/split/train.parquet", EXAMPLES).to_pylist()
    sides = [run.read(f"data/split/{side}.parquet", EXAMPLES, count=False) for side in HELD_OUT]
    held = [row for table in sides for row in table.to_pylist()]
    corpus = run.read("data/split/corpus.parquet", CORPUS, count=False).to_pylist()
    refuse_leaks(train, corpus, held, params)
    made = _boundary(run, train, held, params)
    made += _paraphrased(run, train, held, params, {normalise(question(row)) for row in [*train, *made]})
    kept, over = within_share(made, len(train), params.synthesize.share)
    run.drop("over_share", len(over))
    rows = sorted([*train, *kept], key=lambda row: row["example_id"])
    refuse_leaks(rows, [], held, params)
    run.write("train", pa.Table.from_pylist(rows, EXAMPLES), EXAMPLES)
    (run.out / "train.jsonl").write_text("".join(as_line(row) for row in rows), encoding="utf-8")
    run.metrics |= _metrics(train, kept)


def as_line(row: Row) -> str:
    """One example in the `messages` form that trainers read, as a line of JSON."""
    line = {"example_id": row["example_id"], "messages": row["messages"]}
    return json.dumps(line, ensure_ascii=False) + "\n"


def _boundary(run: StageRun, train: list[Row], held: list[Row], params: Params) -> list[Row]:
    rules, brand = load_rules(run.knowledge), load_brand(run.knowledge)
    count, seed = params.synthesize.boundary_cases, params.synthesize.seed
    rows = boundary_cases(rules, brand, count, seed)
    taken = {normalise(question(row)) for row in train}
    near = leaking(map(question, rows), held, params)
    kept = []
    for row in rows:
        reason = "near_held_out" if question(row) in near else None
        reason = reason or ("duplicate" if normalise(question(row)) in taken else None)
        if reason:
            run.drop(reason, sample={"id": row["example_id"], "question": question(row)})
        else:
            kept.append(row)
    return kept


def _paraphrased(
    run: StageRun, train: list[Row], held: list[Row], params: Params, taken: set[str]
) -> list[Row]:
    """Paraphrases by rules, and by the endpoint if there is one; at most `per_example` of each a source."""
    per_source = params.synthesize.per_example
    sources = [row for row in train if fit_for_paraphrase(row)] if per_source else []
    products = load_products(run.knowledge)
    ways = [[c for row in sources for c in by_rules(row, products, params.synthesize.seed)]]
    if params.synthesize.endpoint:
        ways.append(_asked(run, sources, params))

    def drop(reason: str, name: str, text: str) -> None:
        run.drop(reason, sample={"id": name, "question": text})

    policy = load_policy(run.knowledge, params.mask)
    made: list[Row] = []
    for candidates in ways:
        near = leaking((c.text for c in candidates), held, params)
        made += judged(candidates, near, taken, per_source, policy, drop)
    return made


def _asked(run: StageRun, sources: Sequence[Row], params: Params) -> list[Candidate]:
    section = params.synthesize
    endpoint = Endpoint(section.endpoint or "", section.endpoint_model or "", section.max_endpoint_tokens)
    progress = run.progress(len(sources), "questions asked")
    answers = endpoint.paraphrase(
        [(question(row), row["language"]) for row in sources], section.per_example + 2, progress
    )
    progress.close()
    run.metrics["endpoint"] = {
        "asked": endpoint.asked,
        "from_cache": endpoint.cached,
        "tokens": endpoint.spent_tokens,
        "left_out": sum(not texts for texts in answers),
    }
    return [Candidate(row, text) for row, texts in zip(sources, answers, strict=True) for text in texts]


def _metrics(train: list[Row], kept: list[Row]) -> dict[str, Any]:
    real, made = (Counter(row["intent"] for row in rows) for rows in (train, kept))
    return {
        "made": dict(sorted(Counter(f"{row['origin']}/{row['language']}" for row in kept).items())),
        "share": round(len(kept) / max(len(train) + len(kept), 1), 4),
        "share_by_intent": {
            intent: round(made[intent] / (made[intent] + real[intent]), 4) for intent in sorted(real | made)
        },
    }
