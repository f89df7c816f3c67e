"""Paraphrases by a model behind any OpenAI-compatible endpoint (vLLM, Ollama, llama.cpp, a vendor).

An answer is kept under a key of prompt, model, temperature and seed, so that nothing is asked twice and a
killed run goes on. A budget in tokens and money ends it cleanly: what was answered until then is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Any

from pipelines.fingerprint import digest
from pipelines.home import home
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.params.sections import Endpoint as Section
from pipelines.progress import Progress
from pipelines.synthesize.budget import Budget
from pipelines.synthesize.cache import Answer, Cache
from pipelines.synthesize.request import Reply, complete

PROMPTS = Path(__file__).parent / "prompts"
TOKENS_A_WORDING = 80  # that a model may write
TOKENS_OF_TEMPLATE = 64  # that a server's chat template may add to a prompt
BACKOFF_S = 1.0
LISTED = re.compile(r"^\s*(?:\d+[.)、:：](?!\d)|[-*•])\s*")
SILENT = Answer(())


class Endpoint:
    """One endpoint and model for one run. `counts` says how many questions were asked, from_cache, withheld
    (the second detector found personal data in the prompt) or unanswered (the budget was spent before)."""

    def __init__(
        self, section: Section, seed: int, policy: Policy = DEFAULT, backoff_s: float = BACKOFF_S
    ) -> None:
        self.section, self.seed, self.policy, self.backoff_s = section, seed, policy, backoff_s
        self.url = (section.url or "").rstrip("/")
        self.budget = Budget(
            section.max_tokens,
            section.max_cost,
            section.price_per_1k_input_tokens,
            section.price_per_1k_output_tokens,
        )
        self.counts: Counter[str] = Counter()
        self.models: set[str] = set()
        self._lock, self._failed = Lock(), Event()
        self._cache = Cache(home() / "store" / "paraphrases.sqlite")

    def paraphrase(
        self, questions: Sequence[tuple[str, str]], count: int, progress: Progress | None = None
    ) -> list[Answer]:
        """For each (question, language) what the model said, in the order of `questions`."""

        def one(item: tuple[str, str]) -> Answer:
            how, answer = self._answer(prompt(*item, count), count)
            with self._lock:
                self.counts[how] += 1
                if progress:
                    progress.add()
            return answer

        with ThreadPoolExecutor(self.section.concurrency) as pool:
            return list(pool.map(one, questions))

    def report(self) -> dict[str, Any]:
        """What was asked of whom, how, and what it cost; for the metrics."""
        ways = ("asked", "from_cache", "withheld", "unanswered")
        return {
            "model": self.section.model,
            "answered_as": sorted(self.models),
            "temperature": self.section.temperature,
            "seed": self.seed,
            **{way: self.counts[way] for way in ways},
            "input_tokens": self.budget.input_tokens,
            "output_tokens": self.budget.output_tokens,
            "cost": round(self.budget.cost, 6),
            "budget_ended_by": self.budget.ended_by,
        }

    def ended(self) -> str:
        """One line on a budget that was spent."""
        budget, counts = self.budget, self.counts
        return (
            f"synthesize: the budget in {budget.ended_by} is spent after {counts['asked']:,} answers "
            f"({budget.input_tokens:,} + {budget.output_tokens:,} tokens, cost {budget.cost:.2f}); "
            f"{counts['unanswered']:,} questions were not asked. To ask them, raise "
            f"synthesize.endpoint.max_{budget.ended_by}; what was answered is kept"
        )

    def _answer(self, asked: str, count: int) -> tuple[str, Answer]:
        body = {
            "model": self.section.model,
            "messages": [{"role": "user", "content": asked}],
            "temperature": self.section.temperature,
            "seed": self.seed,
            "max_tokens": TOKENS_A_WORDING * count,
        }
        key = digest(body)
        if known := self._cache.get(key):
            return "from_cache", known
        if find_simple(asked, self.policy):
            return "withheld", SILENT
        most = (len(asked.encode()) + TOKENS_OF_TEMPLATE, TOKENS_A_WORDING * count)
        if self._failed.is_set() or not self.budget.reserve(most):
            return "unanswered", SILENT
        used = (0, 0)
        try:
            reply = complete(self.url, body, self.backoff_s)
            used = reply.tokens or (most[0], len(reply.text.encode()))
        except BaseException:
            self._failed.set()
            raise
        finally:
            self.budget.settle(most, used)
        return "asked", self._keep(key, reply, used, body)

    def _keep(self, key: str, reply: Reply, used: tuple[int, int], body: dict[str, Any]) -> Answer:
        lines = wordings(reply.text)
        clean = tuple(line for line in lines if not find_simple(line, self.policy))
        answer = Answer(clean, len(lines) - len(clean), used)
        settings = {name: body[name] for name in ("model", "temperature", "seed", "max_tokens")}
        self._cache.put(key, answer, {**settings, "answered_as": reply.model, "url": self.url})
        with self._lock:
            self.models.add(reply.model)
        return answer


def prompt(question: str, language: str, count: int) -> str:
    template = (PROMPTS / f"paraphrase.{language}.txt").read_text(encoding="utf-8")
    return template.replace("{count}", str(count)).replace("{question}", question)


def wordings(answer: str) -> list[str]:
    """The lines of a model's answer without numbers, bullets and quotes."""
    lines = (LISTED.sub("", line).strip().strip("\"“”'").strip() for line in answer.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
