"""A new week is joined to what is remembered, and the result is that of an empty start."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.dedup import stage, store
from pipelines.home import home
from tests.code.dedup.weeks import conversation, outcome

OFTEN = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
questions = st.text(alphabet="退货款单查", max_size=9)
rows = st.lists(questions, min_size=1, max_size=12).map(
    lambda texts: [conversation(i, text, text[::-1], days=i % 3) for i, text in enumerate(texts)]
)
week = st.lists(st.tuples(st.integers(0, 5), questions), max_size=5).map(
    lambda said: [conversation(i, text, text[::-1] * 2, source_row=n) for n, (i, text) in enumerate(said)]
)
arrivals = st.lists(st.tuples(st.sampled_from("abcd"), st.one_of(st.none(), week)), min_size=1, max_size=6)


def told(run):
    """All that a run says and writes, but how much of it was remembered."""
    metrics = {name: value for name, value in run.metrics.items() if name != "partitions"}
    return (run.out / "conversations.parquet").read_bytes(), run.dropped, run.samples, metrics, run.rows_in


def forget():
    for file in (home() / "store/dedup").glob("*"):
        file.unlink()


@OFTEN
@given(arrivals)
def test_weeks_that_come_change_and_go_leave_what_an_empty_start_gives(tmp_path, params, arrivals):
    weeks = {}
    for name, said in arrivals:
        weeks[name] = [row | {"source_file": name} for row in said or []]
        if said is None:
            del weeks[name]
        ordered = {name: weeks[name] for name in sorted(weeks)}
        again = told(outcome(tmp_path, params, ordered))
    forget()
    assert told(outcome(tmp_path, params, ordered)) == again


@OFTEN
@given(rows, st.data())
def test_any_order_and_grouping_of_weeks_gives_the_same_bytes(tmp_path, params, rows, data):
    once = told(outcome(tmp_path, params, {"a": rows}))
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    assert told(outcome(tmp_path, params, {"a": shuffled[:cut], "b": shuffled[cut:]})) == once


@pytest.fixture
def weeks():
    return {
        f"w{n}": [conversation(5 * n + i, f"第{i}个问题是怎么回事呢") for i in range(5)] for n in range(3)
    }


def test_the_words_of_a_remembered_week_are_not_read(tmp_path, params, weeks, monkeypatch):
    outcome(tmp_path, params, {"w0": weeks["w0"], "w1": weeks["w1"]})
    read = []
    index_of = stage.index_of
    monkeypatch.setattr(stage, "index_of", lambda table, *rest: read.append(table) or index_of(table, *rest))
    run = outcome(tmp_path, params, weeks)
    assert [table.column("conversation_id").to_pylist() for table in read] == [
        [f"c{n:03}" for n in range(10, 15)]
    ]
    assert run.metrics["partitions"] == {"all": 3, "reused": 2}


@pytest.mark.parametrize(("knob", "value", "reused"), [("jaccard", 0.7, 3), ("ngram", 4, 0), ("rows", 5, 0)])
def test_an_index_is_used_again_under_the_knobs_it_depends_on(tmp_path, params, weeks, knob, value, reused):
    outcome(tmp_path, params, weeks)
    changed = params.model_copy(update={"dedup": params.dedup.model_copy(update={knob: value})})
    assert outcome(tmp_path, changed, weeks).metrics["partitions"]["reused"] == reused


@pytest.mark.parametrize(
    "damage", [lambda raw: b"", lambda raw: raw[: len(raw) // 2], lambda raw: _flipped(raw)]
)
def test_a_damaged_index_is_made_again(tmp_path, params, weeks, damage):
    first = told(outcome(tmp_path, params, weeks))
    for file in (home() / "store/dedup").iterdir():
        file.write_bytes(damage(file.read_bytes()))
    again = outcome(tmp_path, params, weeks)
    assert told(again) == first
    assert again.metrics["partitions"]["reused"] == 0


def _flipped(raw):
    return raw[:40] + bytes([raw[40] ^ 255]) + raw[41:]


def test_an_index_holds_no_words(tmp_path, params, weeks):
    outcome(tmp_path, params, weeks)
    held = [store.recall(file.stem) for file in (home() / "store/dedup").iterdir()]
    assert len(held) == 3
    told = json.dumps(
        [table.drop_columns(["text", "shingles", "bands"]).to_pylist() for table in held], default=str
    )
    assert "问题" not in told
    assert "48小时" not in told
