"""The word lists beside the code: one file a list, words between white space, `#` starts a comment."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


@lru_cache
def words(name: str) -> tuple[str, ...]:
    """The words of `words/<name>.txt`, in their order."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())
