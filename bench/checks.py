"""How long the suites take, and in how much memory, by table and number of rows.

    python bench/checks.py [--rows 100000 1000000]

The rows are made up: texts drawn from a list, no personal data in them. Each size runs in a process of its
own, so that the peak is its own; `personal data` scans every distinct text.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipelines.checks.run import check_tables  # noqa: E402
from pipelines.records import CORPUS, DEDUPED, EXAMPLES, SAMPLES  # noqa: E402

AT = datetime(2026, 9, 7, tzinfo=UTC)
WORDS = ["退货", "换货", "运费", "发票", "积分", "锅", "台灯", "什么时候", "怎么", "order", "refund", "lamp"]
STAGES = {  # stage: its tables
    "dedup": ("conversations",),
    "curate": ("examples", "corpus"),
    "synthesize": ("examples",),
    "evaluate": ("samples",),
}
SCHEMAS = {"conversations": DEDUPED, "examples": EXAMPLES, "corpus": CORPUS, "samples": SAMPLES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--one", nargs=2, metavar=("STAGE", "ROWS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(measured(args.one[0], int(args.one[1])), flush=True)
        return
    print("| stage | rows a table | expectations | wall s | CPU s | peak MiB | of it the rows |", flush=True)
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    for rows in args.rows:
        for stage in STAGES:
            subprocess.run([sys.executable, __file__, "--one", stage, str(rows)], check=True)


def measured(stage: str, rows: int) -> str:
    tables = {kind: made(kind, rows) for kind in STAGES[stage]}
    before = _peak_mib()
    wall, cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        checked = check_tables(stage, tables, Path(folder) / "docs")
    expectations = sum(table["expectations"] for table in checked["tables"].values())
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    return f"| {stage} | {rows:,} | {expectations} | {wall:.1f} | {cpu:.1f} | {_peak_mib():,} | {before:,} |"


def made(kind: str, rows: int) -> pa.Table:
    """`rows` rows of a good table, made in parts so that Python's own copy stays small."""
    make = globals()[f"_{kind}"]
    draw = random.Random(7)
    parts = (range(start, min(start + 50_000, rows)) for start in range(0, rows, 50_000))
    return pa.concat_tables(
        pa.Table.from_pylist([make(n, draw) for n in part], SCHEMAS[kind]) for part in parts
    )


def _text(draw: random.Random) -> str:
    return "".join(draw.choices(WORDS, k=draw.randint(3, 9)))


def _conversations(number: int, draw: random.Random) -> dict[str, Any]:
    spoken = [("customer", _text(draw)), ("agent", _text(draw))] * 2
    return {
        "conversation_id": f"c{number:07}",
        "language": "zh",
        "started_at": AT,
        "messages": [{"role": role, "content": text, "sent_at": AT} for role, text in spoken],
        "cluster_id": f"c{number:07}",
        "cluster_size": 1,
    }


def _examples(number: int, draw: random.Random) -> dict[str, Any]:
    asked = _text(draw)
    chat = [("system", "你是客服"), ("user", asked), ("assistant", f"7天{_text(draw)}")]
    return {
        "example_id": f"e{number:07}",
        "parent_ids": [f"c{number:07}"],
        "group_id": f"c{number:07}",
        "origin": "log",
        "intent": "order/status",
        "intent_confidence": 1.0,
        "language": "zh",
        "context": "{}",
        "hand_over": False,
        "key_facts": [["7天"]],
        "messages": [{"role": role, "content": text} for role, text in chat],
        "emotion": "calm",
        "entities": [{"label": "product", "text": asked[:1]}],
        "asked": 1,
    }


def _corpus(number: int, draw: random.Random) -> dict[str, Any]:
    name = f"d{number:07}"
    return {"doc_id": name, "group_id": name, "origin": "dialogue", "language": "zh", "text": _text(draw)}


def _samples(number: int, draw: random.Random) -> dict[str, Any]:
    return {
        "example_id": f"e{number:07}",
        "model": "base",
        "language": "zh",
        "answer": _text(draw),
        "facts_found": 1,
        "facts_total": 2,
        "forbidden": 0,
        "pii": 0,
        "chrf": 50.0,
    }


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
