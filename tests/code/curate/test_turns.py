import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.language import is_other_language, language_of
from pipelines.curate.turns import tidy, turns_of


def conversation(*messages, language="zh"):
    return {
        "conversation_id": "c1",
        "customer_ref": "ref",
        "language": language,
        "intent": "",
        "satisfaction": None,
        "resolved": None,
        "started_at": None,
        "cluster_size": 1,
        "messages": [{"role": role, "content": content, "sent_at": None} for role, content in messages],
    }


def pairs(*messages):
    return [(turn.question, turn.reply) for turn in turns_of(conversation(*messages))]


def test_messages_of_one_side_are_joined_and_system_messages_left_out():
    assert pairs(
        ("system", "会话开始"),
        ("agent", "您好！"),
        ("customer", "在吗"),
        ("customer", "怎么退货"),
        ("system", "转接"),
        ("agent", "点申请退货。"),
        ("agent", "24小时内审核。"),
        ("customer", "收到货七天了"),
    ) == [("在吗\n怎么退货", "点申请退货。24小时内审核。"), ("收到货七天了", "")]


def test_details_that_were_asked_back_do_not_hide_the_answer():
    assert pairs(
        ("customer", "怎么还不发货"),
        ("agent", "麻烦提供一下订单号。"),
        ("customer", "<订单号1>"),
        ("agent", "48小时内发出。"),
    ) == [("怎么还不发货", "48小时内发出。")]


def test_a_question_after_asking_back_stays_its_own():
    assert (
        len(
            pairs(
                ("customer", "a怎么退"), ("agent", "请稍等。"), ("customer", "那运费呢"), ("agent", "8元。")
            )
        )
        == 2
    )


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        ("<姓名1>您好，48小时内发货。", "48小时内发货。"),
        ("Hi Ms. <NAME_1>, it ships in 2 days. Anything else I can help with?", "it ships in 2 days."),
        ("好的，我看一下，请稍等。\n48小时内发货。 还有其他可以帮您的吗？", "48小时内发货。"),
        ("不客气，再见！", "不客气，再见！"),
        ("请稍等。", "请稍等。"),
        ("", ""),
    ],
)
def test_tidy_keeps_what_was_told(reply, left):
    assert tidy(reply) == left


roles = st.sampled_from(["customer", "agent", "system"])


@given(st.lists(st.tuples(roles, st.text(alphabet="退货怎么ab。 ", max_size=6)), max_size=12))
def test_turns_are_numbered_and_ask_something(messages):
    turns = turns_of(conversation(*messages))
    assert [turn.index for turn in turns] == list(range(len(turns)))
    assert all(turn.question.strip() for turn in turns)
    assert len(turns) <= sum(role == "customer" for role, _ in messages)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("怎么退货", "zh"),
        ("how do I return it", "en"),
        ("帮我refund一下", "zh"),
        ("<姓名1> please call", "en"),
        ("123", "en"),
    ],
)
def test_language_of(text, language):
    assert language_of(text, default="en") == language


def test_a_brand_name_is_not_another_language():
    assert not is_other_language("支持 WeChat Pay 和 Visa", "zh")
    assert is_other_language("You can return it", "zh")
    assert is_other_language("七天内可以退货", "en")
