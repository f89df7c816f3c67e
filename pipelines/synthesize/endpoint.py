"""Paraphrases by a model behind any OpenAI-compatible endpoint (vLLM, Ollama, llama.cpp, a vendor).

Answers are kept in SQLite under a key of model and prompt, so that nothing is asked twice and a killed run
goes on. A budget in tokens ends it cleanly: what was answered until then is used.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import requests

from pipelines.errors import KefuError
from pipelines.fingerprint import digest
from pipelines.home import home
from pipelines.progress import Progress

PROMPTS = Path(__file__).parent / "prompts"
RETRIES = 4
TIMEOUT_S = 60
WORKERS = 4
RETRIED = (408, 409, 425, 429, 500, 502, 503, 504)
LISTED = re.compile(r"^\s*(?:\d+[.)、:：](?!\d)|[-*•])\s*")


class Endpoint:
    """One endpoint and model; `max_tokens` is what may be spent in a run, answers from the cache are free."""

    def __init__(self, url: str, model: str, max_tokens: int, backoff_s: float = 1.0) -> None:
        self.url, self.model, self.max_tokens, self.backoff_s = url.rstrip("/"), model, max_tokens, backoff_s
        self.spent_tokens = self.asked = self.cached = 0
        self._lock = Lock()
        self._cache = _open_cache(home() / "store" / "paraphrases.sqlite")

    def paraphrase(
        self, questions: Sequence[tuple[str, str]], count: int, progress: Progress | None = None
    ) -> list[list[str]]:
        """For each (question, language) up to `count` wordings; [] where the budget was spent before."""

        def one(item: tuple[str, str]) -> list[str]:
            answer = self._answer(prompt(*item, count))
            if progress:
                with self._lock:
                    progress.add()
            return wordings(answer)[:count] if answer else []

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, questions))

    def _answer(self, asked: str) -> str | None:
        key = digest(self.model, asked)
        with self._lock:
            row = self._cache.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
            if row:
                self.cached += 1
                return str(row[0])
            if self.spent_tokens >= self.max_tokens:
                return None
        answer, tokens = self._ask(asked)
        with self._lock:
            self.spent_tokens += tokens
            self.asked += 1
            self._cache.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, answer, tokens))
            self._cache.commit()
        return answer

    def _ask(self, asked: str) -> tuple[str, int]:
        """(answer, tokens it cost); retried while the endpoint is busy or unreachable."""
        body = {"model": self.model, "messages": [{"role": "user", "content": asked}], "temperature": 0.7}
        fault = ""
        for attempt in range(RETRIES):
            if attempt:
                time.sleep(self.backoff_s * 2 ** (attempt - 1))
            try:
                reply = requests.post(
                    f"{self.url}/chat/completions", json=body, headers=_headers(), timeout=TIMEOUT_S
                )
            except requests.RequestException as error:
                fault = type(error).__name__
                continue
            if reply.status_code == 200:
                return _parsed(reply, self.url, asked)
            fault = f"HTTP {reply.status_code}"
            if reply.status_code not in RETRIED:
                break
        raise KefuError(
            f"the endpoint does not answer: {fault}",
            self.url,
            "start it, mend synthesize.endpoint or KEFU_ENDPOINT_KEY, or set synthesize.endpoint to null",
        )


def prompt(question: str, language: str, count: int) -> str:
    template = (PROMPTS / f"paraphrase.{language}.txt").read_text(encoding="utf-8")
    return template.replace("{count}", str(count)).replace("{question}", question)


def wordings(answer: str) -> list[str]:
    """The lines of a model's answer without numbers, bullets and quotes."""
    lines = (LISTED.sub("", line).strip().strip("\"“”'") for line in answer.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def _headers() -> dict[str, str]:
    key = os.environ.get("KEFU_ENDPOINT_KEY")
    return {"Authorization": f"Bearer {key}"} if key else {}


def _parsed(reply: requests.Response, url: str, asked: str) -> tuple[str, int]:
    try:
        value: dict[str, Any] = reply.json()
        answer = str(value["choices"][0]["message"]["content"] or "")
    except (ValueError, KeyError, IndexError, TypeError):
        raise KefuError(
            "the endpoint's answer is not a chat completion", url, "point synthesize.endpoint at …/v1"
        ) from None
    estimated = (len(asked) + len(answer)) // 2
    return answer, int((value.get("usage") or {}).get("total_tokens") or estimated)


def _open_cache(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    cache = sqlite3.connect(path, check_same_thread=False)
    cache.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT, tokens INTEGER)")
    return cache
