"""intent_reviews.csv: what a steward decided of questions that curate was not sure of. It may be absent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.knowledge.reading import Fault, read_text, refusal
from pipelines.knowledge.taxonomy import load_taxonomy

FILE = "intent_reviews.csv"
NEEDED = ("question", "language", "decision")
DROP = "drop"  # nothing is to be learned from this question


class Review(NamedTuple):
    question: str
    language: str  # zh | en
    decision: str  # an intent of the taxonomy, or DROP


def load_reviews(folder: Path) -> list[Review]:
    """The decided rows of intent_reviews.csv in `folder`, in the order of the file; [] if there is none.

    Columns besides question, language and decision are not read; a row without a decision is not decided.
    Commas, semicolons or tabs part the cells. One KefuError lists every fault with its line.
    """
    path = folder / FILE
    if not path.exists():
        return []
    faults: list[Fault] = []
    intents = load_taxonomy(folder).names
    reviews: dict[int, Review] = {}
    for line, row in _rows(read_text(path), faults):
        review = Review(*(row[name].strip() for name in NEEDED))
        found = list(_review_faults(review, intents)) if review.decision else []
        faults += [(line, what) for what in found]
        if review.decision and not found:
            reviews[line] = review
    faults += _contradictions(reviews)
    if faults:
        raise refusal(path, faults)
    return list(reviews.values())


def _rows(text: str, faults: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line on which the row ends, cells by column)."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if missing := [name for name in NEEDED if name not in names]:
            faults.append((1, f"columns are missing: {', '.join(missing)}"))
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                faults.append((reader.line_num, f"{len(cells)} cells under {len(names)} columns"))
            else:
                padded = [*cells, *[""] * (len(names) - len(cells))]
                yield reader.line_num, dict(zip(names, padded, strict=True))
    except csv.Error as error:
        faults.append((reader.line_num, f"not readable as CSV ({error})"))


def _review_faults(review: Review, intents: frozenset[str]) -> Iterator[str]:
    if not review.question:
        yield "the question is empty"
    if review.language not in ("zh", "en"):
        yield f"the language {review.language!r} is not zh or en"
    if review.decision not in intents | {DROP}:
        yield f"the decision {review.decision!r} is neither an intent of taxonomy.yaml nor {DROP!r}"


def _contradictions(reviews: dict[int, Review]) -> Iterator[Fault]:
    first: dict[tuple[str, str], int] = {}
    for line, review in reviews.items():
        before = first.setdefault((review.language, review.question), line)
        if reviews[before].decision != review.decision:
            yield line, f"another decision stands on line {before} for the same question"
