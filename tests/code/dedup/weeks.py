"""Weeks of masked conversations, and what the stage makes of them."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.dedup.stage import run as dedup
from pipelines.records import CONVERSATIONS
from pipelines.stage import StageRun

START = datetime(2026, 9, 7, tzinfo=UTC)
QUESTION, ANSWER = "我昨天下的订单什么时候可以发货呢", "您好,付款后48小时内发货,请您放心"


def conversation(number, question=QUESTION, answer=ANSWER, days=0, **fields):
    at = START + timedelta(days=days)
    messages = [
        {"role": "system", "content": f"客服{number}已接入", "sent_at": at},
        {"role": "customer", "content": question, "sent_at": at},
        {"role": "agent", "content": answer, "sent_at": at},
    ]
    return {
        "conversation_id": f"c{number:03}",
        "customer_ref": "",
        "channel": "app",
        "language": "zh",
        "started_at": at,
        "messages": messages,
        "intent": None,
        "resolved": None,
        "satisfaction": None,
        "source_file": "shop.jsonl",
        "source_row": number,
    } | fields


def outcome(root, params, weeks):
    """What the stage writes and counts for these partitions, a list or by name."""
    folder = root / "data/masked"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    named = weeks if isinstance(weeks, dict) else {f"w{number}": rows for number, rows in enumerate(weeks)}
    for name, rows in named.items():
        pq.write_table(pa.Table.from_pylist(rows, CONVERSATIONS), folder / f"{name}.parquet")
    run = StageRun("dedup", params, root)
    dedup(params, run)
    return run


def kept(run):
    return {row["conversation_id"]: row for row in run.tables["conversations"].to_pylist()}
