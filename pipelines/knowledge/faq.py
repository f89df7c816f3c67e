"""faq.jsonl: an entry a line, with its wordings, its answer, and the facts a right answer must state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipelines.knowledge.facts import facts_found
from pipelines.knowledge.reading import Fault, Record, parse_lines, read_text, refusal
from pipelines.knowledge.taxonomy import load_taxonomy

STATUSES = ("unpaid", "paid", "shipped", "signed", "refunding")


class FaqEntry(Record):
    faq_id: str = Field(pattern=r"^[a-z0-9_]+\.(zh|en)$")
    link_id: str = Field(min_length=1)  # the same in every language
    language: Literal["zh", "en"]
    intent: str
    context: dict[str, str]
    questions: list[str] = Field(min_length=1)
    answer: str = Field(min_length=1)
    key_facts: list[list[str]] = Field(min_length=1)  # each fact: accepted surface forms


def load_faq(folder: Path) -> list[FaqEntry]:
    """The entries of faq.jsonl in `folder`, in the order of the file.

    One KefuError lists every fault with its line: a line that cannot be read, a missing field, an intent that
    taxonomy.yaml lacks, a key fact that its own answer does not state, an id or wording that stands twice.
    """
    path = folder / "faq.jsonl"
    faults: list[Fault] = []
    entries = dict(parse_lines(FaqEntry, read_text(path), faults))
    intents = load_taxonomy(folder).names
    for line, entry in entries.items():
        faults += [(line, f"{entry.faq_id}: {what}") for what in _entry_faults(entry, intents)]
    faults += _repeated(entries)
    if not entries and not faults:
        faults.append((1, "no entry at all"))
    if faults:
        raise refusal(path, faults)
    return list(entries.values())


def _entry_faults(entry: FaqEntry, intents: frozenset[str]) -> Iterator[str]:
    if entry.faq_id != f"{entry.link_id}.{entry.language}":
        yield "faq_id is not link_id.language"
    if entry.intent not in intents:
        yield f"the intent {entry.intent!r} is not in taxonomy.yaml"
    status = entry.context.get("order_status")
    if status and status not in STATUSES:
        yield f"order_status {status!r} is not one of {', '.join(STATUSES)}"
    for forms in entry.key_facts:
        if not facts_found(entry.answer, [forms]):
            yield f"the answer does not state the key fact {' | '.join(forms[:3])!r}"
    if not all(question.strip() for question in entry.questions):
        yield "a wording is empty"


def _repeated(entries: dict[int, FaqEntry]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for line, entry in entries.items():
        wordings = [(entry.language, question) for question in entry.questions]
        for key in [("id", entry.faq_id), *wordings]:
            if key in seen:
                what = "the id" if key[0] == "id" else "a wording"
                yield line, f"{entry.faq_id}: {what} stands twice (first on line {seen[key]})"
            seen.setdefault(key, line)
