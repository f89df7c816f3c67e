from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.dedup.stage import run as dedup
from pipelines.errors import KefuError
from pipelines.records import CONVERSATIONS, DEDUPED
from pipelines.stage import StageRun

START = datetime(2026, 9, 7, tzinfo=UTC)
QUESTION, ANSWER = "我昨天下的订单什么时候可以发货呢", "您好,付款后48小时内发货,请您放心"


def conversation(number, question=QUESTION, answer=ANSWER, days=0, **fields):
    at = START + timedelta(days=days)
    messages = [
        {"role": "system", "content": f"客服{number}已接入", "sent_at": at},
        {"role": "customer", "content": question, "sent_at": at},
        {"role": "agent", "content": answer, "sent_at": at},
    ]
    return {
        "conversation_id": f"c{number:03}",
        "customer_ref": "",
        "channel": "app",
        "language": "zh",
        "started_at": at,
        "messages": messages,
        "intent": None,
        "resolved": None,
        "satisfaction": None,
        "source_file": "shop.jsonl",
        "source_row": number,
    } | fields


def outcome(root, params, weeks):
    """What the stage writes and counts for these partitions."""
    folder = root / "data/masked"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number, rows in enumerate(weeks):
        pq.write_table(pa.Table.from_pylist(rows, CONVERSATIONS), folder / f"w{number}.parquet")
    run = StageRun("dedup", params, root)
    dedup(params, run)
    return run


def kept(run):
    return {row["conversation_id"]: row for row in run.tables["conversations"].to_pylist()}


def test_exact_and_near_duplicates_leave_one_row(tmp_path, params):
    rows = [
        conversation(1),
        conversation(2, question=QUESTION + "?"),
        conversation(3, question=QUESTION.replace("呢", "啊")),
        conversation(4, question="可以开增值税专用发票吗", answer="可以的,请在订单页填写税号"),
    ]
    run = outcome(tmp_path, params, [rows])
    assert {name: (row["cluster_id"], row["cluster_size"]) for name, row in kept(run).items()} == {
        "c001": ("c001", 3),
        "c004": ("c004", 1),
    }
    assert run.dropped == {"exact_duplicate": 1, "near_duplicate": 1}
    assert run.samples["near_duplicate"][0]["kept_id"] == "c001"
    assert run.metrics["largest_clusters"] == {"c001": 3}
    assert run.tables["conversations"].schema == DEDUPED
    assert (run.rows_in, run.rows_out) == (4, 2)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"resolved": True, "satisfaction": 5}, {"answer": ANSWER + "。" * 20}),
        ({"resolved": True, "satisfaction": 4}, {"resolved": True, "satisfaction": 3}),
        ({"answer": ANSWER + "!!"}, {"days": -3}),
        ({"days": -1}, {}),
        ({"days": 9}, {"started_at": None}),
    ],
)
def test_the_rule_of_what_is_kept(tmp_path, params, better, worse):
    run = outcome(tmp_path, params, [[conversation(1, **worse), conversation(2, **better)]])
    assert list(kept(run)) == ["c002"]
    assert kept(run)["c002"]["cluster_id"] == "c001"


def test_the_smallest_id_breaks_a_tie(tmp_path, params):
    assert list(kept(outcome(tmp_path, params, [[conversation(5), conversation(3), conversation(4)]]))) == [
        "c003"
    ]


def test_a_conversation_exported_twice_stands_once(tmp_path, params):
    longer = conversation(1, answer=ANSWER + "另外,运费满99元就免了,会员还可以用优惠券", source_file="later")
    run = outcome(tmp_path, params, [[conversation(1)], [longer]])
    assert [row["source_file"] for row in kept(run).values()] == ["later"]
    assert run.dropped == {"repeated_id": 1}


def test_conversations_without_words_are_no_duplicates(tmp_path, params):
    run = outcome(tmp_path, params, [[conversation(1, "👍", "..."), conversation(2, "??", "")]])
    assert list(kept(run)) == ["c001", "c002"]


def test_no_masked_folder_is_an_error(tmp_path, params):
    with pytest.raises(KefuError, match="not there"):
        dedup(params, StageRun("dedup", params, tmp_path))


questions = st.text(alphabet="退货款单查", min_size=4, max_size=9)
conversations = st.lists(questions, min_size=1, max_size=12).map(
    lambda texts: [conversation(i, text, text[::-1], days=i % 3) for i, text in enumerate(texts)]
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversations, st.data())
def test_any_order_and_grouping_of_weeks_gives_the_same_bytes(tmp_path, params, rows, data):
    once = outcome(tmp_path, params, [rows])
    written = (once.out / "conversations.parquet").read_bytes()
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    again = outcome(tmp_path, params, [shuffled[:cut], shuffled[cut:]])
    assert (again.out / "conversations.parquet").read_bytes() == written
    assert again.dropped == once.dropped
    assert again.samples == once.samples
