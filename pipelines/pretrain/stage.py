"""pretrain: LoRA on packed domain text, documents first, then dialogue.

From the base it sees the whole corpus; going on from the champion, what is new to that, and a replay.
"""

from __future__ import annotations

from typing import Any

from pipelines.base.load import load_tokenizer
from pipelines.fingerprint import digest
from pipelines.params import Params
from pipelines.records import CORPUS
from pipelines.stage import StageRun
from pipelines.start.pinned import Start, read_start
from pipelines.start.replay import room_for_new
from pipelines.training.replay import Item, again, general, in_order, tokens_in
from pipelines.training.rules import check
from pipelines.training.run import make_job, train
from pipelines.training.tokenised import encode_blocks


def run(params: Params, run: StageRun) -> None:
    section = params.pretrain
    base = check(params, run.name)
    start = read_start(run.root)
    tokenizer = load_tokenizer(base.path)
    blocks = corpus_blocks(params, run, tokenizer, start)
    added = general(tokenizer, blocks, section.general_share, section.block_tokens, section.seed)
    run.metrics["general_tokens"] = tokens_in(added)
    blocks += added
    run.rows_out = len(blocks)
    job = make_job(
        params,
        section,
        base,
        start.adapter(),
        name=run.name,
        scheduler="cosine",
        evals_per_epoch=0,
        patience=0,
        saves_per_epoch=4,
        row_tokens=section.block_tokens,
    )
    train(run, job, base, blocks, [])


def corpus_blocks(params: Params, run: StageRun, tokenizer: Any, start: Start) -> list[Item]:
    """Packed blocks: new documents as far as they fit, then known ones by their share; at least a batch."""
    section = params.pretrain
    rows = run.read("data/split/corpus.parquet", CORPUS).to_pylist()
    new, known = start.seen().parted(rows, "corpus")
    texts = [row["text"] for row in in_order(new, section.seed)]
    if not start.champion:
        return encode_blocks(tokenizer, texts, section.block_tokens, section.max_tokens)
    share, length = params.retrain.replay, section.block_tokens
    blocks = encode_blocks(tokenizer, texts, length, room_for_new(section.max_tokens, share)) if texts else []
    old = [
        row["text"] for row in sorted(known, key=lambda row: digest(section.seed, start.key, row["doc_id"]))
    ]
    repeated = again(tokenizer, blocks, old, share, length)
    batch = section.batch_size * section.gradient_accumulation * params.deepspeed.processes
    if len(blocks) + len(repeated) < batch:
        repeated = encode_blocks(tokenizer, old, length, (batch - len(blocks)) * length)
    run.metrics |= {"new_tokens": tokens_in(blocks), "replayed_tokens": tokens_in(repeated)}
    return blocks + repeated
