"""The labelled sets that bench/pii.py measures on: conversations with the true spans of each turn."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import KefuError
from pipelines.mask.labels import LABELS
from pipelines.mask.language import is_chinese

Span = tuple[int, int, str]  # [start, end) in characters, type
MARKER = re.compile(rf"\[\[({'|'.join(LABELS)}):(.*?)\]\]", re.DOTALL)

SIX = {  # MultiDoGO slot: type; the kinds whose recall is asked for (the set labels no cards)
    "name": "PERSON",
    "username": "PERSON",
    "email_address": "EMAIL",
    "phone_number": "PHONE",
    "phonenumber": "PHONE",
    "address": "ADDRESS",
    "account_number": "BANK_ACCOUNT",
    "account_id": "BANK_ACCOUNT",
}
OTHERS = {
    "ssn": "SSN",
    "current_zipcode": "ZIP",
    "new_zipcode": "ZIP",
    "password": "PASSWORD",
    "booking_confirmation_number": "ORDER_NUMBER",
    "order_number": "ORDER_NUMBER",
}
SLOTS = SIX | OTHERS


class Talk(NamedTuple):
    """One conversation; `spans` and `languages` have an entry for each turn."""

    id: str
    turns: list[tuple[str, str]]
    spans: list[list[Span]]
    languages: list[str]
    plain: list[bool]  # whether the turn holds nothing that anyone labelled


def unmark(text: str, marker: re.Pattern[str] = MARKER) -> tuple[str, list[Span]]:
    """The text without its `[[TYPE:value]]` markers, and where the values stand in it."""
    parts, spans, at, length = [], [], 0, 0
    for match in marker.finditer(text):
        before = text[at : match.start()]
        start = length + len(before)
        length = start + len(match[2])
        spans.append((start, length, match[1]))
        parts += [before, match[2]]
        at = match.end()
    return "".join([*parts, text[at:]]), spans


def read_marked(path: Path) -> list[Talk]:
    """A set of rows {"id", "language", "turns": [[role, marked text]]}; KefuError names the bad lines."""
    talks, faults = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            unmarked = [(str(role), *unmark(text)) for role, text in row["turns"]]
            language = row["language"]
        except (ValueError, KeyError, TypeError):
            faults.append(f"line {number}: no id, language and turns of [role, text]")
            continue
        faults += [f"line {number}: a marker of no known type" for _, text, _ in unmarked if "[[" in text]
        spans = [spans for _, _, spans in unmarked]
        turns = [(role, text) for role, text, _ in unmarked]
        languages = [language] * len(turns)
        talks.append(Talk(str(row.get("id", number)), turns, spans, languages, [not s for s in spans]))
    if faults:
        raise KefuError("; ".join(faults[:10]), str(path), f"types are {', '.join(LABELS)}")
    return talks


def read_generated(raw: Path, truth: Path) -> list[Talk]:
    """The sample logs with what their generator put in."""
    turns: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(raw):
        turns[row["conversation_id"]].append((row["role"], row["text"]))
    spans: dict[tuple[str, int], list[Span]] = defaultdict(list)
    for row in _rows(truth):
        spans[row["conversation_id"], row["turn"]].append((row["start"], row["end"], row["type"]))
    return [_generated(name, rows, spans) for name, rows in turns.items()]


def _generated(name: str, turns: list[tuple[str, str]], spans: Mapping[tuple[str, int], list[Span]]) -> Talk:
    own = [spans.get((name, turn), []) for turn in range(len(turns))]
    languages = ["zh" if is_chinese(text) else "en" for _, text in turns]
    return Talk(name, turns, own, languages, [not s for s in own])


def _rows(folder: Path) -> Iterator[dict]:
    for file in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, file.open(encoding="utf-8"))


def read_multidogo(folder: Path, splits: Sequence[str]) -> tuple[list[Talk], int]:
    """(Customer turns of MultiDoGO by conversation, rows left out: other than one label a word)."""
    rows: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    left_out = 0
    for file in sorted(file for split in splits for file in folder.glob(f"*/{split}.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split("\t")
            text, labels = (cells[3], cells[4].split()) if len(cells) == 6 else ("", [""])
            if len(text.split()) == len(labels):
                rows[f"{file.parent.name} {cells[0]}"].append((text, labels))
            else:
                left_out += 1
    return [_slotted(name, turns) for name, turns in rows.items()], left_out


def _slotted(name: str, rows: list[tuple[str, list[str]]]) -> Talk:
    turns = [("customer", text) for text, _ in rows]
    spans = [slot_spans(text, labels) for text, labels in rows]
    return Talk(name, turns, spans, ["en"] * len(rows), [set(labels) <= {"O"} for _, labels in rows])


def slot_spans(text: str, labels: Iterable[str]) -> list[Span]:
    """Neighbouring words of one personal slot as one span."""
    spans: list[Span] = []
    last = ""
    for word, label in zip(re.finditer(r"\S+", text), labels, strict=True):
        kind = SLOTS.get(label)
        if kind == "PERSON" and label == "username" and re.search(r"\d", word.group()):
            kind = "USERNAME"
        if kind and label == last:
            spans[-1] = (spans[-1][0], word.end(), spans[-1][2])
        elif kind:
            spans.append((word.start(), word.end(), kind))
        last = label
    return spans
