"""Rows to split, and the stage run on them in a folder of its own."""

import json
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.sides import side_of
from pipelines.split.stage import run as split
from pipelines.stage import StageRun

KNOWLEDGE = Path(__file__).parents[3] / "data/knowledge"


def example(name, question, group=None, parents=None, origin="log", before="您好呀", answer="好的", **fields):
    group = group or name
    return {
        "example_id": name,
        "parent_ids": parents if parents is not None else [group],
        "group_id": group,
        "origin": origin,
        "intent": "order/status",
        "intent_confidence": 1.0,
        "language": "zh",
        "customer_ref": "",
        "context": "{}",
        "hand_over": False,
        "asked": 1,
        "key_facts": [],
        "messages": [
            {"role": "user", "content": before},
            {"role": "assistant", "content": "您好"},
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ],
    } | fields


def document(name, group, text="顾客和客服说了些话", origin="dialogue"):
    return {"doc_id": name, "group_id": group, "origin": origin, "language": "zh", "text": text}


def golden_line(name, question):
    return {
        "golden_id": f"{name}.zh",
        "source": "order_reminder.zh",
        "language": "zh",
        "intent": "order/status",
        "context": {},
        "history": [],
        "question": question,
        "answer": "付款后48小时内发货。",
        "key_facts": [["48小时"]],
        "hand_over": False,
    }


def ids_on(params, side, count, prefix="c"):
    """The first ids whose hash puts them on `side`."""
    names = (f"{prefix}{number:04}" for number in range(100_000))
    return list(islice((name for name in names if side_of(name, params.split) == side), count))


def filler(params):
    """Unrelated examples, one or more on every side, so that no side is empty."""
    texts = [
        "今天能发货吗麻烦快一点",
        "电饭煲的内胆可以单独购买吗",
        "怎么修改收件人电话号码呢",
        "会员生日礼券发到哪里了",
    ]
    names = [*ids_on(params, "train", 2, "f"), *ids_on(params, "validation", 1, "f")]
    names += ids_on(params, "test", 1, "f")
    return [example(name, text) for name, text in zip(names, texts, strict=True)]


def lay(root, examples, corpus=(), golden=()):
    """The tables and the knowledge that the stage reads, below `root`."""
    for folder in (root / "data/curated", root / "data/knowledge"):
        folder.mkdir(parents=True, exist_ok=True)
    for name in ("brand.yaml", "products.csv", "taxonomy.yaml"):
        if not (root / "data/knowledge" / name).exists():
            (root / "data/knowledge" / name).symlink_to(KNOWLEDGE / name)
    lines = [json.dumps(line, ensure_ascii=False) for line in golden]
    (root / "data/knowledge/golden.jsonl").write_text("\n".join(lines), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(list(examples), EXAMPLES), root / "data/curated/examples.parquet")
    pq.write_table(pa.Table.from_pylist(list(corpus), CORPUS), root / "data/curated/corpus.parquet")


def outcome(root, params, examples, corpus=(), golden=()):
    lay(root, examples, corpus, golden)
    run = StageRun("split", params, root)
    split(params, run)
    return run


def names(run, table):
    column = "doc_id" if table == "corpus" else "example_id"
    return run.tables[table].column(column).to_pylist()
