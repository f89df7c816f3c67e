import pytest

from pipelines.dedup.stage import run as dedup
from pipelines.errors import KefuError
from pipelines.records import DEDUPED
from pipelines.stage import StageRun
from tests.code.dedup.weeks import ANSWER, QUESTION, conversation, kept, outcome


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
