import pytest

from pipelines.errors import KefuError
from pipelines.synthesize.leaks import descent_leaks, near_leaks, refuse_leaks, run_leaks, sharing

HELD = "收货地址写错了还能不能修改一下呢"


@pytest.fixture
def held(row):
    return [row(HELD, of="order_change_address.zh")]


def test_clean_data_passes(row, held, params):
    assert refuse_leaks([row("支持七天无理由退货吗")], [], held, params) is None


@pytest.mark.parametrize(
    ("planted", "reason"),
    [
        (lambda row, held: row("别的问题", group_id=held["group_id"], example_id="x"), "group"),
        (lambda row, held: row("别的问题", parent_ids=[held["example_id"]]), "parent"),
        (lambda row, held: row(HELD + "呀"), "near_duplicate"),
        (lambda row, held: row(HELD), "near_duplicate"),
    ],
)
def test_a_planted_leak_is_refused_by_name(row, held, params, planted, reason):
    leaking = planted(row, held[0])
    with pytest.raises(KefuError) as caught:
        refuse_leaks([row("支持七天无理由退货吗"), leaking], [], held, params)
    assert f"{leaking['example_id']}: {reason} of {held[0]['example_id']}" in str(caught.value)
    assert HELD not in str(caught.value)


def test_a_dialogue_of_a_held_out_conversation_is_refused(row, params):
    held = [row(HELD, group_id="c1", example_id="c1#0")]
    dialogue = {"doc_id": "dialogue/c1", "group_id": "c1", "origin": "dialogue", "text": "客：你好"}
    with pytest.raises(KefuError, match="dialogue/c1: group of c1#0"):
        refuse_leaks([], [dialogue], held, params)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"您好，我买的被子，{HELD}，谢谢", True),
        (f"您好，我买的被子，{HELD[:14]}，谢谢", True),
        (f"您好，我买的被子，{HELD[:9]}，谢谢", False),
        ("地址怎么改", False),
        ("", False),
    ],
)
def test_long_runs_are_found_among_other_words(held, text, found):
    assert bool(run_leaks([text], held, 13)) is found


def test_a_short_question_counts_only_whole():
    shares = sharing(["收货地址写错了能改", "退货"], 13)
    assert shares("你好收货地址写错了能改吗") == 0
    assert shares("收货地址写错了") is None
    assert shares("退货退货退货退货") is None


def test_nothing_held_out_nothing_leaks(row, params):
    assert near_leaks([HELD], [], params) == []
    assert run_leaks([HELD], [], 13) == []
    assert descent_leaks([row(HELD)], []) == []
