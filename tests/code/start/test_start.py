"""What is new to an adapter, how much is replayed, and that the start is pinned."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.evaluate.champion import Champion
from pipelines.start import seen
from pipelines.start.pinned import PINNED, Start, read_start, write_start
from pipelines.start.replay import how_many, room_for_new
from tests.code.training.tiny import example

CHAMPION = Champion("kefu-instruction", "3", "b" * 64, "a" * 64, 1, "c" * 64)
documents = st.lists(st.text(max_size=5).map(lambda text: {"text": text}), max_size=12)


@given(documents, documents)
def test_a_row_is_new_exactly_when_its_content_was_not_there(before, now):
    had = seen.Seen({"corpus": frozenset(map(seen.key_of, before))})
    new, known = had.parted(now, "corpus")
    texts = {row["text"] for row in before}
    assert [row["text"] in texts for row in new] == [False] * len(new)
    assert all(row["text"] in texts for row in known) and len(new) + len(known) == len(now)


def test_a_changed_answer_is_new_and_another_id_is_not():
    row = example(1)
    changed = {**row, "messages": [*row["messages"][:-1], {"role": "assistant", "content": "15 days."}]}
    had = seen.Seen({"train": frozenset({seen.key_of(row)})})
    assert had.parted([row | {"example_id": "other"}, changed], "train") == (
        [changed],
        [row | {"example_id": "other"}],
    )
    assert had.parted([row], "held_out") == ([row], [])


def test_the_list_is_read_back_and_only_as_it_was_registered(tmp_path):
    rows = {"train": [example(i) for i in range(5)], "held_out": [], "corpus": [{"text": "满99包邮"}]}
    sha = seen.write_seen(tmp_path / "a", rows)
    assert sha == seen.write_seen(tmp_path / "b", {side: found[::-1] for side, found in rows.items()})
    found = seen.read_seen(tmp_path / "a", sha)
    assert {side: len(keys) for side, keys in found.keys.items()} == {"train": 5, "corpus": 1}
    assert found.parted(rows["corpus"], "corpus") == ([], rows["corpus"])
    assert seen.read_seen(tmp_path / "a", "0" * 64) is None
    assert seen.read_seen(tmp_path / "none", sha) is None and seen.read_seen(tmp_path / "a", "") is None
    assert "包邮".encode() not in (tmp_path / "a").read_bytes()


def test_an_empty_list_can_be_written(tmp_path):
    assert seen.read_seen(tmp_path / "a", seen.write_seen(tmp_path / "a", {"train": []})).keys == {}


@given(st.integers(0, 500), st.floats(0, 0.95), st.integers(0, 64))
def test_the_share_of_known_rows(new, share, least):
    known = how_many(new, share, least)
    assert known >= 0 and new + known >= least
    if new + known > least:
        assert known / max(new + known, 1) == pytest.approx(share, abs=1 / max(new + known, 1))


@given(st.integers(0, 5000), st.floats(0, 0.95))
def test_new_and_replayed_rows_keep_within_the_limit(limit, share):
    room = room_for_new(limit, share)
    assert (room == 0) == (limit == 0)
    assert not limit or room + how_many(room, share, 0) <= limit + 1 / (1 - share)


def test_the_start_is_pinned(tmp_path):
    write_start(tmp_path, Start(CHAMPION, 2))
    found = read_start(tmp_path)
    assert found == Start(CHAMPION, 2) and found.key == "a" * 64
    assert read_start(tmp_path / "elsewhere") == Start()
    other = replace(CHAMPION, adapter_sha256="d" * 64)
    before = (tmp_path / PINNED).read_bytes()
    write_start(tmp_path, Start(other, 2))
    assert (tmp_path / PINNED).read_bytes() != before


@pytest.mark.parametrize("text", ["", "[]", '{"champion": {"name": 1}, "generation": 0}'])
def test_a_start_that_cannot_be_read_says_what_to_do(tmp_path, text):
    (tmp_path / "data").mkdir()
    (tmp_path / PINNED).write_text(text)
    with pytest.raises(KefuError, match="enough-news"):
        read_start(tmp_path)


def test_the_committed_start_is_the_base():
    from tests.conftest import ROOT

    assert json.loads((ROOT / PINNED).read_text()) == {"champion": None, "generation": 0}
