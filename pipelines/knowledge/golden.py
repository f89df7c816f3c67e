"""golden.jsonl: questions that no stage may train on, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipelines.knowledge.brand import Brand, load_brand
from pipelines.knowledge.facts import facts_found
from pipelines.knowledge.faq import STATUSES
from pipelines.knowledge.reading import Fault, Record, parse_lines, read_text, refusal
from pipelines.knowledge.taxonomy import load_taxonomy


class Message(Record):
    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


class GoldenQuestion(Record):
    golden_id: str = Field(pattern=r"^[a-z0-9_]+\.(zh|en)$")
    source: str = Field(min_length=1)  # the FAQ entry, the rule or the reason to hand over it rests on
    language: Literal["zh", "en"]
    intent: str
    context: dict[str, str]
    history: list[Message]  # what was said before: user and assistant in turn
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    key_facts: list[list[str]]  # each fact: accepted surface forms; none where a person must answer
    hand_over: bool


def load_golden(folder: Path) -> list[GoldenQuestion]:
    """The questions of golden.jsonl in `folder`, in the order of the file; an empty file holds none.

    One KefuError lists every fault with its line: a line that cannot be read, a missing field, an intent that
    taxonomy.yaml lacks, a key fact that the answer does not state, an answer that hands over where it should
    not or the reverse, a history out of turn, an id or question that stands twice.
    """
    path = folder / "golden.jsonl"
    faults: list[Fault] = []
    questions = dict(parse_lines(GoldenQuestion, read_text(path), faults))
    intents, brand = load_taxonomy(folder).names, load_brand(folder)
    for line, one in questions.items():
        faults += [(line, f"{one.golden_id}: {what}") for what in _faults(one, intents, brand)]
    faults += _repeated(questions)
    if faults:
        raise refusal(path, faults)
    return list(questions.values())


def _faults(one: GoldenQuestion, intents: frozenset[str], brand: Brand) -> Iterator[str]:
    if not one.golden_id.endswith(f".{one.language}"):
        yield "golden_id does not end with its language"
    if one.intent not in intents:
        yield f"the intent {one.intent!r} is not in taxonomy.yaml"
    status = one.context.get("order_status")
    if status and status not in STATUSES:
        yield f"order_status {status!r} is not one of {', '.join(STATUSES)}"
    for forms in one.key_facts:
        if not facts_found(one.answer, [forms]):
            yield f"the answer does not state the key fact {' | '.join(forms[:3])!r}"
    if brand.hands_over(one.answer) != one.hand_over:
        yield f"hand_over is {str(one.hand_over).lower()}, and the answer says otherwise (brand.yaml)"
    if not one.hand_over and not one.key_facts:
        yield "no key fact to judge an answer by"
    if [message.role for message in one.history] != ["user", "assistant"] * (len(one.history) // 2):
        yield "the history is not user and assistant in turn"


def _repeated(questions: dict[int, GoldenQuestion]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for line, one in questions.items():
        for what, key in (("the id", one.golden_id), ("the question", one.question)):
            first = seen.setdefault((what, key), line)
            if first != line:
                yield line, f"{one.golden_id}: {what} stands twice (first on line {first})"
