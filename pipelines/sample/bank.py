"""What the generator writes with: the phrase banks beside it, and the company's FAQ and products."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import KefuError

PHRASES = Path(__file__).parent / "phrases"
WORDINGS = 8  # the rest of an entry's wordings stays out of the logs, so that it can be asked in a test
FAQ_FILES = ("faq.jsonl", "faq.zh.part.jsonl", "faq.en.part.jsonl")


@dataclass(frozen=True)
class Topic:
    """One FAQ entry in one language, with the agents' own ways to answer it."""

    name: str
    intent: str
    status: str  # order status that its context asks for, "none" if any
    questions: tuple[str, ...]
    answers: tuple[str, ...]  # right ones; the FAQ's own is last
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    sku: str
    zh: str
    en: str
    price: int  # yuan


@dataclass(frozen=True)
class Knowledge:
    topics: dict[str, dict[str, Topic]]  # language -> topic name -> topic
    products: tuple[Product, ...]


@cache
def phrases(name: str) -> Any:
    """The phrase bank `phrases/<name>.yaml`."""
    return yaml.safe_load((PHRASES / f"{name}.yaml").read_text(encoding="utf-8"))


def load_knowledge(folder: Path) -> Knowledge:
    """FAQ and products of `folder`; KefuError if one is missing or has no entry in one of the languages."""
    topics: dict[str, dict[str, Topic]] = {"zh": {}, "en": {}}
    for entry in _faq_entries(folder):
        topic = _topic(entry)
        topics.setdefault(entry["language"], {})[topic.name] = topic
    for language in ("zh", "en"):
        if not topics[language]:
            raise KefuError(
                f"the FAQ has no entry with language {language!r}",
                str(folder / FAQ_FILES[0]),
                "add entries in that language: the sample logs are asked from them",
            )
    return Knowledge({lang: dict(sorted(named.items())) for lang, named in topics.items()}, _products(folder))


def _faq_entries(folder: Path) -> list[dict[str, Any]]:
    whole, *parts = (folder / name for name in FAQ_FILES)
    files = [whole] if whole.exists() else [part for part in parts if part.exists()]
    if not files:
        raise KefuError("there is no FAQ", str(whole), "write faq.jsonl, or point `knowledge` at its folder")
    return [entry for file in files for entry in _json_lines(file)]


def _json_lines(file: Path) -> list[dict[str, Any]]:
    entries = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            missing = [
                key for key in ("link_id", "language", "intent", "questions", "answer") if not entry.get(key)
            ]
        except (ValueError, AttributeError) as error:
            raise KefuError("a line is not a JSON object", f"{file}:{number}", "mend the line") from error
        if missing:
            raise KefuError(f"an FAQ entry lacks {', '.join(missing)}", f"{file}:{number}", "fill it in")
        entries.append(entry)
    return entries


def _topic(entry: dict[str, Any]) -> Topic:
    name, language = entry["link_id"], entry["language"]
    own = phrases(f"answers.{language}").get(name, [])
    return Topic(
        name,
        entry["intent"],
        (entry.get("context") or {}).get("order_status", "none"),
        tuple(entry["questions"][:WORDINGS]),
        (*own, entry["answer"]),
        tuple(phrases(f"wrong.{language}").get(name, [])),
    )


def _products(folder: Path) -> tuple[Product, ...]:
    file = folder / "products.csv"
    try:
        with file.open(encoding="utf-8", newline="") as rows:
            found = tuple(
                Product(row["sku"], row["name_zh"], row["name_en"], round(float(row["price_yuan"])))
                for row in csv.DictReader(rows)
            )
    except FileNotFoundError as error:
        raise KefuError("there is no product table", str(file), "write products.csv") from error
    except ValueError as error:
        raise KefuError("a price in the product table is no number", str(file), "mend price_yuan") from error
    except KeyError as error:
        todo = "the columns sku, name_zh, name_en, price_yuan are needed"
        raise KefuError(f"the product table has no column {error}", str(file), todo) from error
    if not found:
        raise KefuError("the product table has no row", str(file), "add products")
    return found
