"""What came, changed, was renamed and vanished, and whom it is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import restricted
from pipelines.ingest import stage
from pipelines.ingest.arrivals import RUN, Arrivals, compare
from tests.code.ingest.conftest import message

files = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(lambda sha, rows: {"sha256": sha, "rows": rows}, st.sampled_from("xyz"), st.integers(0, 9)),
)


@given(files, files)
def test_each_file_that_differs_is_told_once(before, now):
    found = compare(before, now)
    assert sorted([*found.new, *found.renamed]) == sorted(now.keys() - before.keys())
    assert sorted([*found.vanished, *found.renamed.values()]) == sorted(before.keys() - now.keys())
    assert set(found.changed) == {
        n for n in before.keys() & now.keys() if before[n]["sha256"] != now[n]["sha256"]
    }
    assert all(now[name]["sha256"] == before[old]["sha256"] for name, old in found.renamed.items())
    shas = {before[name]["sha256"] for name in found.vanished}
    assert shas.isdisjoint(now[name]["sha256"] for name in found.new)


def week(name):
    return [message(f"{name}{i}", role, "hi") for i in range(2) for role in ("customer", "agent")]


@pytest.fixture
def weeks(checkout, monkeypatch):
    monkeypatch.delenv(RUN, raising=False)
    for name in "ab":
        checkout.jsonl(f"{name}.jsonl", week(name))
    checkout.run()
    return checkout


def told(checkout):
    """None on a first look."""
    checkout.run()
    found = checkout.metrics["metrics"]["arrivals"].get("shop")
    return Arrivals(**found) if found else None


def test_the_first_look_tells_nothing(weeks):
    assert weeks.metrics["metrics"]["arrivals"] == {}
    assert told(weeks) == Arrivals()


def test_what_came_changed_and_vanished_is_told_once(weeks, capsys):
    weeks.jsonl("c.jsonl", week("c"))
    weeks.jsonl("b.jsonl", week("x"))
    (weeks.logs / "a.jsonl").unlink()
    assert told(weeks) == Arrivals(
        new=["shop/c.jsonl"], changed=["shop/b.jsonl"], vanished={"shop/a.jsonl": 2}
    )
    assert {row["source_file"] for row in weeks.run()} == {"shop/b.jsonl", "shop/c.jsonl"}
    said = capsys.readouterr().out
    assert "ingest: shop/a.jsonl has vanished; its 2 conversations are in no table any more" in said
    assert "ingest: files of shop: 1 new, 1 changed" in said
    assert told(weeks) == Arrivals()


def test_a_renamed_file_is_not_read_again(weeks, monkeypatch):
    keys = {part["key"] for part in weeks.manifest}
    monkeypatch.setattr(stage, "unpack", lambda *_: pytest.fail("a known file was read again"))
    (weeks.logs / "a.jsonl").rename(weeks.logs / "z.jsonl")
    assert told(weeks) == Arrivals(renamed={"shop/z.jsonl": "shop/a.jsonl"})
    assert {part["key"] for part in weeks.manifest} == keys
    assert [row["source_file"] for row in weeks.run()] == ["shop/b.jsonl"] * 2 + ["shop/z.jsonl"] * 2


def test_a_file_that_comes_back_costs_nothing(weeks, monkeypatch):
    held = (weeks.logs / "a.jsonl").read_bytes()
    (weeks.logs / "a.jsonl").unlink()
    weeks.run()
    monkeypatch.setattr(stage, "unpack", lambda *_: pytest.fail("a known file was read again"))
    weeks.put("a.jsonl", held)
    assert told(weeks) == Arrivals(new=["shop/a.jsonl"])


def test_a_retried_task_is_told_the_same_again(weeks, monkeypatch):
    (weeks.logs / "a.jsonl").unlink()
    monkeypatch.setenv(RUN, "scheduled__1")
    assert told(weeks) == told(weeks) == Arrivals(vanished={"shop/a.jsonl": 2})
    monkeypatch.setenv(RUN, "scheduled__2")
    assert told(weeks) == Arrivals()


def test_another_path_under_the_name_is_another_source(weeks):
    other = weeks.root / "other"
    other.mkdir()
    (weeks.logs / "a.jsonl").rename(other / "a.jsonl")
    weeks.sources = [{"name": "shop", "path": "other"}]
    assert told(weeks) is None


@pytest.mark.parametrize("damaged", ["", "{", "[]", "{}"])
def test_a_damaged_record_counts_as_none(weeks, damaged):
    [record] = (restricted() / "sources").iterdir()
    record.write_text(damaged)
    (weeks.logs / "a.jsonl").unlink()
    assert told(weeks) is None


def test_ids_that_are_made_stay_when_the_file_is_renamed_or_grows(checkout):
    checkout.source(shape="qa")
    rows = [{"question": f"q{i % 2}", "answer": "a"} for i in range(3)]
    checkout.jsonl("a.jsonl", rows)
    before = [row["conversation_id"] for row in checkout.run()]
    assert len(set(before)) == 3
    (checkout.logs / "a.jsonl").unlink()
    checkout.jsonl("b.jsonl", [{"question": "new", "answer": "a"}, *rows])
    assert [row["conversation_id"] for row in checkout.run()][1:] == before
