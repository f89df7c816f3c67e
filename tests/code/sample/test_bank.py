"""The phrase banks fit the slots and the FAQ; damaged knowledge is a clear error."""

import json
import re
from datetime import date
from pathlib import Path
from random import Random

import pytest

from pipelines.errors import KefuError
from pipelines.sample.bank import WORDINGS, Product, load_knowledge, phrases
from pipelines.sample.people import Person
from pipelines.sample.scenes import SCENES
from pipelines.sample.script import SLOT
from pipelines.sample.values import TYPES, Values

KNOWLEDGE = Path(__file__).parents[3] / "data/knowledge"
PRODUCT = Product("LM-K1203", "电热水壶", "Electric kettle", 129)
ENTRY = {
    "link_id": "t",
    "language": "zh",
    "intent": "order/place",
    "questions": ["怎么买"] * 12,
    "answer": "好",
}


def strings(node):
    if isinstance(node, str):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from strings(child)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_slot_of_the_banks_has_a_value(language):
    values = Values(Random(1), Person(1, 3, language), (PRODUCT,), date(2026, 9, 8))
    banks = [phrases(language), phrases(f"episodes.{language}"), phrases("cases")[language]]
    slots = {slot for text in strings(banks) for slot in SLOT.findall(text)}
    assert len(slots) > 30
    for slot in sorted(slots):
        segment = values(slot)
        assert segment.text
        assert segment.label == TYPES.get(slot)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_topics_named_in_the_banks_are_in_the_faq(language):
    topics = load_knowledge(KNOWLEDGE).topics[language]
    named = {name for episode in phrases(f"episodes.{language}") for name in episode["topics"]}
    assert named <= set(topics)
    assert set(phrases(f"wrong.{language}")) <= set(phrases(f"answers.{language}")) <= set(topics)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_right_answers_hold_a_key_fact_and_wrong_ones_not_all(language):
    lines = (KNOWLEDGE / "faq.jsonl").read_text(encoding="utf-8").splitlines()
    entries = {e["link_id"]: e for e in map(json.loads, lines) if e["language"] == language}

    def found(name, text):
        plain = re.sub(r"\s", "", text.lower())
        facts = entries[name]["key_facts"]
        return [any(re.sub(r"\s", "", form.lower()) in plain for form in fact) for fact in facts]

    lacking = [
        (n, t) for n, texts in phrases(f"answers.{language}").items() for t in texts if not all(found(n, t))
    ]
    assert not lacking
    right = [(n, t) for n, texts in phrases(f"wrong.{language}").items() for t in texts if all(found(n, t))]
    assert not right


def test_shares_of_scenes_make_a_hundred():
    assert sum(share for _, share in SCENES.values()) == 100


def test_only_the_first_wordings_are_used(tmp_path):
    entry = ENTRY | {"questions": [f"q{n}" for n in range(12)]}
    write_knowledge(tmp_path, [entry, entry | {"language": "en"}])
    assert load_knowledge(tmp_path).topics["zh"]["t"].questions == tuple(f"q{n}" for n in range(WORDINGS))


def test_people_come_back():
    assert Person(7, 12, "zh").fixed == Person(7, 12, "zh").fixed
    assert Person(7, 12, "zh").fixed != Person(8, 12, "zh").fixed


def write_knowledge(folder, entries, products="sku,name_zh,name_en,price_yuan\nLM-K1,壶,Kettle,9\n"):
    lines = [e if isinstance(e, str) else json.dumps(e, ensure_ascii=False) for e in entries]
    (folder / "faq.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "products.csv").write_text(products, encoding="utf-8")


@pytest.mark.parametrize(
    ("entries", "products", "message"),
    [
        (["{broken"], "", "not a JSON object"),
        (["[1, 2]"], "", "not a JSON object"),
        ([{"language": "zh"}], "", "lacks link_id"),
        ([ENTRY], "", "no entry with language 'en'"),
        ([ENTRY, ENTRY | {"language": "en"}], "sku,name_zh\nLM-K1,壶\n", "no column 'name_en'"),
        ([ENTRY, ENTRY | {"language": "en"}], "sku,name_zh,name_en,price_yuan\n", "no row"),
        ([ENTRY, ENTRY | {"language": "en"}], "sku,name_zh,name_en,price_yuan\nA,壶,K,free\n", "no number"),
    ],
)
def test_damaged_knowledge(tmp_path, entries, products, message):
    write_knowledge(tmp_path, entries, products)
    with pytest.raises(KefuError, match=message):
        load_knowledge(tmp_path)


def test_missing_knowledge(tmp_path):
    with pytest.raises(KefuError, match="no FAQ"):
        load_knowledge(tmp_path)
