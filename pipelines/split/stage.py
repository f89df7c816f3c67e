"""split: every group gets its side; what is trainable and connected to the test goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.errors import KefuError
from pipelines.params import Params
from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.leaks import Leak, Row, corpus_leaks, example_leaks, question
from pipelines.split.sides import SIDES, Side, faq_entries, sides
from pipelines.stage import StageRun

THIN_TEST_ROWS = 3  # an intent with fewer cannot be judged
SAMPLE_CHARS = 120


def run(params: Params, run: StageRun) -> None:
    examples = run.read("data/curated/examples.parquet", EXAMPLES).sort_by("example_id")
    corpus = run.read("data/curated/corpus.parquet", CORPUS).sort_by("doc_id")
    rows, documents = examples.to_pylist(), corpus.to_pylist()
    groups = [row["group_id"] for row in rows] + [d["group_id"] for d in documents]
    found = sides(groups, faq_entries(rows), params.split)
    leaks = example_leaks(rows, found, params)
    of_corpus = corpus_leaks(documents, rows, found, leaks)
    for leak in leaks:
        run.drop(leak.reason, sample=_sample(rows[leak.row]["example_id"], question(rows[leak.row]), leak))
    for leak in of_corpus:
        run.drop(f"corpus_{leak.reason}", sample=_sample(documents[leak.row]["doc_id"], "", leak))
    _write(run, examples, [found[row["group_id"]] for row in rows], leaks)
    run.write("corpus", _without(corpus, of_corpus), CORPUS)
    run.metrics |= _metrics(run, rows)


def _write(run: StageRun, examples: pa.Table, side: Sequence[Side], leaks: Sequence[Leak]) -> None:
    gone = {leak.row for leak in leaks}
    for name in SIDES:
        numbers = [i for i, of in enumerate(side) if of == name and i not in gone]
        if not numbers:
            raise KefuError(
                f"no example is left for {name} ({len(side)} examples, {len(gone)} dropped as duplicates)",
                "data/curated/examples.parquet",
                "add conversations or FAQ wordings, or change the shares under `split` in params.yaml",
            )
        run.write(name, examples.take(numbers), EXAMPLES)


def _without(table: pa.Table, leaks: Sequence[Leak]) -> pa.Table:
    gone = {leak.row for leak in leaks}
    return table.take(pa.array([i for i in range(table.num_rows) if i not in gone], pa.int64()))


def _sample(name: str, text: str, leak: Leak) -> dict[str, str]:
    return {"id": name, "text": text[:SAMPLE_CHARS], "against": leak.against}


def _metrics(run: StageRun, rows: Sequence[Row]) -> dict[str, Any]:
    written = {name: run.tables[name].to_pylist() for name in SIDES}
    taught, tested = (set(faq_entries(written[name])) for name in ("train", "test"))
    asked = {(row["intent"] or "", row["language"]) for row in rows}
    counts = Counter((row["intent"] or "", row["language"]) for row in written["test"])
    thin = {f"{intent} ({language})": counts[intent, language] for intent, language in sorted(asked)}
    return {
        "rows": {name: _by_origin(written[name]) for name in SIDES},
        "thin_intents": {name: count for name, count in thin.items() if count < THIN_TEST_ROWS},
        "faq_entries_tested_but_not_taught": sorted(tested - taught),
        "faq_entries_not_tested": sorted(set(faq_entries(rows)) - tested),
    }


def _by_origin(rows: Sequence[Row]) -> dict[str, int]:
    return dict(sorted(Counter(f"{row['origin']}/{row['language']}" for row in rows).items()))
