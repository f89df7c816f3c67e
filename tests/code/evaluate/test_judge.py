"""What one answer is worth."""

from pathlib import Path

import pytest

from pipelines.evaluate.judge import Judge, is_right, outcome, shown
from tests.code.evaluate.rows import question, row, suite

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


def asked(of=None, case=None, **changed):
    return question(of=of or suite(), case=case, **{**EXAMPLE, **changed})


@pytest.fixture(scope="module")
def judge():
    return Judge.of(KNOWLEDGE)


def test_the_reference_itself_is_right(judge):
    found = judge.sample(asked(), EXAMPLE["messages"][-1]["content"], 9)
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
    assert judge.sample(asked(), said)[column] == value


def test_a_history_names_who_spoke_and_the_system_prompt_is_not_shown():
    assert shown(EXAMPLE["messages"]) == "退款多久到"
    longer = [*EXAMPLE["messages"][:2], {"role": "assistant", "content": "在的"}, *EXAMPLE["messages"][1:]]
    assert shown(longer) == "user: 退款多久到\nassistant: 在的\nuser: 退款多久到"


def test_an_answer_with_personal_data_is_counted_and_its_text_withheld(judge):
    found = judge.sample(asked(), "3个工作日，请打13812345678")
    assert found["pii"] == 1 and found["facts_found"] == 1
    assert "PHONE" in found["answer"] and "13812345678" not in str(found)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("right", "3个工作日退款，银行卡最长7个工作日。", "明天退款。"),
        ("no_forbidden", "好的。", "绝对没问题。"),
        ("no_personal", "好的。", "请打13812345678。"),
        ("no_contradiction", "不支持货到付款。", "支持货到付款。"),
        ("soothed", "很抱歉。明天退。", "明天退。"),
        ("style", "请您放心。", "你放心。"),
    ],
)
def test_a_suite_asks_for_its_own_checks_alone(judge, check, good, bad):
    words = {"zh": ["抱歉"], "en": ["sorry"]}
    only = suite(passes=[check], opens_with=words)
    case = {"answer": "好", "must_not": ["支持货到付款"]}
    assert judge.sample(asked(only, case), good)["passed"]
    found = judge.sample(asked(only, case), bad)
    assert not found["passed"] and found["failed"] == [check]
    others = suite(passes=["no_contradiction" if check != "no_contradiction" else "style"])
    assert judge.sample(asked(others), bad)["passed"] or check == "style"


def test_where_a_question_comes_from_stands_in_the_row(judge):
    judge.frequencies = {"refund/time": "rare"}
    case = {"answer": "好", "emotion": "angry"}
    found = judge.sample(asked(suite("emotion"), case, channel="app", emotion="calm"), "好", 5)
    assert (found["suite"], found["case"], found["turn"], found["tokens"]) == ("emotion", "c1.zh", 1, 5)
    assert (found["channel"], found["emotion"], found["frequency"]) == ("app", "angry", "rare")
    assert judge.sample(asked(emotion="calm"), "好")["emotion"] == "calm"


@pytest.mark.parametrize(
    ("changed", "good"),
    [
        ({}, True),
        ({"facts_found": 0}, False),
        ({"hand_over_expected": True, "hand_over_given": True, "facts_found": 0}, True),
        ({"hand_over_given": True}, False),
        ({"hand_over_expected": True}, False),
        ({"facts_total": 0, "facts_found": 0}, True),
        ({"facts_total": 0, "facts_found": 0, "predicted_intent": "refund/time"}, False),
    ],
)
def test_right_is_the_hand_over_then_the_facts_then_the_intent(changed, good):
    assert is_right(row(**changed)) is good


def test_an_outcome_does_not_change_with_the_words():
    assert outcome(row(answer="一")) == outcome(row(answer="二", chrf=1.0))
    assert outcome(row()) != outcome(row(facts_found=0))
