"""What curate makes of a conversation alone is remembered, and follows what it depends on."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from pipelines.curate.conversation import curated, memo_of
from pipelines.progress import Progress
from pipelines.records import DEDUPED
from tests.code.curate.conftest import KNOWLEDGE
from tests.code.curate.test_curate_stage import BAD, GOOD, HUMAN

ANGRY = GOOD | {
    "conversation_id": "angry",
    "messages": [
        {"role": "system", "content": None, "sent_at": None},
        {"role": "customer", "content": "气死我了，怎么还不发货！！", "sent_at": None},
        {"role": "agent", "content": "付款后48小时内发货的。", "sent_at": None},
    ],
}


@pytest.fixture
def run(house, finder):
    def make(*rows, house=house):
        memo = memo_of(KNOWLEDGE, house)
        table = pa.Table.from_pylist(list(rows), DEDUPED)
        return curated(table, house, finder, memo, Progress("curate", len(rows))), memo.reused

    return make


def test_what_is_remembered_is_what_would_be_made(run, own_home):
    first, _ = run(GOOD, BAD, HUMAN, ANGRY)
    assert [one.turns[0].conversation_id for one in first] == ["good", "bad", "human", "angry"]
    assert [any(one.soothing) for one in first] == [False, False, False, True]
    again, reused = run(ANGRY, GOOD, BAD, HUMAN)
    assert (again, reused) == ([first[3], *first[:3]], 4)
    (own_home / "store").rename(own_home / "away")
    assert run(ANGRY, GOOD, BAD, HUMAN) == (again, 0)


def test_how_often_and_when_it_was_said_is_taken_from_the_row(run):
    run(GOOD)
    at = datetime(2027, 1, 1, tzinfo=UTC)
    [one], reused = run(GOOD | {"cluster_size": 5, "started_at": at})
    assert reused == 1
    assert {(turn.times, turn.started_at) for turn in one.turns} == {(5, at)}


@pytest.mark.parametrize(
    "change", [{"satisfaction": 1}, {"intent": None}, {"language": "en"}, {"messages": BAD["messages"]}]
)
def test_another_row_is_judged_anew(run, change):
    run(GOOD)
    assert run(GOOD | change)[1] == 0


def test_other_limits_judge_all_anew_and_the_length_of_the_review_does_not(run, house):
    run(GOOD)

    def with_limits(**changed):
        limits = house.limits.model_copy(update=changed)
        return run(GOOD, house=type(house)(house.brand, house.taxonomy, house.matcher, limits))[1]

    assert with_limits(review_rows=7) == 1
    assert with_limits(max_answer_chars=5) == 0


def test_no_conversation_is_no_work(run):
    assert run() == ([], 0)
