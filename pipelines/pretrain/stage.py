"""pretrain: LoRA on packed domain text, documents first, then dialogue."""

from __future__ import annotations

from pipelines.base.load import load_tokenizer
from pipelines.fingerprint import digest
from pipelines.params import Params
from pipelines.records import CORPUS
from pipelines.stage import StageRun
from pipelines.training.encode import pack_documents
from pipelines.training.rules import check
from pipelines.training.run import make_job, train

ORDER = {"policy": 0, "product": 1, "dialogue": 2}


def run(params: Params, run: StageRun) -> None:
    section = params.pretrain
    base = check(params, run.name)
    rows = in_order(run.read("data/split/corpus.parquet", CORPUS).to_pylist(), section.seed)
    tokenizer = load_tokenizer(base.path)
    blocks = pack_documents(
        tokenizer, (row["text"] for row in rows), section.block_tokens, section.max_tokens
    )
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


def in_order(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    """Policies, products, then dialogue; within each by a seeded hash, so that a limit samples fairly."""
    return sorted(rows, key=lambda row: (ORDER.get(row["origin"], 3), digest(seed, row["doc_id"])))
