"""Labelled texts that the reader is trained on: the development sets, the generated logs, the FAQ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.pii_sets import Span, Talk, read_generated, read_marked, unmark
from pipelines.mask.labels import LABELS
from pipelines.mask.language import language_of

ROOT = Path(__file__).resolve().parents[2]
NOTHING = "NONE"  # marks what looks like a value and is nobody's: others take its place, and it has no tag
_MARKER = re.compile(rf"\[\[({'|'.join((*LABELS, NOTHING))}):(.*?)\]\]", re.DOTALL)


class Example(NamedTuple):
    text: str
    spans: tuple[Span, ...]


def of_sets(language: str, left_out: Sequence[str] = ()) -> list[Example]:
    """The turns of bench/pii/`language`.dev*.jsonl, without the sets left out."""
    files = sorted((ROOT / "bench/pii").glob(f"{language}.dev*.jsonl"))
    talks = [talk for file in files if file.stem not in left_out for talk in read_marked(file)]
    return [example for example in _turns(talks) if suits(example.text, language)]


def of_written(language: str) -> list[Example]:
    """written.`language`.txt: a turn a line (\\n within it), marked, of what the sets hold too little of."""
    lines = (Path(__file__).parent / f"written.{language}.txt").read_text(encoding="utf-8").splitlines()
    turns = [unmark(line.replace("\\n", "\n"), _MARKER) for line in lines]
    return [Example(text, tuple(spans)) for text, spans in turns]


def of_templates(language: str) -> list[Example]:
    """The generated logs and the FAQ's questions and answers, each distinct text once."""
    generated = _turns(read_generated(ROOT / "data/raw", ROOT / "data/raw_spans"))
    rows = map(json.loads, (ROOT / "data/knowledge/faq.jsonl").open(encoding="utf-8"))
    asked = [Example(text, ()) for row in rows for text in row["questions"]]
    return [e for e in dict.fromkeys([*generated, *asked]) if suits(e.text, language)]


def joined(one: Example, sign: str, other: Example) -> Example:
    """Both as one text with `sign` between them."""
    shift = len(one.text) + len(sign)
    moved = ((start + shift, end + shift, kind) for start, end, kind in other.spans)
    return Example(f"{one.text}{sign}{other.text}", (*one.spans, *moved))


def suits(text: str, language: str) -> bool:
    """Whether the reader of `language` reads `text`."""
    return bool(text.strip()) and (language_of(text) == "en") == (language == "en")


def _turns(talks: Iterable[Talk]) -> list[Example]:
    return [
        Example(text, tuple(sorted(spans)))
        for talk in talks
        for (_, text), spans in zip(talk.turns, talk.spans, strict=True)
    ]
