"""Rule paraphrases are remembered by row, and none depends on the rows beside it."""

import pytest

from pipelines.knowledge import load_products
from pipelines.mask.policy import DEFAULT
from pipelines.synthesize import rules
from tests.code.synthesize.conftest import KNOWLEDGE

SEED = 7


@pytest.fixture(scope="session")
def products():
    return load_products(KNOWLEDGE)


@pytest.fixture
def rows(row):
    return [row(text) for text in ("支持七天无理由退货吗", "怎么退货", "退货的运费谁出")]


def made(rows, products, seed=SEED):
    memo = rules.memo_of(products, seed, DEFAULT)
    found = rules.by_rules(rows, products, seed, DEFAULT, memo)
    return [(c.name, c.judged) for c in found], memo.reused


def test_a_new_row_is_worked_on_alone(rows, products, monkeypatch):
    asked = []
    paraphrases = rules.paraphrases
    monkeypatch.setattr(
        rules, "paraphrases", lambda source, rng: asked.append(source.question) or paraphrases(source, rng)
    )
    first, _ = made(rows[:2], products)
    every, reused = made(rows[::-1], products)
    assert (asked, reused) == (["支持七天无理由退货吗", "怎么退货", "退货的运费谁出"], 2)
    assert first and [one for one in every if one in first] and len(every) > len(first)


def test_what_is_remembered_is_what_would_be_made(rows, products, own_home):
    first = made(rows, products)[0]
    assert made(rows, products) == (first, 3)
    (own_home / "store").rename(own_home / "away")
    assert made(rows, products) == (first, 0)


def test_another_seed_or_another_product_makes_all_anew(rows, products):
    first, _ = made(rows, products)
    other, reused = made(rows, products, SEED + 1)
    assert reused == 0 and other != first
    assert made(rows, products[1:])[1] == 0


def test_candidates_name_their_source_and_are_judged(rows, products):
    found, _ = made(rows, products)
    assert {name for (name, _), _ in found} <= {row["example_id"] for row in rows}
    assert all(0 <= judged.likeness <= 1 for _, judged in found)
    assert any(judged.fault is None for _, judged in found)
