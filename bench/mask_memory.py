"""How much memory the mask stage takes: `python bench/mask_memory.py [1600 4000 8000]`.

Each size is so many generated conversations (of 6.4 messages) in partitions of 800, masked by the whole stage
in a process of its own, with the vault's key and the Great Expectations suite. The conversations are those of
the sample logs, over and over, with other digits in each copy: texts with long numbers stay distinct, the
rest repeats. Until they are full, two caches of 100,000 distinct texts each grow with them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WHEN = datetime(2026, 9, 7, tzinfo=UTC)
_LONG_NUMBER = re.compile(r"\d{5,}")  # the public hotline is in groups: with other digits it would be a leak
MEBIBYTE = 1024 * 1024
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def generate(first: int, rows: int):
    """A CONVERSATIONS table of the conversations from number `first` on."""
    import pyarrow as pa

    from pipelines.records import CONVERSATIONS

    talks = defaultdict(list)
    for file in sorted((ROOT / "data/raw").glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            talks[row["conversation_id"]].append((row["role"], row["text"]))
    source = list(talks.values())
    made = [_row(n, source[n % len(source)]) for n in range(first, first + rows)]
    return pa.Table.from_pylist(made, CONVERSATIONS)


def _row(number: int, talk: list[tuple[str, str]]) -> dict:
    rng = random.Random(number)
    messages = [
        {"role": role, "content": _LONG_NUMBER.sub(lambda m: _other(m, rng), text), "sent_at": WHEN}
        for role, text in talk
    ]
    row = {"conversation_id": f"c{number}", "customer_ref": "", "channel": "web", "language": "zh"}
    return row | {"started_at": WHEN, "messages": messages, "source_file": "a", "source_row": number}


def _other(number: re.Match[str], rng: random.Random) -> str:
    return "".join(str(rng.randrange(10)) for _ in number.group())


def prepare(folder: Path, rows: int, partition_rows: int, _: int) -> None:
    from pipelines.ingest.restricted import write_partition

    partitions, messages, size = [], 0, 0
    for number, first in enumerate(range(0, rows, partition_rows)):
        table = generate(first, min(partition_rows, rows - first))
        key = f"{number:064x}"
        write_partition(key, table)
        name = {"partition": f"shop/{number:04}.jsonl", "key": key}
        partitions.append(name | {"rows": table.num_rows, "rejected": 0})
        messages += sum(map(len, table.column("messages").to_pylist()))
        size += table.nbytes
    manifest = folder / "data/ingested/manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"partitions": partitions}))
    told = f"{rows:,} conversations, {messages:,} messages, {len(partitions)} partitions"
    print(f"{told}, tables of {size / MEBIBYTE:.0f} MiB", flush=True)


def mask(folder: Path, rows: int, _: int, processes: int) -> None:
    from pipelines.params import load
    from pipelines.stage import execute

    knowledge = folder / "data/knowledge"
    knowledge.mkdir(parents=True)
    shutil.copy(ROOT / "data/knowledge/pii.yaml", knowledge)
    params = load(ROOT / "params.yaml")
    mask = params.mask.model_copy(update={"processes": processes})
    found = execute("mask", params.model_copy(update={"mask": mask}), folder)
    own, workers = (resource.getrusage(who).ru_maxrss / 1024 for who in WHOSE)
    told = f"{rows:,} conversations masked in {found['seconds']:.0f} s: peak {own:,.0f} MiB resident"
    print(told + (f", {processes} workers of up to {workers:,.0f} MiB" if workers else ""), flush=True)


def main() -> None:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("rows", nargs="*", type=int, default=[1600, 4000, 8000])
    parser.add_argument("--partition-rows", type=int, default=800)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--step", choices=["prepare", "mask"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        step = {"prepare": prepare, "mask": mask}[args.step]
        step(args.folder, args.rows[0], args.partition_rows, args.processes)
        return
    for rows in args.rows:
        with tempfile.TemporaryDirectory() as folder:
            keys = {f"KEFU_{name}_KEY": secrets.token_hex(32) for name in ("REF", "RESTRICTED", "VAULT")}
            env = os.environ | keys | {"KEFU_HOME": f"{folder}/home"}
            for step in ("prepare", "mask"):
                command = [sys.executable, __file__, str(rows), "--step", step, "--folder", folder]
                command += ["--partition-rows", str(args.partition_rows)]
                subprocess.run([*command, "--processes", str(args.processes)], env=env, check=True)


if __name__ == "__main__":
    main()
