"""On a real repository: what versions and young runs need stays usable, all else goes."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from pipelines.errors import UnavailableError
from pipelines.mask import vault
from pipelines.params.sections import Limits, Retention
from pipelines.register import reproduce
from pipelines.register.sources import source_files
from pipelines.register.tracking import connect
from pipelines.retention import clock
from pipelines.retention import collect as module
from pipelines.retention.collect import collect, lines
from pipelines.retention.item import size
from pipelines.retention.policy import DAY_S
from tests.code.mask.vaulted import vaulted
from tests.code.retention.conftest import NOW, git

PARAMS = SimpleNamespace(
    retention=Retention(
        failed_days=7,
        run_days=60,
        rejected_days=90,
        newest_versions=2,
        store_days=60,
        log_days=90,
        max_gb=0,
        min_free_gb=0,
    ),
    limits=Limits(
        timeout_hours={"default": 1},
        run_hours=1,
        silence_days=8,
        failures=3,
        trainers=1,
        log_mb=1,
        log_files=2,
    ),
)


@pytest.fixture
def runs(installation):
    return installation


WHOLE = {"dvc-cache": True, "dvc-remote": True}


def test_a_second_collection_of_a_home_waits_for_the_first(installation):
    with ThreadPoolExecutor(1) as pool:
        with clock.alone():
            second = pool.submit(collect, PARAMS, True, NOW)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result(timeout=60)


def test_only_what_nobody_needs_goes(runs):
    before = size(runs.home)
    shown = collect(PARAMS, dry=True, now=NOW)
    assert size(runs.home / "dvc-cache") and runs.names() == {"old", "version", "young"}
    assert {(i.kind, i.name) for i in shown} >= {("run", "old"), ("report", "old")}
    assert {i.kind for i in shown} >= {"dvc cache", "dvc remote", "run cache", "restricted"}
    gone = collect(PARAMS, dry=False, now=NOW)
    assert [(i.kind, i.name, i.count, i.bytes) for i in gone] == [
        (i.kind, i.name, i.count, i.bytes) for i in shown
    ]
    assert size(runs.home) < before
    assert runs.names() == {"version", "young"}
    assert runs.data("version") == runs.data("young") == WHOLE
    assert runs.data("old") == {"dvc-cache": False, "dvc-remote": False}
    assert {p.stem for p in (runs.home / "restricted/conversations").iterdir()} == {
        "key-version",
        "key-young",
    }
    assert not (runs.home / "reports/old").exists() and (runs.home / "reports/version").exists()
    assert collect(PARAMS, dry=False, now=NOW) == []


def test_vaulted_values_go_with_the_conversations(runs):
    for name in runs.names():
        path = vaulted(f"key-{name}-masked", [])
        os.utime(path, (NOW - 99 * DAY_S,) * 2)
    collect(PARAMS, dry=False, now=NOW)
    assert {path.stem for path in vault.files()} == {"key-version-masked", "key-young-masked"}


def test_a_registered_version_can_be_reproduced_and_traced_afterwards(runs):
    collect(PARAMS, dry=False, now=NOW)
    version = connect().get_model_version("kefu-instruction", "1")
    made = reproduce.prepare(version)
    assert (made.path / "data/adapters/instruction/own.txt").read_text() == "adapters/instruction of version"
    lock = git(runs.root, "show", "data/version:dvc.lock")
    [md5] = [line.split()[-1] for line in lock.splitlines() if ".dir" in line][:1]
    assert [file["name"] for file in source_files(md5.removesuffix(".dir"))] == ["shop/version.jsonl"]


def test_the_data_survives_in_the_remote_alone(runs):
    """Somebody removed the cache: folders are read from the remote, so nothing of a version goes there."""
    shutil.rmtree(runs.home / "dvc-cache")
    collect(PARAMS, dry=False, now=NOW)
    assert runs.data("version")["dvc-remote"] and not runs.data("old")["dvc-remote"]


def test_where_mlflow_does_not_answer_no_data_goes(runs, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(UnavailableError, match="does not answer"):
        collect(PARAMS, dry=False, now=NOW)
    assert runs.names() == {"old", "version", "young"} and runs.data("old") == WHOLE


def test_while_a_run_is_at_work_no_data_goes(runs, capsys):
    busy = runs.home / "runs/busy/data"
    busy.mkdir(parents=True)
    os.utime(busy, (NOW - 60,) * 2)
    collect(PARAMS, dry=False, now=NOW)
    assert "a run is in progress" in capsys.readouterr().out
    assert runs.data("old") == WHOLE and "old" in runs.names()


def test_data_of_an_engineers_checkout_and_branch_stays(runs):
    """An own branch at a run's commit, and a dvc.lock that nobody committed, are reasons to keep."""
    git(runs.root, "branch", "mine", "data/old")
    collect(PARAMS, dry=False, now=NOW)
    assert "old" not in runs.names() and runs.data("old") == WHOLE
    git(runs.root, "branch", "-D", "mine")
    (runs.root / "dvc.lock").write_text(runs.locks["old"])
    collect(PARAMS, dry=False, now=NOW)
    assert runs.data("old") == WHOLE
    (runs.root / "dvc.lock").unlink()
    collect(PARAMS, dry=False, now=NOW)
    assert not runs.data("old")["dvc-cache"]


def test_a_version_of_a_runs_second_publication_keeps_the_run(runs):
    git(runs.root, "tag", "data/old+2", "data/old")
    connect().create_model_version("kefu-instruction", "nowhere", tags={"data_tag": "data/old+2"})
    assert runs.names() == {"old", "version", "young"}
    collect(PARAMS, dry=False, now=NOW)
    assert "old" in runs.names() and runs.data("old") == WHOLE and (runs.home / "reports/old").exists()
    assert {"data/old", "data/old+2"} <= set(git(runs.root, "tag").split())


def test_a_lock_that_cannot_be_read_stops_it(runs):
    (runs.root / "dvc.lock").write_text("stages: [")
    with pytest.raises(module.KefuError, match="cannot be read"):
        collect(PARAMS, dry=False, now=NOW)
    assert runs.data("old") == WHOLE


def test_a_killed_collection_is_finished_by_the_next(runs, monkeypatch):
    """Refs went, then the process was killed: the data that is nobody's goes the next time."""
    git(runs.root, "update-ref", "-d", "refs/heads/run/old")
    git(runs.root, "update-ref", "-d", "refs/tags/data/old")
    collect(PARAMS, dry=False, now=NOW)
    assert not runs.data("old")["dvc-cache"] and runs.data("version") == WHOLE


def test_the_table_has_sizes_and_a_sum():
    from pipelines.retention.item import Item

    shown = lines([Item("run", "r1", 2, 0, print), Item("dvc cache", "objects", 12, 3_400_000, print)])
    assert shown[1].split() == ["dvc", "cache", "12", "3.4", "MB", "objects"]
    assert shown[-1].split() == ["sum", "14", "3.4", "MB"]


def test_a_home_that_is_too_large_and_a_disk_that_is_nearly_full_are_said(own_home):
    own_home.mkdir()
    (own_home / "file").write_bytes(b"0" * 2_000_000)

    def said(**limits):
        return module.too_full(SimpleNamespace(retention=PARAMS.retention.model_copy(update=limits)))

    assert said() == []
    [large] = said(max_gb=0.001)
    assert "holds 0.0 GB, retention.max_gb is 0.001" in large
    free = shutil.disk_usage(own_home).free / 1e9
    [full] = said(min_free_gb=free + 5)
    assert "GB are free" in full and f"retention.min_free_gb is {free + 5:g}" in full
    assert said(min_free_gb=free - 1) == []
