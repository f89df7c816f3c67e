"""`python -m pipelines evaluate --model MODEL --data FILE`: any version on any file of `messages`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator

from pipelines.errors import KefuError
from pipelines.evaluate.ask import ask
from pipelines.evaluate.figures import figures, slices
from pipelines.evaluate.judge import Judge
from pipelines.evaluate.questions import Question
from pipelines.evaluate.registered import contender
from pipelines.evaluate.summary import table
from pipelines.home import ROOT
from pipelines.ingest.language import detect
from pipelines.knowledge.reading import SHOWN_FAULTS, Fault, Record, parse_lines, read_text
from pipelines.knowledge.suites import Suite
from pipelines.mask.detect import find_simple
from pipelines.mask.pii_file import load_policy
from pipelines.params import Params

SLICED_BY = ("language", "turn", "channel", "emotion")
KEPT = ("answer", "facts_found", "facts_total", "hand_over_expected", "hand_over_given", "predicted_intent")
KEPT_TOO = ("forbidden", "pii", "chrf", "rouge_l", "chars", "in_style", "passed", "failed", "latency_s")
Row = dict[str, Any]


class Message(Record):
    role: Literal["system", "user", "assistant"]
    content: str


class Line(Record):
    """A row of the file; other fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    messages: list[Message] = Field(min_length=1)
    key_facts: list[list[str]] = Field(default_factory=list)
    hand_over: bool | None = None
    intent: str | None = None
    language: Literal["zh", "en", "mixed"] | None = None
    channel: str | None = None
    emotion: str | None = None

    @field_validator("messages")
    @classmethod
    def _asks(cls, messages: list[Message]) -> list[Message]:
        turns = [message.role for message in messages if message.role != "system"]
        if turns != (["user", "assistant"] * len(turns))[: len(turns)] or not turns:
            raise ValueError("after the system's, user and assistant must speak in turn, the user first")
        return messages


def evaluate_file(params: Params, model: str, data: Path, out: Path, root: Path = ROOT) -> Row:
    """Asks `model` every question of `data`, prints a table, writes and returns the figures.

    A row whose last message is the assistant's is judged against it; without key_facts, hand_over or intent
    these are read off it. One that ends with the user's is only looked through for forbidden words and
    personal data. `out` holds answers by line and none of the file's text. A KefuError lists all faulty lines
    and all that hold personal data: what is not masked is not evaluated.
    """
    knowledge = root / params.knowledge
    judge = Judge.of(knowledge, load_policy(knowledge, params.mask))
    lines = _read(data, judge)
    asked = contender(model, params, judge.policy)
    questions = [_question(number, line, judge) for number, line in lines.items()]
    rows, extra = ask(asked, questions, judge, params.evaluate)
    found = {
        "model": model,
        "model_key": asked.key,
        "data": {"file": data.name, "sha256": hashlib.sha256(data.read_bytes()).hexdigest()},
        "settings": params.evaluate.model_dump(),
        "models": {"candidate": {**figures(rows), **extra}},
        "suites": {},
        "slices": slices({"candidate": rows}, params.evaluate.seed, SLICED_BY),
        "answers": [
            {"line": number, **{name: row.get(name) for name in (*KEPT, *KEPT_TOO)}}
            for number, row in zip(lines, rows, strict=True)
        ],
    }
    print("\n".join(table(found)), flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f"{out.name}.partial")
    partial.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.rename(out)
    print(f"evaluate: {len(rows):,} answers in {out}", flush=True)
    return found


def _read(data: Path, judge: Judge) -> dict[int, Line]:
    if not data.is_file():
        raise KefuError("there is no such file", str(data), "give --data a JSON Lines file of `messages`")
    faults: list[Fault] = []
    lines = dict(parse_lines(Line, read_text(data), faults))
    for number, line in lines.items():
        types = {found for message in line.messages for found in find_simple(message.content, judge.policy)}
        if types:
            faults.append((number, f"holds personal data ({', '.join(sorted(types))}); mask it first"))
    if not lines and not faults:
        faults.append((1, "no row at all"))
    if faults:
        listed = [f"  - line {number}: {what}" for number, what in sorted(faults)[:SHOWN_FAULTS]]
        more = [f"  - and {len(faults) - SHOWN_FAULTS} more"] * (len(faults) > SHOWN_FAULTS)
        raise KefuError(
            f"{len(faults)} fault(s) in the file\n" + "\n".join(listed + more), str(data), "mend the lines"
        )
    return lines


def _question(number: int, line: Line, judge: Judge) -> Question:
    messages = [message.model_dump() for message in line.messages]
    answered = messages[-1]["role"] == "assistant"
    reference = messages[-1]["content"] if answered else ""
    language = line.language or detect([m["content"] for m in messages if m["role"] != "system"])
    handed_over = judge.brand.hands_over(reference) if line.hand_over is None else line.hand_over
    example = {
        "example_id": f"line/{number}",
        "origin": "file",
        "intent": line.intent or judge.nearest.predict(reference, language),
        "language": language,
        "hand_over": handed_over,
        "key_facts": line.key_facts,
        "messages": messages if answered else [*messages, {"role": "assistant", "content": ""}],
        "channel": line.channel,
        "emotion": line.emotion,
    }
    suite = {"suite": "file", "version": 1, "what": "a file of messages", "passes": ["right"]}
    return Question(example, Suite.model_validate({**suite, "plain": not answered}))
