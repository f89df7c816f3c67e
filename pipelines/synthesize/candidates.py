"""Candidates from training rows, and the rows made of those that pass."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pipelines.curate.examples import text_hash
from pipelines.dedup.normalise import normalise
from pipelines.knowledge import Product
from pipelines.mask.labels import PLACEHOLDER
from pipelines.mask.policy import Policy
from pipelines.synthesize.judge import similarity, verdict
from pipelines.synthesize.leaks import question
from pipelines.synthesize.paraphrase import Source, paraphrases

Row = dict[str, Any]
Drop = Callable[[str, str, str], None]  # reason, source's id, candidate
GOODS_MATTER = ("product/", "return/policy", "exchange/quality", "exchange/policy", "logistics/cross_border")


@dataclass(frozen=True)
class Candidate:
    source: Row
    text: str


def fit_for_paraphrase(row: Row) -> bool:
    """FAQ wordings, log questions whose answer is known to be right, and questions outside the taxonomy;
    none that need the turns before them or name masked details."""
    asked_alone = sum(m["role"] == "user" for m in row["messages"]) == 1
    sure = row["origin"] == "faq" or row["key_facts"] or row["hand_over"]
    plain = "\n" not in question(row) and not PLACEHOLDER.search(question(row))
    return bool(asked_alone and sure and plain and row["language"] in ("zh", "en"))


def by_rules(row: Row, products: Sequence[Product], seed: int) -> list[Candidate]:
    """Rule paraphrases of one training row; drawn by the seed and the row's id alone."""
    named = [] if row["hand_over"] or row["intent"].startswith(GOODS_MATTER) else products
    source = Source(
        question=question(row),
        language=row["language"],
        status=_status(row),
        names_topic=row["origin"] == "faq" and row["intent"] != "service/contact",
        products=[product.name(row["language"]) for product in named],
    )
    return [Candidate(row, text) for text in paraphrases(source, Random(f"{seed}:{row['example_id']}"))]


def judged(
    candidates: Iterable[Candidate],
    leaking: Mapping[str, str],
    taken: set[str],
    per_source: int,
    policy: Policy,
    drop: Drop,
) -> list[Row]:
    """The rows of the candidates that pass, at most `per_source` a source: those that differ most from it.

    `leaking` maps a candidate's text to the held-out example that it is near; `taken` are the questions that
    stand already (normalised), and grows by those accepted.
    """
    passed: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        asked, name = question(candidate.source), candidate.source["example_id"]
        reason = verdict(candidate.text, asked, candidate.source["language"], taken, policy)
        reason = reason or ("near_held_out" if candidate.text in leaking else None)
        if reason:
            drop(reason, name, candidate.text)
        else:
            passed[name].append(candidate)
    rows = []
    for held in passed.values():
        fresh = sorted(
            held, key=lambda c: (similarity(normalise(c.text), normalise(question(c.source))), c.text)
        )
        for candidate in fresh[:per_source]:
            if normalise(candidate.text) not in taken:
                taken.add(normalise(candidate.text))
                rows.append(as_row(candidate))
    return rows


def _likeness(candidate: Candidate) -> tuple[float, str]:
    return similarity(normalise(candidate.text), normalise(question(candidate.source))), candidate.text


def as_row(candidate: Candidate) -> Row:
    """The source's example with another question: same answer, same group, the source as its parent."""
    source = candidate.source
    messages = [dict(message) for message in source["messages"]]
    messages[-2] = {"role": "user", "content": candidate.text}
    return {
        **source,
        "example_id": f"{source['example_id']}~{text_hash(candidate.text)}",
        "parent_ids": [source["example_id"]],
        "origin": "paraphrase",
        "messages": messages,
        "asked": 1,
    }


def within_share(rows: Sequence[Row], real: int, share: float) -> tuple[list[Row], list[Row]]:
    """(kept, left out): as many of `rows` as may stand beside `real` rows, intents in turn, by hash of id."""
    most = int(real * share / (1 - share) + 1e-9)
    turn: Counter[str] = Counter()
    ranked = []
    for row in sorted(rows, key=lambda row: text_hash(row["example_id"])):
        ranked.append((turn[row["intent"]], row["intent"], row))
        turn[row["intent"]] += 1
    ordered = [row for *_, row in sorted(ranked, key=lambda item: item[:2])]
    return ordered[:most], ordered[most:]


def _status(row: Row) -> str:
    return str(json.loads(row["context"] or "{}").get("order_status", ""))
