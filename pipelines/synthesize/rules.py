"""Rule paraphrases of the training rows: a function of one row, so remembered from run to run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from pipelines.fingerprint import fingerprint_code
from pipelines.knowledge import Product
from pipelines.mask import detect, labels, normalise, policy
from pipelines.mask.policy import Policy
from pipelines.memo import Memo, row_key
from pipelines.packages import deciding
from pipelines.split.leaks import question
from pipelines.synthesize.candidates import Candidate, Judged, judge
from pipelines.synthesize.paraphrase import paraphrases
from pipelines.synthesize.slots import Source

ROOM = Path(__file__).parent
LOOKED_AT = (detect, labels, normalise, policy)
TIME_LIMIT = re.compile(  # an answer with one would be another for who ordered long ago
    r"\d\s*(?:个?工作日|天|日|小时|个?月|年|周|分钟)|(?:hour|day|week|month|year|minute)s?(?![a-z])"
    r"|[一二三四五六七八九十两]+(?:天|日|个月|年|周|小时)",
    re.IGNORECASE,
)
GOODS_MATTER = ("product/", "return/policy", "exchange/quality", "exchange/policy", "logistics/cross_border")

Row = dict[str, Any]


def memo_of(products: Sequence[Product], seed: int, heeded: Policy) -> Memo:
    """What was made under the same products, seed, list of what is personal, and code."""
    code = fingerprint_code(
        ROOM,
        *sorted(ROOM.glob("*.yaml")),
        *(ROOM.parent / place for place in ("curate/language.py", "dedup/normalise.py", "memo.py")),
        *(Path(module.__file__ or "") for module in LOOKED_AT),
    )
    names = [(product.name("zh"), product.name("en")) for product in products]
    return Memo("synthesize", names, seed, heeded.key, code, deciding("synthesize"))


def by_rules(
    rows: Sequence[Row], products: Sequence[Product], seed: int, heeded: Policy, memo: Memo
) -> list[Candidate]:
    """Candidates of all rows, judged as far as that depends on the row alone.

    They are drawn by the seed and the row's id alone.
    """
    sources = [_source(row, products) for row in rows]

    def work(missing: list[int]) -> Iterator[list[tuple[str, str | None, float]]]:
        for number in missing:
            source = sources[number]
            texts = paraphrases(source, Random(f"{seed}:{rows[number]['example_id']}"))
            yield [(text, *judge(text, source.question, source.language, heeded)) for text in texts]

    about = [(row["example_id"], vars(source)) for row, source in zip(rows, sources, strict=True)]
    found = memo.map([row_key(one) for one in about], work)
    return [
        Candidate(row, text, Judged(fault, likeness))
        for row, made in zip(rows, found, strict=True)
        for text, fault, likeness in made
    ]


def _source(row: Row, products: Sequence[Product]) -> Source:
    named = [] if row["hand_over"] or row["intent"].startswith(GOODS_MATTER) else products
    return Source(
        question=question(row),
        language=row["language"],
        status=str(json.loads(row["context"] or "{}").get("order_status", "")),
        days=not row["hand_over"] and not TIME_LIMIT.search(row["messages"][-1]["content"]),
        names_topic=row["origin"] == "faq" and row["intent"] != "service/contact",
        products=[product.name(row["language"]) for product in named],
    )
