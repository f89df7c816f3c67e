"""pretrain: LoRA on packed domain text, documents first, then dialogue."""

from __future__ import annotations

from pipelines.base.load import load_tokenizer
from pipelines.params import Params
from pipelines.records import CORPUS
from pipelines.stage import StageRun
from pipelines.training.encode import pack_documents
from pipelines.training.replay import general, in_order, tokens_in
from pipelines.training.rules import check
from pipelines.training.run import make_job, train


def run(params: Params, run: StageRun) -> None:
    section = params.pretrain
    base = check(params, run.name)
    rows = in_order(run.read("data/split/corpus.parquet", CORPUS).to_pylist(), section.seed)
    tokenizer = load_tokenizer(base.path)
    blocks = pack_documents(
        tokenizer, (row["text"] for row in rows), section.block_tokens, section.max_tokens
    )
    added = general(tokenizer, blocks, section.general_share, section.block_tokens, section.seed)
    run.metrics["general_tokens"] = tokens_in(added)
    blocks += added
    run.rows_out = len(blocks)
    job = make_job(
        params,
        section,
        base,
        None,
        name=run.name,
        scheduler="cosine",
        evals_per_epoch=0,
        patience=0,
        saves_per_epoch=4,
        row_tokens=section.block_tokens,
    )
    train(run, job, base, blocks, [])
