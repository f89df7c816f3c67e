"""The sections on training, figures, answers, compliance and earlier runs."""

import copy

from pipelines.report.answers import SHOWN, compare
from pipelines.report.page import render
from tests.code.report.made import FIGURES, GAIN, HOSTILE, past, sample
from tests.code.report.reading import Elements, seen


def with_champion(facts):
    """The facts of a run that was compared with a champion too."""
    summary = copy.deepcopy(facts["summary"])
    summary["models"]["champion"] = {**FIGURES, "key_facts": {"right": 7, "of": 10, "share": 0.7}}
    summary["gain"]["champion"] = {"gain": -0.1, "low": -0.2, "high": -0.05, "n": 10}
    summary["gains"]["champion"] = {"key_facts": summary["gain"]["champion"]}
    for cut in summary["slices"]:
        cut["models"]["champion"] = FIGURES
        cut["gain"]["champion"] = {"right": GAIN}
    answers = compare(
        [
            sample("base", answer="不知道", facts_found=0),
            sample("champion", answer="3个工作日内退回"),
            sample("candidate", answer="5个工作日内退回", facts_found=0),
        ]
    )
    return {**facts, "summary": summary, "answers": answers}


def test_a_champion_gets_its_column(facts):
    page = render(with_champion(facts))
    assert "candidate against the champion" in seen(page, "en")
    assert "候选较现任" in seen(page, "zh")
    assert "champion" not in [a.get("class") for _, a in Elements(render(facts)).found]
    assert "against the champion" not in seen(render(facts | {"against": None}), "en")


def test_figures_stand_with_the_interval_of_their_change(facts):
    shown = " ".join(seen(render(with_champion(facts)), "en").split())
    assert "60 % 6/10" in shown and "-10.0 [-20.0, -5.0]" in shown and "+50.0 [+40.0, +60.0]" in shown


def test_slices_are_a_heat_map_that_says_its_shares(facts):
    page = render(facts)
    cells = [a for tag, a in Elements(page).found if tag == "td" and "cell" in a.get("class", "")]
    assert len(cells) == 4 and {a["style"] for a in cells} == {"--heat:60%"}


def test_what_differs_between_two_answers_is_marked(facts):
    page = render(with_champion(facts))
    assert "<del>3</del>个工作日内退回" in page and "<ins>5</ins>个工作日内退回" in page


def test_a_difference_in_hostile_text_is_escaped_too(facts):
    entries = compare([sample("base", answer=f"{HOSTILE}旧"), sample("candidate", answer=f"{HOSTILE}<b>新")])
    page = Elements(render({**facts, "answers": entries}))
    assert [tag for tag, _ in page.found].count("script") == 1
    assert "img" not in {tag for tag, _ in page.found}


def test_failures_come_first_and_many_answers_are_cut(facts):
    many = [
        sample(model, number, facts_found=int(number % 2 == 0))
        for number in range(SHOWN + 2)
        for model in ("base", "candidate")
    ]
    page = render({**facts, "answers": compare(many)})
    kinds = [a["data-change"] for tag, a in Elements(page).found if tag == "article"]
    assert kinds == ["wrong"] * 151 + ["right"] * 149
    assert "2 more answers" in seen(page, "en")


def test_the_cost_of_a_training_has_its_units(facts):
    shown = seen(render(facts), "en")
    assert "7,200.0" in shown and "energy, Wh" in shown and "cost, CNY" in shown
    assert "energy, Wh" not in seen(render({**facts, "costs": {}}), "en")


def test_promises_that_were_broken_are_marked_so(facts):
    shown = seen(render(facts), "en")
    assert "gemma, one of those allowed" in shown and "edits that nobody committed" in shown
    assert "not known (0 tables" in shown


def test_the_last_runs_stand_beside_this_one(facts):
    runs = [past(version="2", verdict="NOT BLESSED", decision="rejected"), *facts["history"]]
    shown = " ".join(seen(render({**facts, "history": runs}), "en").split())
    assert "04:00✗rejected50 %" in shown and "v2" in shown
    alone = seen(render({**facts, "history": [past(own=True)]}), "en")
    assert "This is the first evaluated run" in alone


def test_suites_stand_with_the_interval_of_their_change_and_the_judging_model_with_its_mean(facts):
    summary = copy.deepcopy(facts["summary"])
    half, none = ({"right": right, "of": 4, "share": right / 4} for right in (2, 0))
    summary["suites"] = {
        "policy": {
            "version": 3,
            "models": {"base": none, "candidate": half},
            "gain": {"base": {"gain": 0.5, "low": 0.25, "high": 0.75, "n": 4}},
            "failures": [{"case": "fee_90.zh"}],
        }
    }
    for model, mean in (("base", 1.25), ("candidate", 4.5)):
        summary["models"][model] = {
            **summary["models"][model],
            "judged_by_model": {"model": "a-judge", "mean": mean, "n": 4},
        }
    page = render({**facts, "summary": summary})
    shown = " ".join(seen(page, "en").split())
    assert "50 % 2/4" in shown and "+50.0 [+25.0, +75.0]" in shown and "fee_90.zh" in page
    assert "Score of a judging model (a-judge), 1 to 5" in shown and "4.50" in shown and "1.25" in shown


def test_what_changed_most_can_be_picked_out(facts):
    summary = copy.deepcopy(facts["summary"])
    answers = compare([sample(model, number) for number in (1, 2) for model in ("base", "candidate")])
    name = answers[0]["example"]["example_id"]
    summary["changed_most"] = {"against": "base", "better": [], "worse": [{"example_id": name, "change": -1}]}
    page = render({**facts, "summary": summary, "answers": answers})
    assert page.count('data-most="yes"') == 1 and "Changed most" in seen(page, "en")
    assert "Changed most" not in seen(render({**facts, "answers": answers}), "en")
