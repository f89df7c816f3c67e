import json

import pytest

from pipelines.curate.context import order_status
from pipelines.curate.judge import judge_all
from pipelines.curate.turns import Turn, turns_of
from pipelines.knowledge.faq import STATUSES
from tests.code.curate.test_curate_stage import conversation, curated  # noqa: F401


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("订单状态：已发货", "shipped"),
        ("订单<订单号1>由待付款变为已付款", "paid"),
        ("Order status: refund in progress", "refunding"),
        ("The parcel was delivered", "signed"),
        ("order unpaid", "unpaid"),
        ("客户已进入会话", ""),
        ("已发货", ""),
        ("Customer came from the order page", ""),
    ],
)
def test_order_status(message, status):
    assert order_status(message) == status
    assert status in ("", *STATUSES)


def test_a_turn_knows_the_status_when_the_agent_replied():
    row = conversation(
        "c",
        ("system", "订单状态：待付款"),
        ("customer", "怎么付款"),
        ("system", "订单状态：已付款"),
        ("agent", "已经付好了，请放心。"),
        ("customer", "那什么时候发"),
        ("agent", "48小时内发货。"),
    )
    assert [turn.order_status for turn in turns_of(row)] == ["paid", "paid"]


def test_the_status_stands_in_the_prompt_only_where_the_log_had_it(curated):  # noqa: F811
    said = ("customer", "怎么还不发货"), ("agent", "付款后48小时内发货的，请您放心。")
    with_status = conversation("known", ("system", "订单状态：已付款"), *said)
    other = ("customer", "那运费怎么算呢"), ("agent", "满99元包邮，不满收8元。")
    _, examples, _ = curated(with_status, conversation("unknown", *other))
    assert examples["known#0"]["messages"][0]["content"].endswith("\n订单状态：已付款")
    assert json.loads(examples["known#0"]["context"]) == {"order_status": "paid"}
    assert "\n" not in examples["unknown#0"]["messages"][0]["content"]
    assert examples["unknown#0"]["context"] == "{}"


def test_a_reply_is_not_corrected_by_an_entry_for_another_status(house):
    asked = ("c", 0, "怎么还不发货", "等着", "zh")
    paid, signed = (Turn(*asked, intent="order/status", order_status=s) for s in ("paid", "signed"))
    assert [v.kind for v in judge_all([paid, signed], house)] == ["corrected", "dropped"]
