"""A clock that was set takes nothing, until somebody says that it is right."""

import pytest

from pipelines.errors import KefuError
from pipelines.retention import clock
from pipelines.retention.collect import collect
from pipelines.retention.policy import DAY_S
from tests.code.retention.conftest import NOW
from tests.code.retention.test_collect import PARAMS


@pytest.mark.parametrize("days", [400, 14.1, -1.1, -400])
def test_a_clock_far_from_the_last_collection_takes_nothing(installation, days):
    collect(PARAMS, dry=False, now=NOW)
    kept, later = installation.names(), NOW + days * DAY_S
    for dry in (True, False):
        with pytest.raises(KefuError, match=r"2030-03-17.*nothing was taken"):
            collect(PARAMS, dry=dry, now=later)
    assert installation.names() == kept
    collect(PARAMS, dry=False, now=NOW + DAY_S)  # once it is set right


def test_who_says_that_the_clock_is_right_says_it_once(installation):
    collect(PARAMS, dry=False, now=NOW)
    collect(PARAMS, dry=False, now=NOW + 400 * DAY_S, force=True)
    assert installation.names() == {"version"}
    collect(PARAMS, dry=False, now=NOW + 401 * DAY_S)


def test_a_new_commit_under_a_wrong_clock_does_not_vouch_for_it(installation):
    collect(PARAMS, dry=False, now=NOW)
    installation.run("ahead", -400)
    with pytest.raises(KefuError, match="the last collection was on"):
        collect(PARAMS, dry=False, now=NOW + 400 * DAY_S)


def test_before_the_first_collection_the_newest_run_counts(installation):
    with pytest.raises(KefuError, match="the last run was on 2030-03-14"):
        collect(PARAMS, dry=False, now=NOW + 400 * DAY_S)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "known_runs", list)
        clock.check(NOW + 400 * DAY_S)  # an installation without runs


@pytest.mark.parametrize("found", [b"", b"19000x", b"\xff"])
def test_a_damaged_memory_takes_nothing_until_somebody_vouches_for_the_clock(installation, found):
    (installation.home / clock.FILE).write_bytes(found)
    kept = installation.names()
    with pytest.raises(KefuError, match="empty or damaged; nothing was taken") as caught:
        collect(PARAMS, dry=False, now=NOW)
    assert "--force" in caught.value.todo and installation.names() == kept
    collect(PARAMS, dry=False, now=NOW, force=True)
    collect(PARAMS, dry=False, now=NOW + DAY_S)


def test_a_memory_that_could_not_be_written_is_the_one_before(own_home):
    own_home.mkdir()
    clock.remember(NOW)
    (own_home / f"{clock.FILE}.partial").mkdir()  # stands for a full disk
    with pytest.raises(OSError, match="directory"):
        clock.remember(NOW + DAY_S)
    assert clock._remembered() == NOW
