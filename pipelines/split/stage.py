"""split: every group gets its side; what is trainable and connected to something held out goes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.errors import KefuError
from pipelines.params import Params
from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.apart import Drop, corpus_drops, example_drops
from pipelines.split.golden import held_questions
from pipelines.split.leaks import Row, question
from pipelines.split.sides import SIDES, Side, faq_entries, sides
from pipelines.stage import StageRun

ENOUGH: dict[Side, int] = {"validation": 1, "test": 3}  # rows of an intent and language, to see it at all
SAMPLE_CHARS = 120


def run(params: Params, run: StageRun) -> None:
    examples = run.read("data/curated/examples.parquet", EXAMPLES).sort_by("example_id")
    corpus = run.read("data/curated/corpus.parquet", CORPUS).sort_by("doc_id")
    golden = held_questions(run.knowledge)
    rows, documents = examples.to_pylist(), corpus.to_pylist()
    groups = [row["group_id"] for row in rows] + [d["group_id"] for d in documents]
    found = sides(groups, faq_entries(rows), params.split)
    drops = example_drops(rows, found, golden, params)
    of_corpus = corpus_drops(documents, rows, found, golden, drops, params)
    for drop in drops:
        row = rows[drop.row]
        run.drop(drop.reason, sample=_sample(row["example_id"], question(row), drop))
    for drop in of_corpus:
        run.drop(f"corpus_{drop.reason}", sample=_sample(documents[drop.row]["doc_id"], "", drop))
    _write(run, examples, [found[row["group_id"]] for row in rows], drops)
    run.write("golden", pa.Table.from_pylist(golden, EXAMPLES), EXAMPLES, count=False)
    run.write("corpus", _without(corpus, of_corpus), CORPUS)
    run.metrics |= _metrics(run, rows)


def _write(run: StageRun, examples: pa.Table, side: Sequence[Side], drops: Sequence[Drop]) -> None:
    gone = {drop.row for drop in drops}
    for name in SIDES:
        numbers = [i for i, of in enumerate(side) if of == name and i not in gone]
        if not numbers:
            raise KefuError(
                f"no example is left for {name} ({len(side)} examples, {len(gone)} dropped as duplicates)",
                "data/curated/examples.parquet",
                "add conversations or FAQ wordings, or change the shares under `split` in params.yaml",
            )
        run.write(name, examples.take(numbers), EXAMPLES)


def _without(table: pa.Table, drops: Sequence[Drop]) -> pa.Table:
    gone = {drop.row for drop in drops}
    return table.take(pa.array([i for i in range(table.num_rows) if i not in gone], pa.int64()))


def _sample(name: str, text: str, drop: Drop) -> dict[str, str]:
    return {"id": name, "text": text[:SAMPLE_CHARS], "against": drop.against}


def _metrics(run: StageRun, rows: Sequence[Row]) -> dict[str, Any]:
    written = {name: run.tables[name].to_pylist() for name in (*SIDES, "golden")}
    taught, tested = (set(faq_entries(written[name])) for name in ("train", "test"))
    return {
        "rows": {name: _by_origin(written[name]) for name in written},
        "thin_intents": _thin(rows, written["test"], ENOUGH["test"]),
        "thin_validation_intents": _thin(rows, written["validation"], ENOUGH["validation"]),
        "faq_entries_tested_but_not_taught": sorted(tested - taught),
        "faq_entries_not_tested": sorted(set(faq_entries(rows)) - tested),
        "golden_sha256": hashlib.sha256((run.knowledge / "golden.jsonl").read_bytes()).hexdigest(),
    }


def _thin(rows: Sequence[Row], held: Sequence[Row], enough: int) -> dict[str, int]:
    """How many rows are held out of each intent and language that has fewer than enough."""
    asked = {(row["intent"] or "", row["language"]) for row in rows}
    counts = Counter((row["intent"] or "", row["language"]) for row in held)
    return {
        f"{intent} ({lang})": counts[intent, lang]
        for intent, lang in sorted(asked)
        if counts[intent, lang] < enough
    }


def _by_origin(rows: Sequence[Row]) -> dict[str, int]:
    return dict(sorted(Counter(f"{row['origin']}/{row['language']}" for row in rows).items()))
