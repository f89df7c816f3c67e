"""A model as judge behind an OpenAI-compatible endpoint: a score beside the rules, never in place of them.

What was asked and what it said is kept under a key of prompt and model, so that nothing is paid for twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.evaluate.store import Store, digest
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.params.sections import ModelJudge as Section
from pipelines.synthesize.request import complete

PROMPT = (Path(__file__).parent / "judge_prompt.txt").read_text(encoding="utf-8")
SCORE = re.compile(r"(?<![0-9.])([1-5])(?![0-9.])")
WHERE = "evaluate.judge"
BACKOFF_S = 1.0
Row = dict[str, Any]


class ModelJudge:
    """Scores from 1 to 5. What holds personal data is withheld; what has no score is unreadable."""

    def __init__(self, section: Section, policy: Policy = DEFAULT, backoff_s: float = BACKOFF_S) -> None:
        self.section, self.policy, self.backoff_s = section, policy, backoff_s
        self.url = (section.url or "").rstrip("/")
        self.answered_as: set[str] = set()
        self._store = Store(digest([WHERE, section.model, self.url]), {"prompt": PROMPT})

    def scores(self, rows: Sequence[Row]) -> Row:
        """What it thinks of one model, with "model", "answered_as" and "prompt" that say who judged how.

        Of `rows` (SAMPLES) the first max_answers; KefuError as request.complete says.
        """
        asked = [prompt(row) for row in rows[: self.section.max_answers]]
        sent = [one for one in asked if not find_simple(one, self.policy)]
        with ThreadPoolExecutor(self.section.concurrency) as pool:
            said = list(pool.map(self._score, sent))
        scores = [one for one in said if one is not None]
        return {
            "n": len(scores),
            "mean": round(float(np.mean(scores)), 3) if scores else None,
            "distribution": {str(n): scores.count(n) for n in range(1, 6)},
            "withheld": len(asked) - len(sent),
            "unreadable": len(said) - len(scores),
            "model": self.section.model,
            "answered_as": sorted(self.answered_as),
            "prompt": PROMPT,
        }

    def _score(self, asked: str) -> int | None:
        key = digest(asked)
        kept = self._store.get("judge", key)
        if kept is None:
            kept = self._ask(asked)
            self._store.put("judge", key, kept)
        self.answered_as.add(kept["answered_as"])
        score: int | None = kept["score"]
        return score

    def _ask(self, asked: str) -> Row:
        body = {
            "model": self.section.model,
            "messages": [{"role": "user", "content": asked}],
            "temperature": 0,
            "max_tokens": 16,
        }
        reply = complete(self.url, body, self.backoff_s, WHERE)
        found = SCORE.search(reply.text)
        return {"score": int(found.group(1)) if found else None, "answered_as": reply.model}


def prompt(row: Row) -> str:
    """What the judge is asked of a row of SAMPLES."""
    filled = PROMPT
    for name in ("prompt", "reference", "answer"):
        filled = filled.replace(f"{{{name}}}", row[name])
    return filled
