"""What a model said to a prompt, remembered, so that a second evaluation asks nothing twice.

One small file per model, settings and prompt, in `.kefu/store/generations`, which all runs share. A file is
named by hashes and holds an answer to a masked prompt, never the prompt.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from pipelines.home import home


def digest(value: Any) -> str:
    """sha256 of a JSON value, of text, or of bytes."""
    raw = (
        value if isinstance(value, bytes) else json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
    )
    return hashlib.sha256(raw).hexdigest()


class Store:
    """Results of one model under one set of settings; `kind` is answer, loss or latency."""

    def __init__(self, model_key: str, settings: dict[str, Any]) -> None:
        self.folder = home() / "store/generations" / model_key[:24] / digest(settings)[:16]

    def get(self, kind: str, prompt_key: str) -> dict[str, Any] | None:
        """None where it was never asked, or where the file is damaged."""
        try:
            found = json.loads(self._path(kind, prompt_key).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found if isinstance(found, dict) else None

    def put(self, kind: str, prompt_key: str, value: dict[str, Any]) -> None:
        path = self._path(kind, prompt_key)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        partial.rename(path)

    def missing(self, kind: str, prompt_keys: list[str]) -> list[int]:
        """Positions of the prompts that have no result yet."""
        return [i for i, key in enumerate(prompt_keys) if self.get(kind, key) is None]

    def _path(self, kind: str, prompt_key: str) -> Path:
        return self.folder / kind / f"{prompt_key[:40]}.json"
