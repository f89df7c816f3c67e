"""What is remembered of rows is what would be made of them, whatever happened to the store."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import memo as memo_module
from pipelines.memo import Memo, row_key

rows = st.lists(st.text(max_size=4), max_size=8)


@pytest.fixture(autouse=True)
def _own_store(own_home):
    """No test finds what another remembered."""


def flipped(raw, place):
    """A damaged page, a damaged name of a column."""
    return raw[:place] + bytes([raw[place] ^ 255]) + raw[place + 1 :]


def outcome(texts, *depends_on):
    """(results, rows that were worked on, how many were reused)"""
    worked = []

    def work(missing):
        for number in missing:
            worked.append(texts[number])
            yield [texts[number][::-1], len(texts[number]), None]

    memo = Memo("room", *depends_on)
    return memo.map([row_key(text) for text in texts], work), worked, memo.reused


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, max_size=5))
def test_runs_in_any_order_give_what_each_would_alone(runs):
    seen = set()
    for texts in runs:
        results, _, _ = outcome(texts, "property")
        assert results == [[text[::-1], len(text), None] for text in texts]
        seen |= set(texts)
    assert outcome(list(seen), "property")[1] == []


def test_only_new_rows_are_worked_on():
    assert outcome(["a", "b"]) == ([["a", 1, None], ["b", 1, None]], ["a", "b"], 0)
    assert outcome(["b", "c", "a"])[1:] == (["c"], 2)


def test_other_dependencies_remember_apart():
    outcome(["a"], "code 1")
    assert outcome(["a"], "code 2")[1] == ["a"]
    assert outcome(["a"], "code 1")[1] == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:40],
        lambda raw: flipped(raw, 80),
        lambda raw: flipped(raw, raw.index(b"result")),
    ],
)
def test_a_damaged_file_counts_as_absent(own_home, damage):
    outcome(["a", "b"])
    [file] = (own_home / "store/room").rglob("*.parquet")
    file.write_bytes(damage(file.read_bytes()))
    assert outcome(["a", "b"])[1] == ["a", "b"]


def test_many_files_become_one(own_home, monkeypatch):
    monkeypatch.setattr(memo_module, "MOST_FILES", 3)
    for name in "abcd":
        outcome([name])
    assert len(list((own_home / "store/room").rglob("*.parquet"))) == 1
    assert outcome(list("abcd"))[1:] == ([], 4)


def test_work_that_fails_leaves_nothing_behind(own_home):
    def fails(missing):
        yield 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Memo("room").map([row_key("a"), row_key("b")], fails)
    assert not list((own_home / "store").rglob("*.p*"))


def test_keys_tell_rows_apart():
    keys = {row_key(row) for row in ("a", ["a"], {"a": 1}, {"a": "1"}, None, ["a", None])}
    assert len(keys) == 6
    assert row_key({"a": 1, "b": 2}) == row_key({"b": 2, "a": 1})
