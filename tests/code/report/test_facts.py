"""What the page says."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.evaluate.judge import is_right
from pipelines.records import SAMPLES
from pipelines.report.answers import compare
from pipelines.report.facts import gather
from tests.code.evaluate.checkout import tiny_params


def row(model="candidate", name="e1", **changed):
    return {
        **dict.fromkeys(SAMPLES.names),
        "example_id": name,
        "model": model,
        "intent": "order/place",
        "predicted_intent": "order/place",
        "facts_found": 1,
        "facts_total": 1,
        "hand_over_expected": False,
        "hand_over_given": False,
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "right"),
    [
        ({}, True),
        ({"facts_found": 0}, False),
        ({"facts_total": 0, "facts_found": 0}, True),
        ({"facts_total": 0, "facts_found": 0, "predicted_intent": "refund/time"}, False),
        ({"hand_over_given": True}, False),
        ({"hand_over_expected": True}, False),
        ({"hand_over_expected": True, "hand_over_given": True, "facts_total": 0}, True),
    ],
)
def test_right(changed, right):
    assert is_right(row(**changed)) is right


def test_changes_are_against_the_champion_where_there_is_one():
    rows = [row("base", facts_found=0), row("champion"), row("candidate", facts_found=0)]
    assert [entry["change"] for entry in compare(rows)] == ["worse"]
    assert [entry["change"] for entry in compare([rows[0], rows[2]])] == ["wrong"]


def test_the_worst_come_first():
    rows = []
    for name, before, after in (("a", 1, 1), ("b", 0, 1), ("c", 0, 0), ("d", 1, 0)):
        rows += [row("base", name, facts_found=before), row("candidate", name, facts_found=after)]
    assert [entry["change"] for entry in compare(rows)] == ["worse", "wrong", "better", "right"]


@pytest.fixture
def checkout(tmp_path):
    metrics = tmp_path / "data/metrics"
    metrics.mkdir(parents=True)
    found = {"seconds": 1.0, "rows_in": 10, "rows_out": 6, "samples": {"curt_reply": [{"id": "1"}]}}
    found |= {
        "dropped": {"curt_reply": 3, "corrected_wrong_fact": 1, "never": 0},
        "metrics": {},
        "checks": {},
    }
    (metrics / "curate.json").write_text(json.dumps(found))
    (tmp_path / "data/evaluation").mkdir()
    (tmp_path / "data/evaluation/summary.json").write_text("{}")
    table = pa.Table.from_pylist([row("base"), row()], schema=SAMPLES)
    pq.write_table(table, tmp_path / "data/evaluation/samples.parquet")
    return tmp_path


def test_what_was_corrected_is_listed_but_not_left_out(checkout):
    facts = gather(tiny_params(), checkout)
    assert [(r["reason"], r["count"]) for r in facts["removed"]] == [
        ("curt_reply", 3),
        ("corrected_wrong_fact", 1),
    ]
    assert facts["removed"][0]["samples"] == [{"id": "1"}]
    assert facts["flow"] == [{"stage": "curate", "rows_out": 6, "left_out": 3, "unit": "examples"}]


def test_a_run_without_some_stages_is_shown_without_them(checkout):
    facts = gather(tiny_params(), checkout)
    assert [stage["stage"] for stage in facts["stages"]] == ["curate"]
    assert facts["masking"]["types"] == [] and facts["curves"] == {"pretrain": [], "tune": []}


def test_synthetic_rows_are_added_to_the_training_rows(checkout):
    for stage, own in (
        ("split", {"rows": {"train": {"faq/zh": 5, "rule/zh": 1}, "test": {"faq/zh": 2}}}),
        ("synthesize", {"made": {"paraphrase/zh": 3, "rule/zh": 2}, "share": 0.45}),
    ):
        found = {"seconds": 1.0, "rows_in": 1, "rows_out": 1, "dropped": {}, "metrics": own}
        (checkout / f"data/metrics/{stage}.json").write_text(json.dumps(found))
    facts = gather(tiny_params(), checkout)
    assert facts["composition"]["train_and_synthetic"] == {"faq/zh": 5, "rule/zh": 3, "paraphrase/zh": 3}
    assert facts["composition"]["test"] == {"faq/zh": 2} and facts["synthetic_share"] == 0.45
