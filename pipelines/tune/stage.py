"""tune: goes on from pretrain's adapter, learning the answers of the training examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.base.load import load_tokenizer
from pipelines.errors import KefuError
from pipelines.fingerprint import digest
from pipelines.params import Params
from pipelines.records import CORPUS, EXAMPLES
from pipelines.stage import OUTPUTS, StageRun
from pipelines.start.pinned import Start, read_start
from pipelines.start.replay import how_many, room_for_new
from pipelines.start.seen import FILE as SEEN
from pipelines.start.seen import sides, write_seen
from pipelines.training.adapter import WEIGHTS
from pipelines.training.encode import Segment
from pipelines.training.pack import into_rows
from pipelines.training.replay import Item, again, general, in_order, tokens_in
from pipelines.training.rules import check
from pipelines.training.run import ROW_TOKENS, make_job, row_tokens, train
from pipelines.training.tokenised import encode_chats
from pipelines.tune.answers import recitals, shorten

Row = dict[str, Any]


def run(params: Params, run: StageRun) -> None:
    section = params.tune
    base = check(params, run.name)
    parent = parent_adapter(run.root)
    tokenizer = load_tokenizer(base.path)
    rows = run.read("data/synthesized/train.parquet", EXAMPLES).to_pylist()
    start = read_start(run.root)
    chosen = select(params, run, rows, start)
    segments = encode(run, tokenizer, chosen, section.max_tokens)
    held_out = run.read("data/split/validation.parquet", EXAMPLES, count=False).to_pylist()
    validation = choose(held_out, section.max_eval_examples, section.seed)
    shown = encode(run, tokenizer, validation, section.max_tokens, "validation_too_long")
    if not shown:
        raise KefuError(
            "there is no validation example, so early stopping can't work",
            "data/split/validation.parquet",
            "raise split.validation, or bring more data",
        )
    items = [[segment] for segment in shorten(segments, section.whole_answers)]
    alone = recitals(tokenizer, chosen, section.whole_answers, section.recitals, section.max_tokens)
    items += [[segment] for segment in alone]
    items += replay(params, run, tokenizer, items)
    run.rows_out = len(segments)
    run.metrics["recitals"] = len(alone)
    job = make_job(
        params,
        section,
        base,
        parent,
        name=run.name,
        scheduler=section.scheduler,
        evals_per_epoch=section.evals_per_epoch,
        patience=section.early_stopping_patience,
        saves_per_epoch=section.evals_per_epoch,
        row_tokens=row_tokens(section.max_tokens),
    )
    evaluation = even_rows(shown, params.deepspeed.processes, job.row_tokens)
    train(run, job, base, items, evaluation, lineage_of(run, start, rows))


def select(params: Params, run: StageRun, rows: list[Row], start: Start) -> list[Row]:
    """What is new to the adapter that the run goes on from, and known rows beside it; all, from the base."""
    section, share = params.tune, params.retrain.replay
    new, known = start.seen().parted(rows, "train")
    room = room_for_new(section.max_examples, share) if start.champion else section.max_examples
    chosen = choose(new, room, section.seed)
    run.drop("over_max_examples", len(new) - len(chosen))
    if start.champion:
        wanted = how_many(len(chosen), share, fewest(params))
        repeated = choose(known, wanted, digest(section.seed, start.key)) if wanted else []
        run.drop("seen_by_champion", len(known) - len(repeated))
        run.metrics |= {"new_examples": len(chosen), "replayed_examples": len(repeated)}
        chosen += repeated
    return chosen


def fewest(params: Params) -> int:
    """Examples for a step an evaluation."""
    section = params.tune
    batch = section.batch_size * section.gradient_accumulation * params.deepspeed.processes
    return batch * section.evals_per_epoch


def lineage_of(run: StageRun, start: Start, train_rows: list[Row]) -> Row:
    """What the adapter tells of itself: the rows that its run had, and the versions since the base."""
    rows: dict[str, list[Row]] = {"train": train_rows, "held_out": [], "corpus": []}
    for side, table in sides():
        if side != "train":
            schema = CORPUS if side == "corpus" else EXAMPLES
            rows[side] += run.read(table, schema, count=False).to_pylist()
    return {"generation": start.generation, "seen_sha256": write_seen(run.out / SEEN, rows)}


def replay(params: Params, run: StageRun, tokenizer: Any, items: list[Item]) -> list[Item]:
    """General text and pretrain's corpus, by their shares of the tokens."""
    section = params.tune
    length = min(ROW_TOKENS, section.max_tokens)
    everyday = general(tokenizer, items, section.general_share, length, section.seed)
    earlier: list[Item] = []
    if section.corpus_share:
        rows = in_order(run.read("data/split/corpus.parquet", CORPUS, count=False).to_pylist(), section.seed)
        earlier = again(tokenizer, items, [r["text"] for r in rows], section.corpus_share, length)
    run.metrics |= {"general_tokens": tokens_in(everyday), "corpus_tokens": tokens_in(earlier)}
    return everyday + earlier


def parent_adapter(root: Path) -> Path:
    folder = root / OUTPUTS["pretrain"]
    if not (folder / WEIGHTS).exists():
        raise KefuError(
            "there is no adapter of the stage pretrain", str(folder), "run `dvc repro -s pretrain` first"
        )
    return folder


def encode(
    run: StageRun, tokenizer: Any, rows: list[Row], max_tokens: int, reason: str = "too_long"
) -> list[Segment]:
    segments = encode_chats(tokenizer, [row["messages"] for row in rows], max_tokens)
    run.drop(reason, segments.count(None))
    return [segment for segment in segments if segment]


def choose(rows: list[Row], limit: int, seed: int | str) -> list[Row]:
    """At most `limit` rows (0: all), seeded; FAQ and hand-over first, each answer once before twice."""
    shuffled = sorted(rows, key=lambda row: digest(seed, row["example_id"]))
    seen: dict[tuple[str, str], int] = {}
    ranked = []
    for row in shuffled:
        entry = (row["language"], row["messages"][-1]["content"])
        seen[entry] = seen.get(entry, 0) + 1
        first = row["origin"] == "faq" or row["hand_over"]
        ranked.append(((0, seen[entry]) if first else (1, 0), row))
    ordered = [row for _, row in sorted(ranked, key=lambda pair: pair[0])]
    return ordered[:limit] if limit else ordered


def even_rows(segments: list[Segment], processes: int, room: int = ROW_TOKENS) -> list[list[Segment]]:
    """Packed rows for evaluation, as many for each process: long segments first, row by row in turn."""
    fewest = len(into_rows(segments, room))
    count = min(-(-fewest // processes) * processes, len(segments) // processes * processes) or 1
    ordered = sorted(segments, key=lambda segment: -len(segment.input_ids))
    return [ordered[start::count] for start in range(count)]
