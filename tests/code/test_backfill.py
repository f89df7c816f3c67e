"""Which run, code and data a past week is rebuilt from."""

import os
import subprocess
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import backfill as module
from pipelines import home
from pipelines.__main__ import main
from pipelines.backfill import end_of, plan
from pipelines.errors import KefuError
from pipelines.snapshot import AUTHOR

W33, W34 = "scheduled__2026-08-16", "scheduled__2026-08-23"  # W34 ends when the 24th begins
THEN = f"data/{W34}"


@pytest.fixture
def branch(tmp_path, monkeypatch):
    """A branch with the runs of two weeks; `run` adds another."""
    made = Runs(tmp_path)
    for one in (home, module):
        monkeypatch.setattr(one, "main_checkout", lambda: tmp_path)
    made.run(W33, "2026-08-16")
    made.run(W34, "2026-08-23")
    return made


class Runs:
    def __init__(self, root):
        self.root = root
        self.git("init", "-q", "-b", "main")
        self.commit("first", "2026-08-01")

    def git(self, *args, at="2026-08-01"):
        dates = {"GIT_AUTHOR_DATE": f"{at}T20:00:00Z", "GIT_COMMITTER_DATE": f"{at}T20:00:00Z"}
        env = {**os.environ, **AUTHOR, **dates}
        return subprocess.run(["git", *args], cwd=self.root, env=env, check=True, capture_output=True)

    def commit(self, subject, at):
        self.git("commit", "-q", "--allow-empty", "-m", subject, at=at)

    def run(self, name, began, ended=None, start="main", before=(), tag=None):
        """A run's commits from `start` on, as workspace.py makes them, and its tag."""
        self.git("checkout", "-q", "--detach", start)
        for subject in (*before, f"Inputs of {name}"):
            self.commit(subject, began)
        for stage in ("", ": mask", ""):
            self.commit(f"Data of {name}{stage}", ended or began)
        self.git("tag", tag or f"data/{name}")
        self.git("checkout", "-q", "main")


def test_by_default_code_and_data_of_then_and_it_trains(branch):
    made = plan("2026-W34")
    assert made.conf == {"commit": THEN, "keep_data": True, "train": "always"}
    assert f"code and data of {W34} (2026-08-23)" in made.says


def test_code_of_then_over_the_sources_of_now(branch):
    assert plan("2026-W34", data="now", since="2026-06-01").conf == {
        "commit": THEN,
        "until": "2026-08-24",
        "since": "2026-06-01",
        "train": "always",
    }


def test_this_checkouts_code_needs_no_old_run(branch):
    assert plan("2020-W01", code="now").conf == {"until": "2020-01-06", "train": "always"}


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"code": "now", "data": "then"}, "--code now, --data then"),
        ({"since": "2026-06-01"}, "the data of then is taken as it was"),
        ({"since": "garbage", "code": "now"}, "'garbage' is no day"),
        ({"since": "", "code": "now"}, "'' is no day"),
        ({"since": "2026-08-24", "data": "now"}, "is not before 2026-08-24"),
    ],
)
def test_what_cannot_be_had_is_refused(branch, asked, match):
    with pytest.raises(KefuError, match=match):
        plan("2026-W34", **asked)


def test_a_first_day_holds_for_the_sources_alone(branch):
    assert plan("2026-W34", code="now", data="now", since="2026-08-23").conf["since"] == "2026-08-23"


FOREIGN = {
    "parameters": {"before": ["Parameters of x"]},
    "edits": {"before": ["Snapshot of uncommitted edits"]},
    "data of another run": {"start": f"data/{W33}"},
    "another branch": {"start": "other"},
}


@pytest.mark.parametrize("why", FOREIGN)
def test_experiments_and_rebuilt_weeks_in_between_are_not_the_weeks_state(branch, why):
    branch.git("checkout", "-q", "-b", "other")
    branch.commit("not merged", "2026-08-20")
    branch.git("checkout", "-q", "main")
    branch.run("x", "2026-08-23", **FOREIGN[why])
    assert plan("2026-W34").conf["commit"] == THEN
    branch.git("tag", "-d", THEN)
    with pytest.raises(KefuError, match=f"not x of 2026-08-23, since it .*{why}") as caught:
        plan("2026-W34")
    assert "the last before is of 2026-08-16" in str(caught.value) and "--code now" in str(caught.value)


def test_a_run_by_hand_that_nobody_changed_is_the_branchs_own(branch):
    branch.run("manual__1", "2026-08-23", before=())
    branch.commit("the branch goes on", "2026-08-25")
    assert plan("2026-W34").conf["commit"] in (THEN, "data/manual__1")
    branch.git("tag", "-d", THEN)
    assert plan("2026-W34").conf["commit"] == "data/manual__1"


def test_a_scheduled_run_takes_uncommitted_edits_along(branch):
    branch.git("tag", "-d", THEN)
    branch.run(
        "scheduled__x", "2026-08-22", before=["Snapshot of uncommitted edits", "Parameters of scheduled__x"]
    )
    assert plan("2026-W34").conf["commit"] == "data/scheduled__x"


def test_a_run_is_of_the_week_it_began_in_and_its_last_publication_counts(branch):
    branch.run("scheduled__w35", "2026-08-30", ended="2026-08-31")
    branch.run(
        "scheduled__w35",
        "2026-08-30",
        ended="2026-09-02",
        start="data/scheduled__w35",
        tag="data/scheduled__w35+2",
    )
    assert plan("2026-W35").conf["commit"] == "data/scheduled__w35+2"
    with pytest.raises(KefuError, match="the last before is of 2026-08-30"):
        plan("2026-W36")


def test_a_week_without_a_run_says_what_there_is(branch):
    with pytest.raises(KefuError, match="the first after is of 2026-08-16"):
        plan("2026-W32")
    branch.git("tag", "-d", f"data/{W33}", THEN)
    with pytest.raises(KefuError, match="there is none at all"):
        plan("2026-W34")


@given(st.dates(date(2000, 1, 3), date(2099, 1, 1)))
def test_a_week_ends_where_the_next_begins(day):
    year, week, weekday = day.isocalendar()
    end = end_of(f"{year}-W{week:02}")
    assert (end - day).days == 8 - weekday and end.isoweekday() == 1


@pytest.mark.parametrize("week", ["2026-34", "2026-W54", "W34", "2026-W00", "", "2025-W53"])
def test_what_is_no_week_is_refused(week):
    with pytest.raises(KefuError, match="is no week"):
        end_of(week)


def test_the_command_says_what_it_would_do(branch, own_home, monkeypatch, capsys):
    monkeypatch.delenv("KEFU_GIT_REMOTE", raising=False)
    assert main(["backfill", "--week", "2026-W34", "--dry-run"]) == 0
    assert f'{{"commit": "{THEN}", "keep_data": true, "train": "always"}}' in capsys.readouterr().out
