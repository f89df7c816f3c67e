"""What one answer is worth."""

from pathlib import Path

import pytest

from pipelines.evaluate.judge import Judge, chrf, shown

KNOWLEDGE = Path(__file__).resolve().parents[3] / "data/knowledge"
EXAMPLE = {
    "example_id": "e1",
    "origin": "faq",
    "intent": "refund/time",
    "language": "zh",
    "hand_over": False,
    "key_facts": [["3个工作日"], ["7个工作日"]],
    "messages": [
        {"role": "system", "content": "系统"},
        {"role": "user", "content": "退款多久到"},
        {"role": "assistant", "content": "3个工作日内退款，银行卡最长7个工作日。"},
    ],
}


@pytest.fixture(scope="module")
def judge():
    return Judge.of(KNOWLEDGE)


def test_the_reference_itself_is_right(judge):
    found = judge.sample(EXAMPLE, EXAMPLE["messages"][-1]["content"])
    assert (found["facts_found"], found["facts_total"]) == (2, 2)
    assert found["chrf"] == pytest.approx(100)
    assert not found["hand_over_given"] and found["pii"] == 0 and found["forbidden"] == 0


@pytest.mark.parametrize(
    ("said", "column", "value"),
    [
        ("3个工作日到账", "facts_found", 1),
        ("", "facts_found", 0),
        ("绝对会到账", "forbidden", 1),
        ("请打13812345678找他", "pii", 1),
        ("正在为您转接人工客服，请稍候。", "hand_over_given", True),
    ],
)
def test_each_measure_sees_what_it_is_for(judge, said, column, value):
    assert judge.sample(EXAMPLE, said)[column] == value


def test_chrf_needs_no_spaces_between_chinese_words():
    assert chrf("三个工作日退款", "三个工作日退款") == pytest.approx(100)
    assert chrf("完全不同", "三个工作日退款") == 0


def test_a_history_names_who_spoke_and_the_system_prompt_is_not_shown():
    assert shown(EXAMPLE["messages"]) == "退款多久到"
    longer = [*EXAMPLE["messages"][:2], {"role": "assistant", "content": "在的"}, *EXAMPLE["messages"][1:]]
    assert shown(longer) == "user: 退款多久到\nassistant: 在的\nuser: 退款多久到"


def test_an_answer_with_personal_data_is_counted_and_its_text_withheld(judge):
    found = judge.sample(EXAMPLE, "3个工作日，请打13812345678")
    assert found["pii"] == 1 and found["facts_found"] == 1
    assert "PHONE" in found["answer"] and "13812345678" not in str(found)
