"""synthesize: paraphrases and boundary cases for train only; nothing held out may be trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.curate.entities import EntityFinder
from pipelines.curate.examples import relabelled
from pipelines.dedup.normalise import normalise
from pipelines.export import as_line
from pipelines.knowledge import load_brand, load_products, load_rules, load_taxonomy
from pipelines.mask.pii_file import load_policy
from pipelines.mask.policy import Policy
from pipelines.params import Params
from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.leaks import leaking, question, refuse_leaks
from pipelines.stage import StageRun
from pipelines.synthesize.boundary import boundary_cases
from pipelines.synthesize.candidates import (
    Candidate,
    Known,
    fit,
    fit_for_paraphrase,
    judge,
    judged,
    within_share,
)
from pipelines.synthesize.copies import copies, repeated
from pipelines.synthesize.drift import drifting
from pipelines.synthesize.endpoint import Endpoint
from pipelines.synthesize.rules import by_rules, memo_of

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
    brand = load_brand(run.knowledge)
    finder = EntityFinder(load_taxonomy(run.knowledge), load_products(run.knowledge))
    made = [relabelled(row, brand, finder) for row in made]
    section, real = params.synthesize, Counter(row["intent"] for row in train)
    kept, over = within_share(made, real, section.share, section.share_per_intent)
    run.drop("over_intent_share", over["over_intent_share"])
    run.drop("over_share", over["over_share"])
    rows = sorted([*train, *kept], key=lambda row: row["example_id"])
    refuse_leaks(kept, [], held, params)
    run.write("train", pa.Table.from_pylist(rows, EXAMPLES), EXAMPLES)
    (run.out / "train.jsonl").write_text("".join(as_line(row) for row in rows), encoding="utf-8")
    run.metrics |= _metrics(train, kept)


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
    policy = load_policy(run.knowledge, params.mask)
    memo = memo_of(products, params.synthesize.seed, policy)
    ways = {"rules": by_rules(sources, products, params.synthesize.seed, policy, memo)}
    run.metrics["sources"] = {"all": len(sources), "reused": memo.reused}
    if params.synthesize.endpoint.url:
        ways["model"] = _asked(run, sources, params, policy)

    def drop(reason: str, candidate: Candidate) -> None:
        told = {} if reason == "personal_data" else {"question": candidate.text}
        run.drop(reason, sample={"id": candidate.source["example_id"], **told})

    made: list[Row] = []
    for way, candidates in ways.items():
        so_far = fit(candidates, taken)
        known = Known(
            leaking=leaking((c.text for c in so_far), held, params),
            drifting=_drifting(so_far, train),
            copies=copies([c.text for c in so_far], taken, params.dedup),
            personal=_personal([c.text for c in so_far if c.by_model], policy),
            taken=taken,
        )
        accepted, spare = judged(candidates, known, per_source, drop)
        accepted = _each_once(run, accepted, params)
        counts = {"candidates": len(candidates), "accepted": len(accepted), "spare": spare}
        run.metrics[f"by_{way}"] = counts
        made += accepted
    return made


def _each_once(run: StageRun, rows: list[Row], params: Params) -> list[Row]:
    """`rows` without those that nearly repeat one before them."""
    again = set(repeated([question(row) for row in rows], params.dedup))
    for place in sorted(again):
        row = rows[place]
        run.drop("near_copy", sample={"id": row["parent_ids"][0], "question": question(row)})
    return [row for place, row in enumerate(rows) if place not in again]


def _asked(run: StageRun, sources: Sequence[Row], params: Params, policy: Policy) -> list[Candidate]:
    endpoint = Endpoint(params.synthesize.endpoint, params.synthesize.seed, policy)
    progress = run.progress(len(sources), "questions asked")
    answers = endpoint.paraphrase(
        [(question(row), row["language"]) for row in sources], params.synthesize.per_example + 2, progress
    )
    progress.close()
    run.metrics["endpoint"] = endpoint.report()
    if endpoint.budget.ended_by:
        print(endpoint.ended(), flush=True)
    run.drop("personal_prompt", endpoint.counts["withheld"])
    run.drop("personal_data", sum(answer.personal for answer in answers))
    pairs = zip(sources, answers, strict=True)
    return [
        Candidate(row, text, judge(text, question(row), row["language"], policy, by_model=True), True)
        for row, answer in pairs
        for text in answer.wordings
    ]


def _drifting(candidates: Sequence[Candidate], train: Sequence[Row]) -> set[tuple[str, str]]:
    standing = [(question(row), row["intent"], row["language"]) for row in train]
    asked = [(c.text, question(c.source), c.source["intent"]) for c in candidates]
    return {c.name for c, away in zip(candidates, drifting(asked, standing), strict=True) if away}


def _personal(texts: Sequence[str], policy: Policy) -> set[str]:
    """Which of a model's texts the recognizers of mask find personal data in: a name that it made up, say."""
    if not texts:
        return set()
    from pipelines.mask.engine import Analyzer

    distinct = list(dict.fromkeys(texts))
    return {text for text, found in zip(distinct, Analyzer(policy).find(distinct), strict=True) if found}


def _metrics(train: list[Row], kept: list[Row]) -> dict[str, Any]:
    real, made = (Counter(row["intent"] for row in rows) for rows in (train, kept))
    return {
        "made": dict(sorted(Counter(f"{row['origin']}/{row['language']}" for row in kept).items())),
        "share": round(len(kept) / max(len(train) + len(kept), 1), 4),
        "share_by_intent": {
            intent: round(made[intent] / (made[intent] + real[intent]), 4) for intent in sorted(real | made)
        },
    }
