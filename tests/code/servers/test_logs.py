"""Logs of servers: earlier starts are kept, the oldest goes."""

import pytest

from pipelines.servers.logs import cut, rotate


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
