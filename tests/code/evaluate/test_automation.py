"""What is saved, and by what assumptions."""

from collections import Counter

import pytest

from pipelines.evaluate.automation import estimate
from pipelines.params.sections import Prices
from tests.code.evaluate.rows import row

PRICES = Prices(currency="CNY", human_answer=6.0, model_answer=0.5, questions_per_month=1000)


def rows(right, of, intent="order/place"):
    return [row(n, intent=intent, facts_found=int(n < right)) for n in range(of)]


def test_intents_weigh_as_often_as_the_log_asks_them():
    asked = rows(4, 4, "order/place") + rows(0, 4, "refund/time")
    found = estimate(asked, Counter({"order/place": 90, "refund/time": 10}), PRICES, 1)
    assert found["share"] == 0.9 and found["n"] == 8
    assert found["by_intent"][0] == {"intent": "order/place", "asked_in_log": 90, "right": 4, "of": 4}


def test_an_intent_that_was_not_evaluated_has_the_share_of_all():
    found = estimate(rows(2, 4), Counter({"order/place": 50, "account/points": 50}), PRICES, 1)
    assert found["share"] == 0.5 and found["unmeasured_share"] == 0.5


@pytest.mark.parametrize(
    "other",
    [
        {"hand_over_expected": True, "hand_over_given": True},
        {"hand_over_given": True},
        {"facts_found": 0},
    ],
)
def test_a_hand_over_is_not_automated_even_where_it_is_right(other):
    found = estimate([row(1), row(2, **other)], Counter(), PRICES, 1)
    assert found["share"] == 0.5


def test_questions_written_for_a_suite_are_not_what_customers_ask():
    asked = [
        row(1),
        row(2, example_id="suite/tone/x.zh", facts_found=0),
        row(3, origin="rule", facts_found=0),
    ]
    assert estimate(asked, Counter(), PRICES, 1)["n"] == 1


def test_the_money_follows_from_the_prices_and_stands_in_one_line_with_its_assumptions():
    found = estimate(rows(5, 10), Counter(), PRICES, 1)
    assert (found["spent_per_month"], found["saved_per_month"], found["return"]) == (500, 2500, 5)
    assert 0 < found["low"] < 0.5 < found["high"] < 1
    assert (
        "\n" not in found["line"] and "2,500 CNY" in found["line"] and found["assumptions"] in found["line"]
    )


def test_nothing_asked_is_nothing_estimated():
    assert estimate([], Counter({"a": 1}), PRICES, 1)["share"] is None
