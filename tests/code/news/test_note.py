"""A run's note in Airflow, as a server answers and keeps it."""

import pytest

from pipelines.news import note as module
from pipelines.servers.rest import Airflow

KEPT = "commit 0123456789ab, taken 2026-11-30 03:00 UTC"


@pytest.fixture
def kept(monkeypatch):
    """The note as Airflow holds it, by run."""
    notes = {}
    monkeypatch.setattr(Airflow, "__init__", lambda self: None)
    monkeypatch.setattr(Airflow, "run", lambda self, dag, run: {"note": notes.get(run)})
    monkeypatch.setattr(Airflow, "note", lambda self, dag, run, text: notes.update({run: text}))
    return notes


def test_a_note_is_added_to_what_stands_there_and_once(kept, capsys):
    for text in (KEPT, KEPT, "not trained: too little"):
        module.leave("r1", text)
    assert kept == {"r1": f"{KEPT}\nnot trained: too little"}
    assert KEPT in capsys.readouterr().out


def test_a_note_never_grows_beyond_what_airflow_takes(kept):
    for number in range(9):
        module.leave("r1", f"{number}" * 300)
    assert len(kept["r1"]) == module.MAX_CHARS and kept["r1"].endswith("8" * 300)


def test_without_a_login_the_log_alone_says_it(kept, monkeypatch, capsys):
    monkeypatch.undo()
    monkeypatch.setenv("KEFU_LOGINS", "wang:steward")
    monkeypatch.setenv("KEFU_AIRFLOW_URL", "http://127.0.0.1:9")
    module.leave("r1", KEPT)
    assert kept == {} and KEPT in capsys.readouterr().out
