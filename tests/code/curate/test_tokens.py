from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.tokens import PER_MESSAGE, last_pairs, tokens_of


def pairs(*sizes):
    """User and assistant in turn; a number is how many Chinese characters a message has."""
    return [{"role": ("user", "assistant")[n % 2], "content": "退" * size} for n, size in enumerate(sizes)]


def test_a_chinese_character_costs_more_than_a_letter():
    assert tokens_of("退货，退款") == 4 and tokens_of("shipping") == 2 and tokens_of("") == 0


def test_whole_pairs_from_the_end_as_far_as_the_budget_goes():
    history = pairs(10, 10, 5, 5)
    last = 2 * PER_MESSAGE + 8
    assert last_pairs(history, last) == history[2:]
    assert last_pairs(history, last - 1) == []
    assert last_pairs(history, last + 2 * PER_MESSAGE + 16) == history
    assert last_pairs(history, 0) == [] == last_pairs([], 100)


@given(st.lists(st.integers(0, 30), max_size=8).filter(lambda s: len(s) % 2 == 0), st.integers(0, 120))
def test_never_over_the_budget_and_begins_with_the_user(sizes, budget):
    kept = last_pairs(pairs(*sizes), budget)
    assert sum(PER_MESSAGE + tokens_of(m["content"]) for m in kept) <= budget or not kept
    assert [m["role"] for m in kept] == ["user", "assistant"] * (len(kept) // 2)
