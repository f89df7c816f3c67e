"""Uncertain intents go to the steward and come back decided."""

import csv
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.curate.review import FORMULA, Doubt, decisions, write_review
from pipelines.curate.turns import Turn
from pipelines.errors import KefuError
from pipelines.knowledge import load_reviews
from pipelines.records import DEDUPED, EXAMPLES
from pipelines.stage import StageRun, execute, read_table
from tests.code.curate.conftest import KNOWLEDGE
from tests.code.curate.test_curate_stage import conversation

ODD = "隔壁老王家的狗昨晚又叫了一整夜"
REPLY = "已经帮您登记反馈，物业会来处理的。"
HEAD = "question,language,decision\n"


@pytest.fixture
def knowledge(tmp_path):
    return shutil.copytree(KNOWLEDGE, tmp_path / "data/knowledge")


@pytest.fixture
def curated(tmp_path, params, knowledge):
    """curated(*questions): (metrics, examples by id, rows of the review), each question after a known one."""
    (tmp_path / "data/deduped").mkdir(parents=True)

    def run(*questions):
        known = ("customer", "怎么还不发货"), ("agent", "付款后48小时内发货的。")
        rows = [
            conversation(f"c{n}", *known, ("customer", question), ("agent", REPLY))
            for n, question in enumerate(questions)
        ]
        pq.write_table(pa.Table.from_pylist(rows, DEDUPED), tmp_path / "data/deduped/conversations.parquet")
        metrics = execute("curate", params, tmp_path, lambda *_: {})
        examples = read_table(tmp_path / "data/curated/examples.parquet", EXAMPLES).to_pylist()
        with (tmp_path / "data/curated/intent_review.csv").open(encoding="utf-8-sig", newline="") as file:
            return metrics, {row["example_id"]: row for row in examples}, list(csv.DictReader(file))

    return run


def put_back(knowledge, rows, decision):
    with (knowledge / "intent_reviews.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "decision": decision} for row in rows)


def test_the_whole_way_of_a_decision(curated, knowledge, brand):
    metrics, examples, review = curated(ODD, f"{ODD}！")
    assert "c0#1" not in examples and metrics["dropped"]["no_intent"] == 2
    [row] = review
    assert (row["question"], row["language"], row["asked"], row["decision"]) == (ODD, "zh", "2", "")
    assert row["now"] == "dropped: no_intent" and 0 <= float(row["confidence"]) < 0.5
    assert metrics["metrics"]["intent_review"] == {"to_decide": 1, "uncertain": 1, "decided": 0}

    put_back(knowledge, review, "service/complaint")
    metrics, examples, review = curated(ODD)
    row = examples["c0#1"]
    assert (row["intent"], row["intent_confidence"]) == ("service/complaint", 1.0)
    assert row["messages"][-1]["content"] == REPLY and review == []
    assert metrics["metrics"]["intent_review"] == {"to_decide": 0, "uncertain": 0, "decided": 1}


def test_a_steward_may_hand_over_or_leave_out(curated, knowledge, brand):
    _, _, review = curated(ODD)
    put_back(knowledge, review, "other/out_of_scope")
    _, examples, _ = curated(ODD)
    assert examples["c0#1"]["messages"][-1]["content"] == brand.fallback_reply.zh
    assert examples["c0#1"]["hand_over"]
    put_back(knowledge, review, "drop")
    metrics, examples, _ = curated(ODD)
    assert "c0#1" not in examples and metrics["dropped"]["reviewed_out"] == 1


def test_a_decision_outranks_the_log(house):
    from dataclasses import replace

    from pipelines.curate.judge import judge_all

    turn = Turn("c", 0, ODD, REPLY, "zh", intent="order/status")
    decided = replace(house, decisions={("zh", ODD): "service/complaint"})
    assert [judge_all([turn], h)[0].intent for h in (house, decided)] == ["order/status", "service/complaint"]


def test_no_file_decides_nothing_and_an_empty_decision_neither(knowledge):
    assert load_reviews(knowledge) == []
    (knowledge / "intent_reviews.csv").write_text(f"{HEAD}{ODD},zh,\n\n,,\n")
    assert load_reviews(knowledge) == []


@pytest.mark.parametrize("parted", [",", ";", "\t"])
def test_what_spreadsheets_save_is_read(knowledge, parted):
    lines = [["Question", "asked", "language", "decision"], [f'"{ODD}\n在吗"', "3", "zh", "order/status"]]
    text = "\r\n".join(parted.join(line) for line in lines)
    (knowledge / "intent_reviews.csv").write_text(text, encoding="utf-8-sig", newline="")
    [review] = load_reviews(knowledge)
    assert (review.language, review.decision) == ("zh", "order/status")
    assert decisions([review]) == {("zh", f"{ODD}在吗"): "order/status"}


def test_one_error_tells_every_fault(knowledge):
    rows = f"{ODD},zh,order/nothing\n,zh,drop\nwhy,fr,drop\nwhat,en,drop\nwhat,en,order/place\na,b,c,d\n"
    (knowledge / "intent_reviews.csv").write_text(HEAD + rows)
    with pytest.raises(KefuError) as raised:
        load_reviews(knowledge)
    told = str(raised.value)
    for line, what in [
        (2, "'order/nothing' is neither"),
        (3, "question is empty"),
        (4, "'fr' is not zh or en"),
        (6, "another decision stands on line 5"),
        (7, "4 cells under 3 columns"),
    ]:
        assert f"line {line}: " in told and what in told
    assert "5 fault(s)" in told


@pytest.mark.parametrize(
    ("text", "what"),
    [("question,decision\n", "columns are missing: language"), (f'{HEAD}"a', "as CSV"), ("", "missing")],
)
def test_a_file_of_another_shape_is_refused(knowledge, text, what):
    (knowledge / "intent_reviews.csv").write_text(text)
    with pytest.raises(KefuError, match=what):
        load_reviews(knowledge)


def test_no_cell_is_run_by_a_spreadsheet_and_the_most_asked_come_first(params, tmp_path):
    run = StageRun("curate", params, tmp_path)
    run.out.mkdir(parents=True)
    turns = [Turn(f"c{n}", 0, f"{head}1+1", "", "zh", times=n) for n, head in enumerate(FORMULA)]
    doubts = [Doubt(turn, "dropped: no_intent", (("order/place", 0.2),)) for turn in turns]
    assert write_review(run, doubts, 3) == 1  # without marks they are one question
    doubts += [Doubt(Turn(f"d{n}", 0, f"={'退货款'[n]}", "", "zh", times=99 + n), "x", ()) for n in range(3)]
    assert write_review(run, doubts, 3) == 3
    with (run.out / "intent_review.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["question"] for row in rows] == ["'=款", "'=货", "'=退"]
