"""What the slots of a question may hold: goods of the product table, the number of an order, a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from pipelines.mask.labels import PLACEHOLDER, placeholder
from pipelines.synthesize.lexicon import Lexicon

SLOT_SHARE = 0.4  # of the candidates that could name an order or a day do
ORDER_NUMBERS = {lang: placeholder("ORDER_NUMBER", 1, lang == "zh") for lang in ("zh", "en")}
QUESTION_ZH = re.compile(r"[吗么不呢？?]$|怎么|咋|如何|多久|多少|几|哪|什么|啥|能不能|可不可以|可以|(.)不\1")
GREETING = re.compile(r"您好|你好|哈喽|在吗|亲|打扰|hi(?![a-z])|hello|hey(?![a-z])|good ", re.I)
QUESTION_EN = re.compile(
    r"^(?:how|what|where|when|can|could|is|are|do|does|did|will|would|why|which|who|may|am|should|must)\b",
    re.I,
)


@dataclass(frozen=True)
class Source:
    """What is said anew. `products` are names that may be put in; none where the goods change the answer.

    `days`: no day changes it.
    """

    question: str
    language: str
    status: str = ""
    products: Sequence[str] = ()
    days: bool = False
    names_topic: bool = False  # a bare noun in it is what the question is about


Step = Callable[[str, Source, Lexicon, Random], str | None]


def name_goods(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """A first clause that names the goods."""
    dated = source.days and not words.dated.search(text)
    told = [one for one in words.situations.get(source.status, ()) if dated or not words.dated.search(one)]
    if not told or not source.products or words.goods.search(text) or not _open(text, source):
        return None
    return rng.choice(told).format(product=_plain_name(rng.choice(source.products))) + text


def name_order(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """The number of the order, as a masked log has it: beside "my order", else in a first clause."""
    if rng.random() >= SLOT_SHARE or not _of_one_order(text, source, words) or PLACEHOLDER.search(text):
        return None
    number = ORDER_NUMBERS[source.language]
    if named := words.own_order.search(text):
        return f"{text[: named.end()]}{words.order_gap}{number}{text[named.end() :]}"
    return None if words.an_order.search(text) else rng.choice(words.orders).format(order=number) + text


def name_day(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """When it was ordered or arrived, where no day changes the answer."""
    told = words.days.get(source.status) if source.days else None
    if rng.random() >= SLOT_SHARE or not told or words.dated.search(text):
        return None
    return rng.choice(told) + text if _of_one_order(text, source, words) else None


def _of_one_order(text: str, source: Source, words: Lexicon) -> bool:
    """Does it ask about an order, and not about a rule or the goods?"""
    asked = bool(source.status and source.products) and not words.general.search(text)
    return asked and _open(text, source)


def _open(text: str, source: Source) -> bool:
    """May a clause come before it?"""
    return asks(text, source.language) and not GREETING.match(text)


def asks(text: str, language: str) -> bool:
    return bool(QUESTION_ZH.search(text) if language == "zh" else QUESTION_EN.match(text))


def lower(text: str) -> str:
    """Without the capital at the start, "I" and names in capitals aside."""
    return text if re.match(r"I\b|I'|[A-Z]{2}", text) else text[:1].lower() + text[1:]


def _plain_name(product: str) -> str:
    """As a customer says it: "Linen pillowcases, pair" → "linen pillowcases", 记忆棉枕2厘米 → 记忆棉枕."""
    return lower(re.sub(r"\s*\d.*$|,.*$", "", product)) or product
