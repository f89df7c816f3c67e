"""The newest run's page is named, and opened where there is a screen."""

import json
import os
import stat
import subprocess
import sys

import pytest

from pipelines.__main__ import main
from pipelines.report import newest
from tests.conftest import ROOT

TOLD = {"name": "kefu-instruction", "verdict": "BLESSED", "report_url": "http://m/report.html"}


def leave(home, run, number, at):
    folder = home / "reports" / run
    folder.mkdir(parents=True)
    told = {**TOLD, "version": number, "dag_run_id": run, "mlflow_run_url": f"http://m/{run}"}
    (folder / "report.json").write_text(json.dumps(told))
    (folder / "report.html").write_text(f"<p>{run}</p>")
    os.utime(folder / "report.json", (at, at))
    return folder / "report.html"


@pytest.fixture
def two_runs(own_home):
    """(home, the newer run's page); the newer one's name comes first, a third run was never reported."""
    leave(own_home, "b", "1", 1_000)
    page = leave(own_home, "a", "2", 2_000)
    (own_home / "reports/c").mkdir()
    return own_home, page


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """A browser that writes down what it is asked to open."""
    seen, program = tmp_path / "seen", tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" >> {seen}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("webbrowser._tryorder", None)
    monkeypatch.setattr("webbrowser._browsers", {})
    monkeypatch.setenv("BROWSER", f"{program} %s")
    return seen


def test_the_newest_page_is_named_and_opened(two_runs, browser, monkeypatch, capsys):
    monkeypatch.setenv("DISPLAY", ":0")
    assert main(["report"]) == 0
    said = capsys.readouterr().out
    assert "kefu-instruction version 2: BLESSED (run a)" in said
    assert str(two_runs[1]) in said and "http://m/report.html" in said
    assert browser.read_text().strip() == two_runs[1].as_uri()


@pytest.mark.skipif(os.name == "nt", reason="a screen is always there")
def test_without_a_screen_it_is_only_named(two_runs, browser, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert str(two_runs[1]) in "\n".join(newest.show())
    assert not browser.exists()


def test_a_reader_that_has_seen_enough_is_no_fault(two_runs):
    command = f"{sys.executable} -m pipelines report | true"
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_no_report_yet_is_an_error(own_home, capsys):
    assert main(["report"]) == 2
    assert "no report yet" in capsys.readouterr().err
