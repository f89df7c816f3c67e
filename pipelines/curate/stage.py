"""curate: turns and FAQ become examples, documents and dialogue become the corpus, bad replies go."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from pipelines.curate.conversation import Curated, curated, memo_of
from pipelines.curate.corpus import policy_rows, product_rows
from pipelines.curate.entities import EntityFinder
from pipelines.curate.examples import faq_examples, out_of_scope_examples
from pipelines.curate.judge import House, Verdict
from pipelines.curate.match import Matcher
from pipelines.curate.repeats import without_repeats
from pipelines.curate.review import Doubt, decisions, key, write_review
from pipelines.curate.tally import count_links, count_turn, figures
from pipelines.curate.turns import Turn
from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.knowledge import (
    load_brand,
    load_faq,
    load_policies,
    load_products,
    load_reviews,
    load_taxonomy,
)
from pipelines.params import Params
from pipelines.records import CORPUS, DEDUPED, EXAMPLES
from pipelines.stage import StageRun

Row = dict[str, Any]


def run(params: Params, run: StageRun) -> None:
    folder = run.knowledge
    faq, brand, products = load_faq(folder), load_brand(folder), load_products(folder)
    taxonomy = load_taxonomy(folder)
    house = House(brand, taxonomy, Matcher(faq, brand), params.curate, decisions(load_reviews(folder)))
    finder = EntityFinder(taxonomy, products)
    conversations = run.read("data/deduped/conversations.parquet", DEDUPED)
    outside = list(out_of_scope_examples(brand, finder))
    examples = [*without_conflicts(run, list(faq_examples(faq, brand, finder)), outside), *outside]
    corpus = [*policy_rows(load_policies(folder)), *product_rows(products)]
    said: list[Turn] = []
    judged: list[Verdict] = []
    answered: list[Row] = []
    for one in _curated(run, conversations.sort_by("conversation_id"), house, finder):
        said += one.turns
        judged += one.verdicts
        answered += one.examples
        corpus += one.corpus
        for turn, verdict, soothing in zip(one.turns, one.verdicts, one.soothing, strict=True):
            count_turn(run, turn, verdict, soothing)
    _no_id_twice([*examples, *answered])
    count_links(run, faq)
    examples += without_repeats(run, answered, said, params.dedup)
    _write(run, examples, corpus)
    run.metrics |= figures(examples, corpus, Counter(verdict.kind for verdict in judged))
    run.metrics["intent_review"] = _review(run, said, judged, house)


def _review(run: StageRun, said: list[Turn], judged: list[Verdict], house: House) -> dict[str, int]:
    """Writes what a steward should decide; how many questions that is, and how many are decided already."""
    doubts = [
        Doubt(turn, f"dropped: {verdict.code}" if verdict.kind == "dropped" else verdict.intent, candidates)
        for turn, verdict in zip(said, judged, strict=True)
        if (candidates := verdict.candidates) is not None
    ]
    asked = {key(turn.question, turn.language) for turn in said}
    return {
        "to_decide": write_review(run, doubts, house.limits.review_rows),
        "uncertain": len({key(doubt.turn.question, doubt.turn.language) for doubt in doubts}),
        "decided": len(asked & house.decisions.keys()),
    }


def _curated(run: StageRun, conversations: pa.Table, house: House, finder: EntityFinder) -> list[Curated]:
    memo = memo_of(run.knowledge, house)
    progress = run.progress(conversations.num_rows, "conversations")
    found = curated(conversations, house, finder, memo, progress)
    progress.close()
    run.metrics["conversations"] = {"all": len(found), "reused": memo.reused}
    return found


def without_conflicts(run: StageRun, faq: list[Row], outside: list[Row]) -> list[Row]:
    """The FAQ examples, save wordings that the brand hands over: one question, one answer."""
    handed_over = {normalise(row["messages"][-2]["content"]) for row in outside}
    kept = []
    for row in faq:
        question = row["messages"][-2]["content"]
        if normalise(question) in handed_over:
            run.drop("wording_hands_over", sample={"id": row["example_id"], "question": question})
        else:
            kept.append(row)
    return kept


def _no_id_twice(examples: list[Row]) -> None:
    ids = Counter(row["example_id"] for row in examples)
    twice = [name for name, count in ids.items() if count > 1]
    if twice:
        raise KefuError(
            f"{len(twice)} example ids stand twice, such as {twice[0]}",
            "data/deduped/conversations.parquet",
            "conversation ids must be unique: look at the ids of your sources",
        )


def _write(run: StageRun, examples: list[Row], corpus: list[Row]) -> None:
    examples.sort(key=lambda row: row["example_id"])
    corpus.sort(key=lambda row: row["doc_id"])
    run.write("examples", pa.Table.from_pylist(examples, EXAMPLES), EXAMPLES)
    run.write("corpus", pa.Table.from_pylist(corpus, CORPUS), CORPUS, count=False)
