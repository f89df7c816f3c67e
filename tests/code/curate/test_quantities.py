import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.quantities import contradicts, quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("48小时", {("time", 48)}),
        ("两天内", {("time", 48)}),
        ("within two days", {("time", 48)}),
        ("半小时", {("time", 0.5)}),
        ("half an hour", {("time", 0.5)}),
        ("三十五分钟", {("time", 35 / 60)}),
        ("3个工作日", {("time", 72)}),
        ("2到4天", {("time", 48), ("time", 96)}),
        ("7 to 15 working days", {("time", 168), ("time", 360)}),
        ("满99元，运费8块", {("money", 99), ("money", 8)}),
        ("二百五十元", {("money", 250)}),
        ("退10%", {("percent", 10)}),
        ("once is 1 time", {("times", 1)}),
        ("发往日本", set()),
        ("400-820-6655", set()),
        ("", set()),
    ],
)
def test_quantities(text, found):
    assert quantities(text) == {(kind, round(amount, 4)) for kind, amount in found}


@pytest.mark.parametrize(
    ("reply", "truth", "wrong"),
    [
        ("10天内发货", "48小时内发货", True),
        ("两天内发货", "48小时内发货", False),
        ("我们会尽快发货", "48小时内发货", False),
        ("满299才包邮", "满99元包邮，未满收8元", False),  # no unit, nothing to compare
        ("满299元才包邮", "满99元包邮，未满收8元", True),
        ("今天付款，48小时内发货，3天内到", "48小时内发货", False),
        ("运费5元", "3天到", False),
    ],
)
def test_contradicts(reply, truth, wrong):
    assert contradicts(reply, truth) is wrong


@given(st.integers(1, 99), st.integers(1, 99))
def test_only_another_number_contradicts(said, right):
    assert contradicts(f"{said}天内发货", f"{right}天内发货") == (said != right)


@given(st.text(max_size=40))
def test_any_text_agrees_with_itself(text):
    assert not contradicts(text, text)
