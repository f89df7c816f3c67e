"""Rows of CORPUS: policies by section, products, and what passed of the dialogues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.curate.judge import Verdict
from pipelines.curate.turns import Turn
from pipelines.knowledge import Policy, Product

Row = dict[str, Any]


def policy_rows(policies: Sequence[Policy]) -> Iterator[Row]:
    for policy in policies:
        for number, section in enumerate(policy.sections):
            title = policy.title if section.title == policy.title else f"{policy.title} · {section.title}"
            name = f"policy/{policy.language}/{policy.name}#{number}"
            yield _row(name, name, "policy", policy.language, f"{title}\n{section.text}")


def product_rows(products: Sequence[Product]) -> Iterator[Row]:
    for product in products:
        for language in ("zh", "en"):
            name = f"product/{product.sku}/{language}"
            yield _row(name, f"product/{product.sku}", "product", language, product_line(product, language))


def product_line(product: Product, language: str) -> str:
    """A product as one line of prose."""
    price, months = f"{product.price_yuan:g}", product.warranty_months
    if language == "en":
        colours = ", ".join(pair.split("/")[-1] for pair in product.colours.split(";") if pair)
        warranty = f"Warranty: {months} months." if months else "No warranty period."
        stock = "In stock." if product.stock else "Sold out."
        return (
            f"{product.name_en} ({product.sku}): {product.description_en} Price: {price} yuan. "
            f"Colours: {colours}. Weight: {product.weight_kg:g} kg. {warranty} {stock}"
        )
    colours = "、".join(pair.split("/")[0] for pair in product.colours.split(";") if pair)
    warranty = f"保修{months}个月。" if months else "无保修期。"
    stock = "有货。" if product.stock else "已售罄。"
    return (
        f"{product.name_zh}（{product.sku}）：{product.description_zh}售价{price}元，"
        f"颜色：{colours}，重{product.weight_kg:g}千克，{warranty}{stock}"
    )


def dialogue_rows(turns: Sequence[Turn], verdicts: Sequence[Verdict]) -> Iterator[Row]:
    """One conversation (none if no reply passed): the turns whose own reply passed, and those handed over."""
    passed = [
        (turn, verdict)
        for turn, verdict in zip(turns, verdicts, strict=True)
        if verdict.kind in ("kept", "handed_over")
    ]
    if not any(verdict.kind == "kept" for _, verdict in passed):
        return
    language = passed[0][0].language
    customer, agent = ("Customer: ", "Agent: ") if language == "en" else ("客：", "服：")
    lines = [f"{customer}{turn.question}\n{agent}{verdict.answer}" for turn, verdict in passed]
    group = turns[0].conversation_id
    yield _row(f"dialogue/{group}", group, "dialogue", language, "\n".join(lines))


def _row(doc_id: str, group_id: str, origin: str, language: str, text: str) -> Row:
    return {"doc_id": doc_id, "group_id": group_id, "origin": origin, "language": language, "text": text}
