from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.synthesize.budget import Budget


def test_what_is_set_aside_counts_until_it_is_settled():
    budget = Budget(max_tokens=100, max_cost=1)
    assert budget.reserve((50, 20))
    budget.settle((50, 20), (10, 5))
    assert (budget.input_tokens, budget.output_tokens, budget.ended_by) == (10, 5, None)
    assert budget.reserve((50, 35))
    assert not Budget(max_tokens=100, max_cost=1).reserve((90, 20))


@pytest.mark.parametrize(("prices", "by"), [((1.0, 0.0), "cost"), ((0.0, 3.0), "cost"), ((0.0, 0.0), None)])
def test_money_is_a_limit_of_its_own(prices, by):
    budget = Budget(10_000, 1.0, *prices)
    assert budget.reserve((1001, 500)) == (by is None)
    assert budget.ended_by == by


def test_one_that_does_not_fit_yet_waits_for_those_under_way():
    budget, tried = Budget(100, 1), Event()
    assert budget.reserve((40, 40))

    def later():
        tried.set()
        return budget.reserve((40, 40))

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(later)
        tried.wait()
        budget.settle((40, 40), (10, 10))
        assert waiting.result(30)
    assert budget.ended_by is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=20), st.integers(0, 200))
def test_never_more_than_it_allows(wanted, most):
    budget = Budget(most, 1)
    for pair in wanted:
        if budget.reserve(pair):
            budget.settle(pair, pair)
    assert budget.input_tokens + budget.output_tokens <= most
    assert (budget.ended_by == "tokens") == (sum(map(sum, wanted)) > most)
