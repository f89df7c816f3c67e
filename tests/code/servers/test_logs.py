"""Logs of servers: earlier starts are kept, the oldest goes."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.params import load
from pipelines.servers.logs import cut, cut_logs, rotate


@pytest.mark.parametrize("files", [1, 2, 3])
def test_each_start_keeps_so_many_earlier_ones(tmp_path, files):
    log = tmp_path / "scheduler.log"
    for start in range(5):
        rotate(log, files)
        log.write_text(str(start))
    kept = {p.name: p.read_text() for p in tmp_path.iterdir()}
    assert kept == {"scheduler.log": "4", **{f"scheduler.log.{n}": str(4 - n) for n in range(1, files + 1)}}


def test_an_empty_or_missing_log_is_no_earlier_one(tmp_path):
    rotate(tmp_path / "none.log", 2)
    (tmp_path / "empty.log").write_text("")
    rotate(tmp_path / "empty.log", 2)
    assert [p.name for p in tmp_path.iterdir()] == ["empty.log"]


def test_a_small_log_is_not_cut(tmp_path):
    (tmp_path / "a.log").write_text("x" * 10)
    assert not cut(tmp_path / "a.log", 10, 2) and not cut(tmp_path / "none.log", 10, 2)


def test_large_logs_are_cut_and_what_the_server_writes_then_is_not_lost(own_home):
    limits = load().limits.model_copy(update={"log_mb": 0.001, "log_files": 2})
    (own_home / "logs").mkdir(parents=True)
    (own_home / "logs/mlflow.log").write_text("small")
    log = own_home / "logs/scheduler.log"
    log.write_text("a" * 2000)
    with log.open("a") as server:
        for round_ in "bcd":
            assert cut_logs(limits) == ["scheduler.log"]
            server.write(round_ * 2000)
            server.flush()
            assert log.read_text() == round_ * 2000
    assert [(own_home / f"logs/scheduler.log.{n}").read_text()[0] for n in (1, 2)] == ["c", "b"]
    assert not (own_home / "logs/scheduler.log.3").exists()


def test_two_that_cut_at_once_move_a_log_once(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("x" * 100_000)
    together = threading.Barrier(8)

    def one(_):
        together.wait()
        return cut(log, 10, 3)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.log", "a.log.1"]
