"""How much memory the mask stage takes: `python bench/mask_memory.py [1600 16000]`.

Each size is one partition of so many generated conversations (of 6.4 messages), masked by the whole stage in
a process of its own, without the Great Expectations suite. The conversations are those of the sample logs,
over and over, with other digits in each copy: texts with numbers stay distinct, the rest repeats.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import secrets
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WHEN = datetime(2026, 9, 7, tzinfo=UTC)
MEBIBYTE = 1024 * 1024


def generate(rows: int):
    """A CONVERSATIONS table, built in pieces."""
    import pyarrow as pa

    from pipelines.records import CONVERSATIONS

    talks = defaultdict(list)
    for file in sorted((ROOT / "data/raw").glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            talks[row["conversation_id"]].append((row["role"], row["text"]))
    source, pieces = list(talks.values()), []
    for start in range(0, rows, 1000):
        numbers = range(start, min(rows, start + 1000))
        pieces.append(
            pa.Table.from_pylist([_row(n, source[n % len(source)]) for n in numbers], CONVERSATIONS)
        )
    return pa.concat_tables(pieces).combine_chunks()


def _row(number: int, talk: list[tuple[str, str]]) -> dict:
    rng = random.Random(number)
    messages = [
        {"role": role, "content": re.sub(r"\d", lambda _: str(rng.randrange(10)), text), "sent_at": WHEN}
        for role, text in talk
    ]
    row = {"conversation_id": f"c{number}", "customer_ref": "", "channel": "web", "language": "zh"}
    return row | {"started_at": WHEN, "messages": messages, "source_file": "a", "source_row": number}


def prepare(folder: Path, rows: int) -> None:
    from pipelines.ingest.restricted import write_partition

    table = generate(rows)
    write_partition("0" * 64, table)
    manifest = folder / "data/ingested/manifest.json"
    manifest.parent.mkdir(parents=True)
    partition = {"partition": "shop/big.jsonl", "key": "0" * 64, "rows": rows, "rejected": 0}
    manifest.write_text(json.dumps({"partitions": [partition]}))
    messages = sum(map(len, table.column("messages").to_pylist()))
    print(f"{rows:,} conversations, {messages:,} messages, table of {table.nbytes / MEBIBYTE:.0f} MiB")


def mask(folder: Path, rows: int) -> None:
    from pipelines.params import load
    from pipelines.stage import execute

    params = load(ROOT / "params.yaml")
    mask = params.mask.model_copy(update={"processes": 1})
    execute("mask", params.model_copy(update={"mask": mask}), folder, checker=lambda *_: {})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:,} conversations masked: peak {peak:,.0f} MiB resident")


def main() -> None:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("rows", nargs="*", type=int, default=[1600, 16_000])
    parser.add_argument("--step", choices=["prepare", "mask"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        {"prepare": prepare, "mask": mask}[args.step](args.folder, args.rows[0])
        return
    for rows in args.rows:
        with tempfile.TemporaryDirectory() as folder:
            keys = {name: secrets.token_hex(32) for name in ("KEFU_REF_KEY", "KEFU_RESTRICTED_KEY")}
            env = os.environ | keys | {"KEFU_HOME": f"{folder}/home"}
            for step in ("prepare", "mask"):
                command = [sys.executable, __file__, str(rows), "--step", step, "--folder", folder]
                subprocess.run(command, env=env, check=True)


if __name__ == "__main__":
    main()
