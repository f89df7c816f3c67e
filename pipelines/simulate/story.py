"""The weeks of the story: how many customers write, and what the company changes in its knowledge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import KefuError

FILE = Path(__file__).with_name("changes.yaml")
FIRST_MONDAY = date(2026, 9, 7)
QUIET = 4  # this week nearly nobody writes: a holiday
QUIET_SHARE = 0.1
HISTORY = 3  # the first file holds the chats of so many weeks
ABOUT_CHANGE = 0.2  # of a week's conversations are about what has just changed


@dataclass(frozen=True)
class Week:
    number: int  # from 1
    monday: date
    conversations: int
    event: dict[str, str] = field(default_factory=dict)  # in words, by language
    about: tuple[str, ...] = ()  # FAQ topics that customers ask about for it

    @property
    def name(self) -> str:
        return f"{self.monday:%G-W%V}"


def weeks(count: int, per_week: int) -> list[Week]:
    """The story's first `count` weeks at about `per_week` conversations."""
    if count < 1 or per_week < 10:
        raise KefuError(
            f"{count} weeks of {per_week} conversations", "simulate", "from 1 week and 10 conversations on"
        )
    return [_week(number, per_week) for number in range(1, count + 1)]


def _week(number: int, per_week: int) -> Week:
    monday = FIRST_MONDAY + timedelta(weeks=number - 1)
    change = changes().get(number, {})
    if number == QUIET:
        quiet = {"en": "A holiday, hardly anybody writes", "zh": "假期，咨询很少"}
        return Week(number, monday, round(per_week * QUIET_SHARE), quiet)
    size = per_week * HISTORY if number == 1 else per_week
    event = {"en": change["en"], "zh": change["zh"]} if change else {}
    return Week(number, monday, size, event, tuple(change.get("about", ())))


@cache
def changes() -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def prepare(knowledge: Path) -> dict[str, str]:
    """Takes each FAQ entry's last wording out, to be asked and never taught: {faq_id: wording}."""
    kept = {}
    entries = _entries(knowledge)
    for entry in entries:
        *entry["questions"], kept[entry["faq_id"]] = entry["questions"]
    _write(knowledge, entries)
    return kept


def change(knowledge: Path, number: int) -> dict[str, str]:
    """Lays the week's change over the knowledge; returns the wordings that are kept back, as `prepare`."""
    told = changes().get(number)
    if not told:
        return {}
    kept = {}
    entries = _entries(knowledge)
    for entry in told.get("faq", []):
        *taught, kept[entry["faq_id"]] = entry["questions"]
        entries.append({**entry, "questions": taught})
    _write(knowledge, [{**entry, **told.get("answers", {}).get(entry["faq_id"], {})} for entry in entries])
    if "product" in told:
        with (knowledge / "products.csv").open("a", encoding="utf-8", newline="") as file:
            file.write(told["product"] + "\n")
    for name, pairs in told.get("replace", {}).items():
        _replace(knowledge / name, pairs)
    return kept


def _replace(path: Path, pairs: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs.items():
        if old not in text:
            raise KefuError(f"{old!r} is not there to be changed", str(path), "mend changes.yaml")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _entries(knowledge: Path) -> list[dict[str, Any]]:
    text = (knowledge / "faq.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _write(knowledge: Path, entries: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    (knowledge / "faq.jsonl").write_text(lines, encoding="utf-8")
