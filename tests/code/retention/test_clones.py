"""Two clones of one repository over one store: what one of them made is safe from the other's collecting."""

import shutil
import time
from types import SimpleNamespace

import pytest

from pipelines import exchange
from pipelines.errors import KefuError, UnavailableError
from pipelines.retention.collect import collect
from tests.code.retention.conftest import NOW, Place, git, settle
from tests.code.retention.test_collect import PARAMS


@pytest.fixture
def clones(installation, tmp_path, monkeypatch):
    """(at, bare repository): at(1) is the clone that made every run; at(2) knows none of them."""
    bare, shared = tmp_path / "repository.git", tmp_path / "shared"
    git(tmp_path, "clone", "-q", "--bare", str(installation.root), str(bare))
    shutil.move(installation.home / "dvc-remote", shared)
    second = Place(tmp_path / "2/checkout", tmp_path / "2/home")
    git(tmp_path, "clone", "-q", "--no-tags", "--single-branch", "-b", "main", str(bare), str(second.root))
    second.home.mkdir()
    second.locks, second.files = installation.locks, installation.files
    monkeypatch.setenv("KEFU_GIT_REMOTE", str(bare))
    monkeypatch.setenv("KEFU_DVC_REMOTE", str(shared))

    def at(number):
        place = (installation, second)[number - 1]
        settle(place, tmp_path, monkeypatch)
        return place

    for place in (installation, second):
        (place.home / "dvc-remote").symlink_to(shared)
    return at, bare


def refs(where):
    return git(where, "for-each-ref", "--format=%(refname)").splitlines()


def in_store(place):
    return {name for name in place.locks if place.data(name)["dvc-remote"]}


def test_a_clone_that_took_no_part_takes_only_what_nobody_needs(clones):
    at, bare = clones
    second = at(2)
    git(second.root, "branch", "run/version", "main")  # of a task early in that run: without its data
    collect(PARAMS, dry=False, now=NOW)
    assert in_store(second) == {"version", "young"}
    assert not [ref for ref in refs(bare) if "old" in ref]


def test_what_went_does_not_come_back_to_the_clone_that_made_it(clones):
    at, bare = clones
    first = at(1)
    git(first.root, "remote", "add", "origin", str(bare))
    git(first.root, "fetch", "-q", "origin")
    exchange.learn()
    assert {"refs/kefu/run/old", "refs/remotes/origin/run/old"} <= set(refs(first.root))
    collect(PARAMS, dry=False, now=NOW)
    git(first.root, "fetch", "-q", "--tags", "origin")
    assert not [ref for ref in refs(first.root) if "old" in ref]
    assert in_store(first) == {"version", "young"} and not first.data("old")["dvc-cache"]


def test_nothing_goes_where_a_needed_run_is_not_known(clones):
    at, bare = clones
    git(bare, "update-ref", "-d", "refs/tags/data/version")
    second = at(2)
    with pytest.raises(KefuError, match=r"tag.s. that are not known here"):
        collect(PARAMS, dry=False, now=NOW)
    assert in_store(second) == {"version", "old", "young"} and "refs/tags/data/old" in refs(bare)


def test_nothing_goes_where_the_remote_cannot_be_reached(clones, monkeypatch):
    at, _ = clones
    second = at(2)
    monkeypatch.setenv("KEFU_GIT_REMOTE", str(second.home / "nowhere.git"))
    with pytest.raises(UnavailableError, match="git fetch failed"):
        collect(PARAMS, dry=False, now=NOW)
    assert in_store(second) == {"version", "old", "young"}


def test_a_store_that_others_may_share_is_left_where_no_repository_tells_of_them(clones, monkeypatch, capsys):
    at, bare = clones
    second = at(2)
    git(second.root, "fetch", "-q", "--tags", str(bare))
    monkeypatch.delenv("KEFU_GIT_REMOTE")
    collect(PARAMS, dry=False, now=NOW)
    assert "may hold data of other clones' runs" in capsys.readouterr().out
    assert in_store(second) == {"version", "old", "young"} and second.names() == {"version", "young"}


def test_while_another_worker_may_be_at_a_run_no_data_goes(clones, capsys):
    at, bare = clones
    second = at(2)
    params = SimpleNamespace(**vars(PARAMS) | {"limits": PARAMS.limits.model_copy(update={"run_hours": 80})})
    collect(params, dry=False, now=NOW)  # `young` went on 72 hours ago
    assert "a run is in progress" in capsys.readouterr().out
    assert in_store(second) == {"version", "old", "young"}
    git(bare, "update-ref", f"{exchange.FINISHED}/young", "run/young")
    collect(params, dry=False, now=NOW)
    assert in_store(second) == {"version", "young"}


def test_snapshots_that_engineers_offered_go_by_their_day(clones):
    at, bare = clones
    second = at(2)
    exchange.offer()
    [offered] = [ref for ref in refs(bare) if "snapshot" in ref]
    assert time.strftime("/%Y-%m-%d-", time.gmtime()) in offered  # years before NOW
    git(bare, "branch", "snapshot/2030-03-01-0123456789ab", "main")
    collect(PARAMS, dry=False, now=NOW)
    for where in (bare, second.root):
        kept = [ref.rpartition("/")[2] for ref in refs(where) if "snapshot" in ref]
        assert kept == ["2030-03-01-0123456789ab"]
