"""A simulation keeps to a place of its own, and can be gone on with."""

import json
import os
import subprocess

import pytest

from pipelines.errors import KefuError
from pipelines.params import load
from pipelines.simulate import run
from pipelines.simulate.place import Place, found, set_params
from tests.conftest import ROOT

PLAN = run.Plan(6, 60, "tiny", [])


def git(place, *args):
    done = subprocess.run(["git", *args], cwd=place.checkout, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "simulate")
    made.knowledge.mkdir(parents=True)
    (made.checkout / "docs").mkdir()
    (made.checkout / "params.yaml").write_text("profile: tiny\n")
    git(made, "init", "-q")
    made.commit("first")
    return made


def test_only_what_the_story_changes_is_committed(place):
    (place.checkout / "other").write_text("")
    place.keep({"a.zh": "几天到"})
    place.commit("kept back")
    assert git(place, "show", "--name-only", "--format=%s", "HEAD") == "kept back\n\ndocs/kept-back.json"
    assert place.kept() == {"a.zh": "几天到"}
    place.commit("nothing changed")
    assert git(place, "log", "-1", "--format=%s") == "kept back"


def test_it_goes_on_where_the_last_week_ended(place):
    place.keep({"a.zh": "几天到"})
    place.commit("week 1")
    run.write(place.root, PLAN, rows := [{**week_row(), "knowledge": place.head()}])
    (place.checkout / "params.yaml").write_text("half of week 2")
    assert run.ended(place, run.Plan(8, 60, "tiny", [])) == rows
    assert (place.checkout / "params.yaml").read_text() == "profile: tiny\n"
    assert json.loads((place.root / "simulate.json").read_text())["plan"]["weeks"] == 6


def test_each_week_goes_on_from_the_one_before_it(place):
    (place.checkout / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    set_params(place, "laptop")
    params = load(place.checkout / "params.yaml")
    assert params.retrain.from_ == "champion" and params.sources[0].path == str(place.landing)


def week_row():
    from pipelines.simulate.story import weeks
    from tests.code.simulate.test_show import row

    return row(weeks(1, 60)[0], champion=False)


def test_another_simulation_is_not_gone_on_with(place):
    with pytest.raises(KefuError, match="no week"):
        run.ended(place, PLAN)
    run.write(place.root, PLAN, [{**week_row(), "knowledge": place.head()}])
    with pytest.raises(KefuError, match="another simulation"):
        run.ended(place, run.Plan(6, 30, "tiny", []))


def test_without_a_place_there_is_nothing_to_go_on_with(own_home):
    with pytest.raises(KefuError, match="--resume"):
        found()


def test_the_addresses_of_other_servers_are_left_at_the_door(place, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere")
    monkeypatch.setenv("KEFU_AIRFLOW_PORT", "18110")
    before = dict(os.environ)
    with place.lived_in():
        assert "MLFLOW_TRACKING_URI" not in os.environ and os.environ["KEFU_AIRFLOW_PORT"] == "18110"
        assert os.environ["KEFU_HOME"] == str(place.home) == place.environment()["KEFU_HOME"]
        os.environ["MLFLOW_TRACKING_URI"] = "http://here"
    assert dict(os.environ) == before


def test_a_failing_command_shows_its_last_lines(place):
    with pytest.raises(KefuError, match="not today"):
        place.python("-c", "raise SystemExit('not today')")
    assert place.python("-c", "print(1)") == "1\n"


def test_settings_are_params_of_the_dag():
    assert PLAN.conf == {"train": "auto"}
    assert run.Plan(6, 60, "tiny", ["a.b=1", "c.d=2"]).conf["set"] == "a.b=1\nc.d=2"
