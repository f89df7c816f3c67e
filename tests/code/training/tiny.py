"""A shop of four topics for the tiny base: parameters, tables, jobs, a stage in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipelines.params import check
from pipelines.records import CORPUS, EXAMPLES

ROOT = Path(__file__).resolve().parents[3]
TOPICS = [
    ("when does it ship", "We ship within 48 hours."),
    ("运费多少", "满99元包邮,否则8元。"),
    ("refund time", "3 working days."),
    ("能退货吗", "7天无理由退货。"),
]


def tiny_params(**sections):
    """params.yaml with the tiny base in fp32 and short stages; `sections` are laid over it."""
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    raw["profile"], raw["profiles"] = "laptop", {"laptop": {}}
    raw["model"] |= {"base": "tiny", "dtype": "fp32"}
    raw["lora"] |= {"r": 4, "alpha": 8, "dropout": 0.1}
    raw["deepspeed"] |= {"zero_stage": 0, "offload": False, "processes": 1}
    raw["pretrain"] |= {"block_tokens": 64, "max_tokens": 1024, "epochs": 1, "batch_size": 2}
    raw["tune"] |= {
        "epochs": 2,
        "batch_size": 2,
        "gradient_accumulation": 2,
        "max_examples": 0,
        "general_share": 0.0,
        "whole_answers": 0,
    }
    raw["tune"] |= {"evals_per_epoch": 2, "early_stopping_patience": 3, "learning_rate": 0.003}
    raw["pretrain"]["general_share"] = raw["tune"]["general_share"] = 0.0
    for name, values in sections.items():
        raw[name] |= values
    return check(raw)


def example(number: int, origin: str = "faq", topic: int | None = None):
    question, answer = TOPICS[(number if topic is None else topic) % len(TOPICS)]
    return {
        "example_id": f"{origin}-{number}",
        "parent_ids": [],
        "group_id": f"g{number}",
        "origin": origin,
        "intent": "a/b",
        "intent_confidence": 1.0,
        "language": "en" if answer.isascii() else "zh",
        "customer_ref": "",
        "context": "{}",
        "hand_over": False,
        "asked": 1,
        "key_facts": [],
        "messages": [
            {"role": "system", "content": "You are Xiaoli."},
            {"role": "user", "content": f"{question} {number}"},
            {"role": "assistant", "content": answer},
        ],
    }


def write_shop(root: Path, examples: int = 24) -> Path:
    """The tables that both training stages read, below `root`."""
    for name, count in (("data/synthesized/train", examples), ("data/split/validation", 6)):
        path = root / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [example(i + (1000 if "validation" in name else 0)) for i in range(count)]
        pq.write_table(pa.Table.from_pylist(rows, schema=EXAMPLES), path)
    asked = [example(i + 2000, "log") for i in range(3)]
    pq.write_table(pa.Table.from_pylist(asked, schema=EXAMPLES), root / "data/split/test.parquet")
    texts = [f"第{i}条 Orders ship within {i} hours. 运费{i}元。" * 4 for i in range(1, 9)]
    rows = [
        {"doc_id": f"d{i}", "group_id": f"d{i}", "origin": "policy", "language": "zh", "text": text}
        for i, text in enumerate(texts)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=CORPUS), root / "data/split/corpus.parquet")
    return root


def checker(*_):
    return {}


def in_process(code: str, home: Path, **environment: str) -> subprocess.Popen:
    """Starts Python code in a process of its own, as a stage that may be killed."""
    env = {**os.environ, "KEFU_HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
    return subprocess.Popen([sys.executable, "-c", code], env=env, cwd=ROOT)


def tiny_job(home: Path, folder: Path, items, evaluation=(), **own):
    """A job on the tiny base with its data in place, as a stage would hand it over."""
    from pipelines.base.prepare import folder_of
    from pipelines.training.job import Job, write_items

    folder.mkdir(parents=True, exist_ok=True)
    values = {
        "name": "tune",
        "base": str(home / "models" / folder_of(tiny_params().model).name),
        "dtype": "fp32",
        "softmax": "auto",
        "layers": "auto",
        "parent": None,
        "lora": {"r": 4, "alpha": 8, "dropout": 0.1, "targets": "all-linear", "depth": 1.0},
        "epochs": 2,
        "batch_size": 2,
        "gradient_accumulation": 2,
        "learning_rate": 0.003,
        "warmup_ratio": 0.1,
        "scheduler": "cosine",
        "seed": 3,
        "evals_per_epoch": 2 if evaluation else 0,
        "patience": 3,
        "saves_per_epoch": 2,
        "row_tokens": 128,
        "zero_stage": 0,
        "offload": False,
        "processes": 1,
        "folder": str(folder),
    }
    job = Job(**(values | own))
    write_items(job.train_file, items)
    write_items(job.eval_file, evaluation)
    return job
