"""Which questions are asked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.evaluate.questions import available, choose, frequencies, intent_counts, turn
from pipelines.knowledge import load_suites
from pipelines.knowledge.suites import Known
from pipelines.split.golden import held_questions
from tests.code.evaluate.checkout import tiny_params
from tests.code.evaluate.rows import example, question, suite

KNOWLEDGE = Path(__file__).resolve().parents[3] / "data/knowledge"
KNOWN = Known.of(KNOWLEDGE)


def settings(size=3, **suites):
    return tiny_params(suite_size=size, suites=suites).evaluate


def names(questions):
    return [one.example["example_id"] for one in questions]


@pytest.fixture(scope="module")
def all_of_the_sample():
    tables = {"test": [example(1), example(2, "log")], "golden": held_questions(KNOWLEDGE)}
    return available(load_suites(KNOWLEDGE), KNOWN, tables)


def test_every_kind_of_suite_of_the_sample_company_has_questions(all_of_the_sample):
    assert len(all_of_the_sample) == 13 and all(all_of_the_sample.values())
    kinds = {questions[0].suite.kind for questions in all_of_the_sample.values()}
    assert kinds == {"function", "invariance", "direction"}
    assert names(all_of_the_sample["faq"]) == ["faq1"] and names(all_of_the_sample["dialogue"]) == ["log2"]


def test_no_question_is_asked_in_two_suites(all_of_the_sample):
    asked = [name for questions in all_of_the_sample.values() for name in names(questions)]
    assert len(asked) == len(set(asked))


def test_a_case_that_split_did_not_hold_out_is_refused():
    golden = [r for r in held_questions(KNOWLEDGE) if "fish_tank" not in r["example_id"]]
    with pytest.raises(KefuError, match=r"fish_tank(?s:.)*split again"):
        available(load_suites(KNOWLEDGE), KNOWN, {"test": [], "golden": golden})


def test_a_knowledge_base_without_suites_asks_what_split_held_out():
    rows = [example(1), example(2, "log"), example(3, "log", hand_over=True)]
    found = available([], KNOWN, {"test": rows, "golden": [example(4, "golden")]})
    assert {name: names(questions) for name, questions in found.items()} == {
        "faq": ["faq1"],
        "dialogue": ["log2"],
        "golden": ["golden4"],
        "hand_over": ["log3"],
    }


def test_rows_are_taken_by_origin_turn_and_hand_over():
    talk = [{"role": "user", "content": "一"}, {"role": "assistant", "content": "二"}] * 2
    rows = [example(1, "log"), example(2, "log", messages=talk), example(3, "faq", messages=talk)]
    late = suite("late", **{"from": {"table": "test", "origins": ["log"], "min_turns": 2}})
    first = suite("first", **{"from": {"table": "test", "max_turns": 1}})
    found = available([late, first], KNOWN, {"test": rows, "golden": []})
    assert names(found["late"]) == ["log2"] and names(found["first"]) == ["log1"]
    assert [turn(row) for row in rows] == [1, 2, 2]


def test_questions_of_a_case_are_chosen_together(all_of_the_sample):
    chosen = choose({"invariance": all_of_the_sample["invariance"]}, settings(2))
    assert len({one.unit for one in chosen}) == 2 and len(chosen) == 6


def test_a_suite_may_have_a_size_of_its_own_and_none_at_all():
    listed = {name: [question(n, origin=name) for n in range(9)] for name in ("faq", "log", "rule")}
    chosen = choose(listed, settings(3, faq=5, rule=0))
    assert [sum(name.startswith(s) for name in names(chosen)) for s in listed] == [5, 3, 0]


@given(st.permutations(range(12)))
def test_the_choice_does_not_depend_on_the_order_of_rows(order):
    ordered, mixed = ([question(n) for n in numbers] for numbers in (range(12), order))
    assert names(choose({"faq": mixed}, settings())) == names(choose({"faq": ordered}, settings()))


def test_who_is_chosen_stays_chosen_when_others_go():
    rows = [question(n) for n in range(60)]
    chosen = set(names(choose({"faq": rows}, settings(20))))
    left = [one for one in rows if names([one])[0] in chosen or one.unit > "faq3"]
    assert set(names(choose({"faq": left}, settings(20)))) == chosen


def test_an_intent_is_rare_by_its_share_of_the_logs_questions():
    rows = [example(1, "log", intent="a", asked=99), example(2, "log", intent="b"), example(3, intent="c")]
    assert intent_counts(rows) == {"a": 99, "b": 1}
    assert frequencies(rows, 0.02) == {"a": "common", "b": "rare"}
    assert frequencies(rows, 0.01) == {"a": "common", "b": "common"}
