"""Many texts: each analysed once a run, in one process or several, with the same findings."""

import pytest

from pipelines.mask import workers as module
from pipelines.mask.workers import Workers

TEXTS = [f"我叫张伟{i},电话1380013{i:04d}" for i in range(40)] + [
    "call Sarah Miller at (415) 555-0132",
    "",
    "  ",
]


@pytest.fixture
def analysed(monkeypatch):
    """The texts that were given to the analyzer, in order."""
    given, find = [], module._find

    def seen(batch, score_threshold):
        given.extend(batch)
        return find(batch, score_threshold)

    monkeypatch.setattr(module, "_find", seen)
    return given


def test_two_processes_find_what_one_finds():
    with Workers(0.5, 2, 8) as two, Workers(0.5, 1, 64) as one:
        assert two.find(TEXTS) == one.find(TEXTS)


def test_a_distinct_text_is_analysed_once_a_run(analysed):
    with Workers(0.5, 1, 8) as workers:
        first = workers.find([*TEXTS, *TEXTS])
        assert sorted(analysed) == sorted(first) == sorted(text for text in TEXTS if text.strip())
        analysed.clear()
        again = workers.find([TEXTS[3], TEXTS[0], "新的一句"])
        assert analysed == ["新的一句"]
        assert again[TEXTS[3]] == first[TEXTS[3]] and set(again) == {TEXTS[3], TEXTS[0], "新的一句"}


def test_what_is_remembered_is_bounded_and_what_was_met_last_stays(analysed, monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 2)
    with Workers(0.5, 1, 8) as workers:
        for text in ("一", "二", "一", "三"):
            workers.find([text])
        assert list(workers._known) == ["一", "三"]
        analysed.clear()
        assert set(workers.find(["一", "二", "三"])) == {"一", "二", "三"}
        assert analysed == ["二"] and len(workers._known) == 2


def test_nothing_starts_before_the_first_text():
    with Workers(0.5, 2, 8) as workers:
        assert workers.find(["", " "]) == {} and workers._pool is None
