"""The intent that an answer serves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluate.intent import NearestIntent, ngrams

ENTRIES = [
    ("order/place", "zh", "选好商品加入购物车，提交订单后请在30分钟内付款。"),
    ("refund/time", "zh", "仓库收到后3个工作日内退款，银行卡最长7个工作日。"),
    ("order/place", "en", "Add the goods to your cart and pay within 30 minutes."),
]


@pytest.fixture(scope="module")
def nearest():
    return NearestIntent(ENTRIES)


@pytest.mark.parametrize(("intent", "language", "answer"), ENTRIES)
def test_each_answer_is_nearest_to_itself(nearest, intent, language, answer):
    assert nearest.predict(answer, language) == intent


def test_a_paraphrase_keeps_its_intent(nearest):
    assert nearest.predict("您的退款会在3个工作日到账", "zh") == "refund/time"


def test_only_answers_of_the_language_count(nearest):
    assert nearest.predict("仓库收到后3个工作日内退款", "en") in (None, "order/place")


def test_a_language_without_answers_is_compared_with_all(nearest):
    assert nearest.predict("仓库收到后3个工作日内退款", "mixed") == "refund/time"


@pytest.mark.parametrize("answer", ["", "   ", "☃☃☃"])
def test_nothing_in_common_is_no_intent(nearest, answer):
    assert nearest.predict(answer, "zh") is None


def test_no_faq_is_an_error():
    with pytest.raises(ValueError, match="no FAQ"):
        NearestIntent([])


@given(st.text(max_size=40))
def test_ngrams_disregard_case_and_space(text):
    assert ngrams(text) == ngrams(f" {text} \n")
    assert sum(ngrams("ab").values()) == 3
