from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.curate.examples import example
from pipelines.curate.repeats import without_repeats
from pipelines.curate.turns import Turn
from pipelines.stage import StageRun

START = datetime(2026, 9, 7, tzinfo=UTC)
QUESTION, ANSWER = "我昨天下的订单什么时候可以发货呢", "付款后48小时内发货,请您放心等待"


def turn(number, question=QUESTION, reply=ANSWER, **fields):
    return Turn(f"c{number}", 0, question, reply, "zh", **fields)


@pytest.fixture
def deduped(brand, params, tmp_path):
    """(run, the examples that stay by conversation) of turns; those without a reply become no example."""

    def make(*turns):
        run = StageRun("curate", params, tmp_path)
        rows = [_row(brand, one) for one in turns if one.reply]
        kept = without_repeats(run, rows, turns, params.dedup)
        return run, {row["group_id"]: row for row in kept}

    return make


def _row(brand, one):
    return example(
        brand,
        example_id=one.example_id,
        group_id=one.conversation_id,
        origin="log",
        intent="order/status",
        language="zh",
        question=one.question,
        answer=one.reply,
    )


def test_a_question_and_reply_said_again_leave_one_example(deduped):
    said = [turn(1), turn(2, QUESTION + "?"), turn(3, QUESTION.replace("呢", "啊"), ANSWER + "~")]
    run, kept = deduped(*said)
    assert {name: row["asked"] for name, row in kept.items()} == {"c3": 3}
    assert run.dropped == {"repeated_turn": 2}
    assert run.samples["repeated_turn"][0] == {
        "id": "c1#0",
        "question": QUESTION,
        "reply": ANSWER,
        "kept_id": "c3#0",
    }


def test_another_answer_and_another_wording_stay(deduped):
    _, kept = deduped(turn(1), turn(2, reply="今天就发,单号稍后短信通知您"), turn(3, "啥时候发货"))
    assert {name: row["asked"] for name, row in kept.items()} == {"c1": 2, "c2": 2, "c3": 1}


def test_bad_replies_and_duplicate_conversations_count_as_asked(deduped):
    _, kept = deduped(turn(1, times=4), turn(2, reply=""), turn(3, reply="", times=2))
    assert [row["asked"] for row in kept.values()] == [7]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"resolved": True, "satisfaction": 5}, {"reply": ANSWER + "。" * 20}),
        ({"resolved": True, "satisfaction": 4}, {"resolved": True, "satisfaction": 3}),
        ({"reply": ANSWER + "!!"}, {"started_at": START}),
        ({"started_at": START}, {"started_at": START + timedelta(days=1)}),
        ({"started_at": START}, {"started_at": None}),
    ],
)
def test_the_rule_of_what_is_kept(deduped, better, worse):
    _, kept = deduped(turn(1, **worse), turn(2, **better))
    assert list(kept) == ["c2"]


def test_questions_without_words_are_no_repeats(deduped):
    _, kept = deduped(turn(1, "👍"), turn(2, "👍"))
    assert [row["asked"] for row in kept.values()] == [1, 1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("退货款"), st.sampled_from(["好的呀", ""])), max_size=9))
def test_each_question_and_reply_stays_once_and_every_turn_is_counted(deduped, said):
    turns = [turn(number, question * 3, reply) for number, (question, reply) in enumerate(said)]
    run, kept = deduped(*turns)
    answered = [question for question, reply in said if reply]
    assert sorted(row["messages"][-2]["content"][0] for row in kept.values()) == sorted(set(answered))
    assert run.dropped.total() == len(answered) - len(kept)
    asked = [question for question, _ in said]
    assert all(row["asked"] == asked.count(row["messages"][-2]["content"][0]) for row in kept.values())
