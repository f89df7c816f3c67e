"""New content is told once, when it is whole, and only then."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.landing.look import Landing, look, remember, told

contents = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3)


@pytest.fixture
def watched(params, tmp_path):
    source = params.sources[0].model_copy(update={"path": "logs"})
    (tmp_path / "logs").mkdir()
    own = params.model_copy(update={"sources": [source]})
    kept = [None]

    def now(starts=True):
        kept[0], arrived = look(own, kept[0], tmp_path)
        run_id = kept[0].run_id
        if arrived and starts:
            kept[0] = told(kept[0], kept[0].content)
        return arrived if starts else run_id

    return tmp_path / "logs", now


def test_a_new_file_is_told_at_the_second_look_and_once(watched):
    logs, arrived = watched
    (logs / "a.jsonl").write_text("{}\n")
    assert [arrived(), arrived()] == [False, False]  # the first look only remembers
    (logs / "b.jsonl").write_text("{")
    assert not arrived()
    (logs / "b.jsonl").write_text("{}\n" * 3)  # still being written
    assert [arrived(), arrived(), arrived()] == [False, True, False]


def test_a_touched_file_is_no_news_and_a_changed_one_is(watched):
    logs, arrived = watched
    (logs / "a.jsonl").write_text("{}\n")
    arrived()
    os.utime(logs / "a.jsonl", (1, 1))
    assert [arrived(), arrived(), arrived()] == [False] * 3
    (logs / "a.jsonl").write_text("[]\n")
    assert [arrived(), arrived()] == [False, True]


def test_an_empty_landing_zone_is_waited_at(watched):
    logs, arrived = watched
    assert [arrived(), arrived()] == [False, False]
    (logs / "a.jsonl").write_text("{}\n")
    assert [arrived(), arrived(), arrived()] == [False, True, False]


def listing(files):
    return {name: {"stat": content, "sha256": content} for name, content in files.items()}


@given(st.lists(contents, min_size=1, max_size=8))
def test_what_settled_is_told_exactly_when_it_differs_from_what_was_told(states):
    kept, _ = remember(None, {})
    known = set()
    for files in states:
        kept, early = remember(kept, listing(files))
        kept, arrived = remember(kept, listing(files))
        assert (early or arrived) == (set(files.values()) != known and bool(files))
        kept = told(kept, kept.content) if arrived else kept
        known = set(files.values())


def test_an_arrival_is_told_under_one_id_until_its_run_was_started(watched):
    logs, arrived = watched
    arrived()
    (logs / "a.jsonl").write_text("{}\n")
    arrived()
    ids = {arrived(starts=False) for _ in range(3)}  # as where the run cannot be started
    assert len(ids) == 1 and arrived() and not arrived()
    assert arrived(starts=False) not in ids


def test_content_that_comes_back_gets_a_run_of_its_own():
    kept, ids = remember(None, {})[0], []
    for content in ("x", "y", "x", "y"):
        for _ in range(2):
            kept, arrived = remember(kept, listing({"a": content}))
        assert arrived
        ids.append(kept.run_id)
        kept = told(told(kept, kept.content), kept.content)  # said twice, counted once
    assert len(set(ids)) == 4 and kept.runs == 4


def test_what_is_remembered_survives_json():
    import json
    from dataclasses import asdict

    kept, _ = remember(None, listing({"a": "x"}))
    assert Landing(**json.loads(json.dumps(asdict(kept)))) == kept
