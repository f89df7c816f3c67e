"""curate: turns and FAQ become examples, documents and dialogue become the corpus, bad replies go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from pipelines.curate.corpus import dialogue_rows, policy_rows, product_rows
from pipelines.curate.examples import faq_examples, log_examples, out_of_scope_examples
from pipelines.curate.judge import House, Verdict, judge_all
from pipelines.curate.match import Matcher
from pipelines.curate.repeats import without_repeats
from pipelines.curate.turns import Turn, turns_of
from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.knowledge import load_brand, load_faq, load_policies, load_products, load_taxonomy
from pipelines.params import Params
from pipelines.records import CORPUS, DEDUPED, EXAMPLES
from pipelines.stage import StageRun

BATCH = 2048  # conversations judged at a time
SAMPLE_CHARS = 120
MOST_ASKED = 10  # questions listed in the metrics

Row = dict[str, Any]


def run(params: Params, run: StageRun) -> None:
    folder = run.knowledge
    faq, brand = load_faq(folder), load_brand(folder)
    house = House(brand, load_taxonomy(folder), Matcher(faq, brand), params.curate)
    conversations = run.read("data/deduped/conversations.parquet", DEDUPED)
    outside = list(out_of_scope_examples(brand))
    examples = [*without_conflicts(run, list(faq_examples(faq, brand)), outside), *outside]
    corpus = [*policy_rows(load_policies(folder)), *product_rows(load_products(folder))]
    said: list[Turn] = []
    answered: list[Row] = []
    progress = run.progress(conversations.num_rows, "conversations")
    for turns, verdicts in _judged(conversations, house):
        _count(run, turns, verdicts)
        said += turns
        answered += log_examples(turns, verdicts, brand, params.curate.history_messages)
        corpus += dialogue_rows(turns, verdicts)
        progress.add()
    progress.close()
    _no_id_twice([*examples, *answered])
    examples += without_repeats(run, answered, said, params.dedup)
    _write(run, examples, corpus)
    run.metrics |= _metrics(examples, corpus)


def _judged(conversations: pa.Table, house: House) -> Iterator[tuple[list[Turn], list[Verdict]]]:
    """Conversation after conversation: its turns and their verdicts, matched in batches."""
    for batch in conversations.sort_by("conversation_id").to_batches(max_chunksize=BATCH):
        held = [turns_of(row) for row in batch.to_pylist()]
        verdicts = iter(judge_all([turn for turns in held for turn in turns], house))
        for turns in held:
            yield turns, list(islice(verdicts, len(turns)))


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


def _count(run: StageRun, turns: list[Turn], verdicts: list[Verdict]) -> None:
    for turn, verdict in zip(turns, verdicts, strict=True):
        if verdict.kind in ("dropped", "corrected"):
            sample = {
                "id": turn.example_id,
                "question": turn.question[:SAMPLE_CHARS],
                "reply": turn.reply[:SAMPLE_CHARS],
                "answer": verdict.answer,
            }
            run.drop(verdict.code, sample=sample)


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


def _most_asked(examples: list[Row]) -> list[Row]:
    return sorted(examples, key=lambda row: (-row["asked"], row["example_id"]))[:MOST_ASKED]


def _metrics(examples: list[Row], corpus: list[Row]) -> dict[str, Any]:
    return {
        "examples": dict(sorted(Counter(f"{row['origin']}/{row['language']}" for row in examples).items())),
        "most_asked": {row["example_id"]: row["asked"] for row in _most_asked(examples)},
        "hand_over": sum(row["hand_over"] for row in examples),
        "intents": dict(sorted(Counter(row["intent"] for row in examples).items())),
        "corpus": dict(sorted(Counter(f"{row['origin']}/{row['language']}" for row in corpus).items())),
    }
