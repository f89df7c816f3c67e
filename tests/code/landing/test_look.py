"""New content is told once, when it is whole, and only then."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.landing.look import Landing, look, remember

contents = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3)


@pytest.fixture
def watched(params, tmp_path):
    source = params.sources[0].model_copy(update={"path": "logs"})
    (tmp_path / "logs").mkdir()
    own = params.model_copy(update={"sources": [source]})
    kept = [None]

    def now():
        kept[0], arrived = look(own, kept[0], tmp_path)
        return arrived

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
    told = set()
    for files in states:
        kept, early = remember(kept, listing(files))
        kept, arrived = remember(kept, listing(files))
        assert (early or arrived) == (set(files.values()) != told and bool(files))
        told = set(files.values())


def test_what_is_remembered_survives_json():
    import json
    from dataclasses import asdict

    kept, _ = remember(None, listing({"a": "x"}))
    assert Landing(**json.loads(json.dumps(asdict(kept)))) == kept
