"""The rule: whatever set of runs and versions there is, none goes that a version, or its age, keeps."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.retention.policy import DAY_S, Run, going, staying

NOW = 1_000 * DAY_S
RUNS = st.lists(
    st.builds(
        Run,
        name=st.sampled_from([f"r{n}" for n in range(12)]),
        at=st.floats(0, 1_100).map(lambda day: day * DAY_S),
        refs=st.just(("refs/tags/data/x",)),
        working=st.booleans(),
    ),
    unique_by=lambda run: run.name,
)
NEEDED = st.sets(st.sampled_from([f"r{n}" for n in range(14)]))
DAYS = st.floats(0, 400)


@given(RUNS, NEEDED, DAYS)
def test_what_goes_is_needed_by_nobody_and_old(runs, needed, days):
    for run in going(runs, needed, NOW, days):
        assert run.name not in needed and not run.working and NOW - run.at > days * DAY_S


@given(RUNS, NEEDED, DAYS)
def test_every_run_stays_or_goes(runs, needed, days):
    gone = {run.name for run in going(runs, needed, NOW, days)}
    assert gone | staying(runs, needed, NOW, days) == {run.name for run in runs}
    assert not gone & staying(runs, needed, NOW, days)


@given(RUNS, NEEDED, DAYS)
def test_the_oldest_go_first_and_nothing_more_a_day_later_than_by_age(runs, needed, days):
    gone = going(runs, needed, NOW, days)
    assert [run.at for run in gone] == sorted(run.at for run in gone)
    assert {r.name for r in gone} <= {r.name for r in going(runs, needed, NOW + DAY_S, days)}


def test_a_run_of_the_future_is_young():
    assert going([Run("r", NOW + DAY_S, ())], set(), NOW, 0) == []
