"""Copies of databases that are being written to."""

import sqlite3
import threading

import pytest

from pipelines.backup import databases
from pipelines.errors import KefuError


def rows(path):
    return sqlite3.connect(path, timeout=60).execute("select count(*), count(distinct n) from t").fetchone()


def test_a_copy_is_whole_while_somebody_writes(tmp_path):
    source = tmp_path / "a.db"
    with sqlite3.connect(source) as made:
        made.execute("create table t (n integer)")
    stop = threading.Event()

    def write():
        with sqlite3.connect(source, timeout=60) as own:
            n = 0
            while not stop.is_set():
                own.executemany("insert into t values (?)", [(n,), (n + 1,)])  # always by two
                own.commit()
                n += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while rows(source)[0] < 4:
            pass
        copy = databases.dump(f"sqlite:///{source}", "airflow", tmp_path / "out")
    finally:
        stop.set()
        writer.join()
    count, distinct = rows(copy)
    assert copy.name == "airflow.db" and count >= 4 and count % 2 == 0 and count == distinct


def test_a_database_that_was_never_made_is_an_error(tmp_path):
    with pytest.raises(KefuError, match="the database airflow is not there"):
        databases.dump(f"sqlite:///{tmp_path / 'none.db'}", "airflow", tmp_path / "out")
    assert not (tmp_path / "none.db").exists()


def test_nothing_is_loaded_over_a_database(tmp_path):
    for name in ("a.db", "b.db"):
        with sqlite3.connect(tmp_path / name) as made:
            made.execute("create table t (n integer)")
    with pytest.raises(KefuError, match="not empty"):
        databases.load(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "b.db")
    databases.load(f"sqlite:///{tmp_path / 'new/a.db'}", tmp_path / "b.db")
    assert rows(tmp_path / "new/a.db") == (0, 0)


@pytest.mark.parametrize(
    ("url", "address", "password"),
    [
        ("postgresql+psycopg2://kefu:s%40crt@db:5432/airflow", "postgresql://kefu@db:5432/airflow", "s@crt"),
        ("postgres://db/airflow", "postgresql://db/airflow", ""),
        ("postgresql://kefu@/airflow?host=/run/pg", "postgresql://kefu@/airflow?host=/run/pg", ""),
    ],
)
def test_a_password_stands_in_no_command_and_no_error(url, address, password):
    assert databases._apart(url) == (address, password)
    assert databases.shown(url) == address


def test_other_databases_are_refused(tmp_path):
    with pytest.raises(KefuError, match="not known"):
        databases.dump("mysql://root:secret@db/x", "airflow", tmp_path)


def test_copies_fit_their_kind_of_database(tmp_path):
    assert databases.fits("sqlite:////x.db", tmp_path / "airflow.db")
    assert not databases.fits("postgresql://db/x", tmp_path / "airflow.db")
    assert databases.fits("postgresql://db/x", tmp_path / "airflow.pgdump")
