"""When a run trains, and from what."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluate.champion import Champion
from pipelines.news.count import News
from pipelines.news.decide import enough, goes_on
from pipelines.params.sections import Retrain

SECTION = Retrain.model_validate(
    {"from": "champion", "base_every": 4, "replay": 0.5, "min_new_conversations": 20, "min_drift": 0.1}
)
CHAMPION = Champion("kefu-instruction", "3", "b" * 64, "a" * 64, 0, "c" * 64)
QUIET = News(5, 100, 8, 3, 0, 0.02, False)
news = st.builds(
    News,
    conversations=st.integers(0, 60),
    all_conversations=st.just(100),
    examples=st.integers(0, 50),
    documents=st.integers(0, 50),
    knowledge=st.integers(0, 3),
    drift=st.floats(0, 1),
    beyond_chance=st.booleans(),
)
sections = st.builds(
    lambda least, drift: SECTION.model_copy(update={"min_new_conversations": least, "min_drift": drift}),
    st.integers(0, 60),
    st.floats(0, 1),
)


@given(sections, news)
def test_more_news_never_trains_less(section, found):
    worth, _ = enough(section, CHAMPION, "", "", found, "auto")
    more = replace(found, conversations=found.conversations + 1, knowledge=found.knowledge + 1)
    assert enough(section, CHAMPION, "", "", more, "auto")[0] >= worth


@given(sections, news)
def test_it_is_skipped_only_below_both_thresholds(section, found):
    worth, why = enough(section, CHAMPION, "", "", found, "auto")
    drifted = found.beyond_chance and found.drift >= section.min_drift
    big = found.conversations >= section.min_new_conversations
    assert worth == bool(found.knowledge or (found.any and (big or drifted))) and why


@given(sections, news, st.sampled_from([CHAMPION, None]))
def test_always_trains(section, found, champion):
    assert enough(section, champion, "none", "", found, "always")[0]


@pytest.mark.parametrize(("champion", "misfit", "found", "why"), [
    (None, "", QUIET, "none yet"), (CHAMPION, "r differs", QUIET, "r differs"),
    (CHAMPION, "", replace(QUIET, knowledge=2), "2 rows of FAQ"),
    (CHAMPION, "", replace(QUIET, conversations=20), "20 new conversations"),
    (CHAMPION, "", replace(QUIET, drift=0.3, beyond_chance=True), "moved by 0.30"),
])  # fmt: skip
def test_it_says_why_it_trains(champion, misfit, found, why):
    worth, said = enough(SECTION, champion, "none yet", misfit, found, "auto")
    assert worth and why in said


@pytest.mark.parametrize(("found", "why"), [
    (QUIET, "5 new conversations, of 20"), (replace(QUIET, drift=0.4), "as by chance"),
    (replace(QUIET, conversations=30, examples=0, documents=0), "30 new conversations"),
])  # fmt: skip
def test_it_says_why_it_does_not(found, why):
    worth, said = enough(SECTION, CHAMPION, "", "", found, "auto")
    assert not worth and why in said


def test_every_nth_version_starts_from_the_base():
    def on(generation, every):
        section = SECTION.model_copy(update={"base_every": every})
        return goes_on(section, replace(CHAMPION, generation=generation), "", "", QUIET)[0]

    assert [on(generation, 4) for generation in range(4)] == [True, True, True, False]
    assert not on(0, 1) and on(99, 0)


@pytest.mark.parametrize(("changes", "champion", "misfit", "found", "why"), [
    ({}, None, "", QUIET, "none yet"), ({"from_": "base"}, CHAMPION, "", QUIET, "retrain.from"),
    ({}, CHAMPION, "r differs", QUIET, "r differs"),
    ({}, CHAMPION, "", replace(QUIET, examples=0, documents=0), "every row"),
])  # fmt: skip
def test_it_says_why_it_starts_from_the_base(changes, champion, misfit, found, why):
    on, said = goes_on(SECTION.model_copy(update=changes), champion, "none yet", misfit, found)
    assert not on and why in said
