"""All that curate makes of one conversation alone: a function of its row, remembered from run to run.

What depends on other conversations (repeats, how often a question was asked) is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.curate.corpus import dialogue_rows
from pipelines.curate.emotion import emotion_of, soothed
from pipelines.curate.entities import EntityFinder
from pipelines.curate.examples import log_examples
from pipelines.curate.judge import House, Verdict, judge_all
from pipelines.curate.turns import Turn, turns_of
from pipelines.fingerprint import fingerprint_code
from pipelines.knowledge.reading import fingerprint_knowledge
from pipelines.memo import Memo, row_key
from pipelines.packages import deciding
from pipelines.progress import Progress

BATCH = 2048  # conversations judged at a time
ROOM = Path(__file__).parent
PIPELINES = ROOM.parent
READ = (  # of DEDUPED, what the result depends on
    "conversation_id",
    "customer_ref",
    "language",
    "intent",
    "resolved",
    "satisfaction",
)
NOT_KEPT = ("started_at", "times")  # of a turn: known from the row

Row = dict[str, Any]


@dataclass(frozen=True)
class Curated:
    """Of one conversation; `soothing` are the answers that were soothed, "" where none was, by turn."""

    turns: list[Turn]
    verdicts: list[Verdict]
    soothing: list[str]
    examples: list[Row]
    corpus: list[Row]


def memo_of(knowledge: Path, house: House) -> Memo:
    """What was curated under the same knowledge, parameters and code."""
    code = fingerprint_code(
        ROOM,
        *sorted(ROOM.glob("*.yaml")),
        PIPELINES / "knowledge",
        PIPELINES / "dedup/normalise.py",
        PIPELINES / "mask/labels.py",
        PIPELINES / "records.py",
    )
    limits = house.limits.model_dump(mode="json", exclude={"review_rows"})
    return Memo("curate", fingerprint_knowledge(knowledge), limits, code, deciding("curate"))


def curated(
    conversations: pa.Table, house: House, finder: EntityFinder, memo: Memo, progress: Progress
) -> list[Curated]:
    """Of each row of DEDUPED; those that are not remembered are judged in batches."""
    rows = _rows(conversations)
    keys = [row_key(row) for row in rows]

    def work(missing: list[int]) -> Iterator[Row]:
        progress.add(len(rows) - len(missing))
        for start in range(0, len(missing), BATCH):
            yield from _judged([rows[i] for i in missing[start : start + BATCH]], house, finder, progress)

    found = memo.map(keys, work)
    progress.add(len(rows) - progress.done)
    about = conversations.select(["started_at", "cluster_size"]).to_pylist()
    return [_curated(result, more) for result, more in zip(found, about, strict=True)]


def _rows(table: pa.Table) -> list[Row]:
    """What of each conversation is read; a message is [role, content]."""
    rows: list[Row] = table.select(READ).to_pylist()
    messages = table.column("messages").combine_chunks()
    flat = messages.flatten()
    said = list(zip(flat.field("role").to_pylist(), flat.field("content").to_pylist(), strict=True))
    start = 0
    for row, count in zip(rows, messages.value_lengths().to_pylist(), strict=True):
        row["messages"] = said[start : start + (count or 0)]
        start += count or 0
    return rows


def _judged(rows: Sequence[Row], house: House, finder: EntityFinder, progress: Progress) -> Iterator[Row]:
    held = [turns_of(_as_conversation(row)) for row in rows]
    verdicts = iter(judge_all([turn for turns in held for turn in turns], house))
    for turns in held:
        yield _result(turns, list(islice(verdicts, len(turns))), house, finder)
        progress.add()


def _as_conversation(row: Row) -> Row:
    messages = [{"role": role, "content": content} for role, content in row["messages"]]
    return row | {"messages": messages, "started_at": None, "cluster_size": 1}


def _result(turns: Sequence[Turn], verdicts: Sequence[Verdict], house: House, finder: EntityFinder) -> Row:
    brand = house.brand
    return {
        "turns": [{n: v for n, v in asdict(turn).items() if n not in NOT_KEPT} for turn in turns],
        "verdicts": [asdict(verdict) for verdict in verdicts],
        "soothing": [_soothing(turn, verdict, house) for turn, verdict in zip(turns, verdicts, strict=True)],
        "examples": list(log_examples(turns, verdicts, brand, finder, house.limits.history_tokens)),
        "corpus": list(dialogue_rows(turns, verdicts)),
    }


def _soothing(turn: Turn, verdict: Verdict, house: House) -> str:
    if verdict.kind == "dropped":
        return ""
    answer = soothed(verdict.answer, emotion_of(turn.question), turn.language, house.brand)
    return answer if answer != verdict.answer else ""


def _curated(result: Row, about: Row) -> Curated:
    turns = [
        Turn(**turn, started_at=about["started_at"], times=about["cluster_size"]) for turn in result["turns"]
    ]
    verdicts = [_verdict(verdict) for verdict in result["verdicts"]]
    return Curated(turns, verdicts, result["soothing"], result["examples"], result["corpus"])


def _verdict(held: Row) -> Verdict:
    facts = tuple(map(tuple, held["key_facts"]))
    candidates = held["candidates"]
    likely = None if candidates is None else tuple((intent, share) for intent, share in candidates)
    return Verdict(**held | {"key_facts": facts, "candidates": likely})
