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
from pipelines.retention import runs
from pipelines.snapshot import AUTHOR

RUNS = {"r33": "2026-08-17", "r34": "2026-08-23", "r35": "2026-08-24"}  # W34 ends when the 24th begins


@pytest.fixture
def tagged(tmp_path, monkeypatch):
    def git(*args, at="2026-01-01"):
        dates = {"GIT_AUTHOR_DATE": f"{at}T12:00:00Z", "GIT_COMMITTER_DATE": f"{at}T12:00:00Z"}
        env = {**os.environ, **AUTHOR, **dates}
        subprocess.run(["git", *args], cwd=tmp_path, env=env, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "first")
    for name, at in RUNS.items():
        git("commit", "-q", "--allow-empty", "-m", name, at=at)
        git("tag", f"data/{name}")
    for one in (home, runs, module):
        monkeypatch.setattr(one, "main_checkout", lambda: tmp_path)
    return git


def test_by_default_code_and_data_of_then(tagged):
    made = plan("2026-W34")
    assert made.conf == {"commit": "data/r34", "keep_data": True}
    assert "code and data of r34 (2026-08-23)" in made.says


def test_code_of_then_over_the_sources_of_now(tagged):
    assert plan("2026-W34", data="now", since="2026-06-01").conf == {
        "commit": "data/r34",
        "until": "2026-08-24",
        "since": "2026-06-01",
    }


def test_this_checkouts_code_needs_no_old_run(tagged):
    assert plan("2020-W01", code="now").conf == {"until": "2020-01-06"}


def test_a_week_before_the_first_run_says_what_there_is(tagged):
    with pytest.raises(KefuError, match="the first is of 2026-08-17") as caught:
        plan("2026-W33")
    assert "--code now" in str(caught.value)
    for name in RUNS:
        tagged("tag", "-d", f"data/{name}")
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


def test_the_command_says_what_it_would_do(tagged, capsys):
    assert main(["backfill", "--week", "2026-W34", "--dry-run"]) == 0
    assert '{"commit": "data/r34", "keep_data": true}' in capsys.readouterr().out
