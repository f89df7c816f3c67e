"""The three sentences of the first screen."""

from types import SimpleNamespace

import pytest
from markupsafe import escape

from pipelines.report.changes import changes, data, figures, of, questions
from pipelines.report.questions import Reference
from tests.code.report.made import HOSTILE, made_questions, made_reference
from tests.code.report.test_page_model import with_champion


def test_there_are_three_and_they_speak_both_languages(facts):
    said = changes(facts)
    assert len(said) == 3 and all("<b>" in one and "：</b>" in one for one in said)


def test_data_is_counted_against_the_other_run(facts):
    said = data(facts)
    assert "9 conversations became 9 training examples, 25 % of them synthetic" in said
    assert "(+1 conversations and -1 examples against" in said and "the champion (version 3)" in said
    assert "the run before (version 3)" in data({**facts, "against": made_reference("before")})


def test_what_cannot_be_compared_is_said(facts):
    unlogged = Reference("champion", "3", SimpleNamespace(stages={}))
    assert "this is the first run" in data({**facts, "against": None})
    assert "is not known here" in data({**facts, "against": unlogged})
    assert "left no counts" in data({**facts, "metrics": {}})
    assert "no other run" in of(None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "ask about other things than before, more than chance explains"),
        ({"new": 0}, "all of them in the data of"),
        ({"groups_total": 0}, "no group of questions is new"),
        ({"n": 0}, "none was kept from the log"),
    ],
)
def test_questions_say_whether_they_moved(facts, changed, said):
    assert said in questions({**facts, "questions": {**made_questions(), **changed}})


def test_within_chance_nothing_is_called_a_change(facts):
    asked = made_questions()
    asked["by"][0]["drift_of_new"] = {"distance": 0.01, "by_chance": 0.05, "beyond": False}
    assert "has not moved more than chance explains" in questions({**facts, "questions": asked})


def test_alone_the_most_asked_intents_are_named_and_escaped(facts):
    asked = made_questions("nothing")
    asked["by"][0]["rows"][1]["name"] = HOSTILE
    said = questions({**facts, "questions": asked})
    assert "refund/time (75%)" in said and str(escape(HOSTILE)) in said and HOSTILE not in said
    assert "2 groups of questions have no certain intent" in said


def test_answers_are_counted_against_the_champion_with_what_chance_explains(facts):
    compared = with_champion(facts)
    said = figures(compared)
    assert "60 % of the held-out FAQ wordings" in said and "70 %" in said
    assert "more than chance" in said and "0 are answered better and 1 worse" in said
    compared["summary"]["gain"]["champion"] = {"gain": 0.0, "low": -0.1, "high": 0.1, "n": 10}
    assert "may be chance" in figures(compared)
    compared["summary"]["gain"]["champion"] = {"gain": 0.0, "low": 0.0, "high": 0.0, "n": 10}
    assert "There is no difference" in figures(compared)


def test_without_a_champion_the_base_is_named_and_the_lack_said(facts):
    assert "by the" in figures(facts) and "There is no champion" in figures(facts)
    models = facts["summary"]["models"]
    nothing = {**models["candidate"], "key_facts": {"right": 0, "of": 0, "share": None}}
    empty = {**facts["summary"], "models": {**models, "candidate": nothing}}
    assert "no held-out FAQ wording was asked" in figures({**facts, "summary": empty})
