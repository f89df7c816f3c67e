"""What is trainable and gives away something held out: by descent, as a near-duplicate, or in a long quote.

The one place that says so: split drops what it finds, synthesize refuses to go on if anything is left. Only
questions are held out. Answers are not compared: one answer serves many questions, and a test asks whether
it is found again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from pipelines.dedup.banding import banding
from pipelines.dedup.near import near_matches
from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.params import Params

Row = dict[str, Any]  # a row of EXAMPLES or CORPUS
MIN_CHARS = 8  # a shorter question stands in many a dialogue by chance
RUN_SHARE = 0.8  # of a held-out question that a quote must cover
BATCH_LINES = 200_000
SHOWN = 10
SPEAKER = re.compile(r"^(?:客：|服：|Customer: |Agent: )", re.MULTILINE)  # as curate/corpus.py writes them


@dataclass(frozen=True)
class Text:
    """One trainable row, with all that may connect it to something held out."""

    name: str
    own: frozenset[str]  # its group and its own id
    parents: frozenset[str]
    lines: tuple[str, ...]  # normalised; each is compared as a whole
    whole: str  # normalised; looked through for quotes


@dataclass(frozen=True)
class Leak:
    """Text `row` gives away the held-out example `against`."""

    row: int
    kind: str  # group | duplicate | quote
    against: str


def question(row: Row) -> str:
    """The last message of the user, as it was typed; "" if there is none."""
    return next((m["content"] or "" for m in reversed(row["messages"] or []) if m["role"] == "user"), "")


def said(row: Row) -> list[str]:
    """All messages of the user, in order."""
    return [m["content"] or "" for m in row["messages"] or [] if m["role"] == "user"]


def of_example(row: Row) -> Text:
    """The question, whatever its length, and the longer of the questions before it."""
    lines = [normalise(message) for message in said(row)]
    earlier = [line for line in lines[:-1] if len(line) >= MIN_CHARS]
    return Text(
        name=row["example_id"],
        own=frozenset((row["group_id"], row["example_id"])),
        parents=frozenset(row["parent_ids"] or ()),
        lines=(*lines[-1:], *earlier),
        whole="".join(lines),
    )


def of_document(row: Row) -> Text:
    """A dialogue's longer lines; policies and products are only looked through for quotes."""
    text = row["text"] or ""
    lines = map(normalise, SPEAKER.split(text) if row["origin"] == "dialogue" else ())
    return Text(
        name=row["doc_id"],
        own=frozenset((row["group_id"], row["doc_id"])),
        parents=frozenset(),
        lines=tuple(line for line in lines if len(line) >= MIN_CHARS),
        whole=normalise(text),
    )


def find_leaks(texts: Sequence[Text], held: Sequence[Row], params: Params) -> list[Leak]:
    """At most one leak a text, the plainest kind first, in the order of the texts."""
    questions = [normalise(question(row)) for row in held]
    found: dict[int, Leak] = {}

    def add(kind: str, connect: Callable[[Sequence[Text]], Mapping[int, int]]) -> None:
        left = [number for number in range(len(texts)) if number not in found]
        for place, other in connect([texts[number] for number in left]).items():
            found[left[place]] = Leak(left[place], kind, held[other]["example_id"])

    add("group", lambda left: _descent(left, held))
    add("duplicate", lambda left: _duplicates(left, questions, params))
    add("quote", lambda left: _quotes(left, questions, params.split.contamination_ngram))
    return [found[number] for number in sorted(found)]


def leaking(asked: Iterable[str], held: Sequence[Row], params: Params) -> dict[str, str]:
    """Those of the questions that repeat or quote a held-out one, and the id of that one."""
    listed = sorted(set(asked))
    texts = [Text("", frozenset(), frozenset(), (plain,), plain) for plain in map(normalise, listed)]
    return {listed[leak.row]: leak.against for leak in find_leaks(texts, held, params)}


def refuse_leaks(rows: Sequence[Row], corpus: Sequence[Row], held: Sequence[Row], params: Params) -> None:
    """One KefuError that names the rows, if what is trainable gives away what is held out."""
    texts = [*map(of_example, rows), *map(of_document, corpus)]
    leaks = find_leaks(texts, held, params)
    if leaks:
        listed = [f"  - {texts[leak.row].name}: {leak.kind} of {leak.against}" for leak in leaks[:SHOWN]]
        more = [f"  - and {len(leaks) - SHOWN} more"] * (len(leaks) > SHOWN)
        raise KefuError(
            f"{len(leaks)} trainable row(s) give away what is held out\n" + "\n".join(listed + more),
            "data/split",
            "run the stage split again (`dvc repro -f -s split`); its tables were changed or are out of step",
        )


def sharing(questions: Sequence[str], ngram: int) -> Callable[[str], int | None]:
    """A function of a text: the first question of which it holds a long run, or None.

    Long is `ngram` characters and four fifths of the question, or a shorter question whole.
    """
    heads: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, text in enumerate(questions):
        needed = max(min(ngram, len(text)), ceil(RUN_SHARE * len(text)))
        for start in range(len(text) - needed + 1 if len(text) >= MIN_CHARS else 0):
            run = text[start : start + needed]
            heads[run[:MIN_CHARS]].append((run, number))

    def first(text: str) -> int | None:
        for start in range(len(text) - MIN_CHARS + 1):
            for run, number in heads.get(text[start : start + MIN_CHARS], ()):
                if text.startswith(run, start):
                    return number
        return None

    return first


def _descent(texts: Sequence[Text], held: Sequence[Row]) -> dict[int, int]:
    """Rows of a held-out group, rows made from a held-out one, and rows that one was made from."""
    own = {row[name]: number for number, row in enumerate(held) for name in ("group_id", "example_id")}
    parents = {parent: number for number, row in enumerate(held) for parent in row["parent_ids"] or ()}
    found = {}
    for place, text in enumerate(texts):
        others = [own[name] for name in text.own | text.parents if name in own]
        others += [parents[name] for name in text.own if name in parents]
        if others:
            found[place] = min(others)
    return found


def _duplicates(texts: Sequence[Text], questions: Sequence[str], params: Params) -> dict[int, int]:
    """By exact Jaccard similarity of the character n-grams."""
    lines = sorted({line for text in texts for line in text.lines})
    near: dict[str, int] = {}
    bands, per_band = banding(params.split.near_duplicate)
    for start in range(0, len(lines), BATCH_LINES):
        batch = lines[start : start + BATCH_LINES]
        matches = near_matches(
            batch, questions, params.dedup.ngram, params.split.near_duplicate, bands, per_band
        )
        near |= {batch[i]: j for i, j in matches.items()}
    matched = ((place, next((near[x] for x in t.lines if x in near), None)) for place, t in enumerate(texts))
    return {place: other for place, other in matched if other is not None}


def _quotes(texts: Sequence[Text], questions: Sequence[str], ngram: int) -> dict[int, int]:
    shares = sharing(questions, ngram)
    quoted = ((place, shares(text.whole)) for place, text in enumerate(texts))
    return {place: other for place, other in quoted if other is not None}
