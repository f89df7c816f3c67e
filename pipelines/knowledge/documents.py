"""Policies (Markdown, a folder a language) and products (CSV)."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from pipelines.knowledge.brand import LANGUAGES
from pipelines.knowledge.reading import Fault, Record, describe, read_text, refusal


@dataclass(frozen=True)
class Section:
    title: str
    text: str


@dataclass(frozen=True)
class Policy:
    language: str
    name: str  # the file's name without suffix; the same in every language
    title: str
    sections: tuple[Section, ...]


class Product(Record):
    sku: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    category: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    price_yuan: float = Field(gt=0)
    stock: int = Field(ge=0)
    weight_kg: float = Field(gt=0)
    colours: str
    warranty_months: int = Field(ge=0)
    description_zh: str
    description_en: str

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_zh


def load_policies(folder: Path) -> list[Policy]:
    """policies/{zh,en}/*.md, sorted; each a "# title", then "## section" headings with text."""
    found = []
    for language in LANGUAGES:
        for path in sorted((folder / "policies" / language).glob("*.md")):
            found.append(_policy(path, language))
    if not found:
        raise refusal(folder / "policies", [(1, "no policy: expected zh/*.md and en/*.md")])
    return found


def load_products(folder: Path) -> list[Product]:
    """The rows of products.csv, in the order of the file; one KefuError lists its faults with their lines."""
    path = folder / "products.csv"
    reader = csv.DictReader(io.StringIO(read_text(path)))
    faults: list[Fault] = []
    products: dict[str, Product] = {}
    for row in reader:
        try:
            product = Product.model_validate(_named(row))
        except ValidationError as error:
            faults += [(reader.line_num, describe(e)) for e in error.errors()]
            continue
        if product.sku in products:
            faults.append((reader.line_num, f"the SKU {product.sku} stands twice"))
        products[product.sku] = product
    if not products and not faults:
        faults.append((1, "no product at all"))
    if faults:
        raise refusal(path, faults)
    return list(products.values())


def _named(row: dict[str | None, Any]) -> dict[str, Any]:
    return {key or "more fields than the head": value for key, value in row.items() if value is not None}


def _policy(path: Path, language: str) -> Policy:
    head, *parts = re.split(r"(?m)^## +", read_text(path))
    title = re.match(r"\s*# +(.+)", head)
    if not title:
        raise refusal(path, [(1, 'the policy does not begin with "# title"')])
    sections = [_section(part) for part in parts]
    lead = head[title.end() :].strip()
    if lead:
        sections.insert(0, Section(title[1].strip(), lead))
    if not any(section.text for section in sections):
        raise refusal(path, [(1, "the policy has no text below its title")])
    return Policy(language, path.stem, title[1].strip(), tuple(s for s in sections if s.text))


def _section(part: str) -> Section:
    title, _, text = part.partition("\n")
    return Section(title.strip(), text.strip())
