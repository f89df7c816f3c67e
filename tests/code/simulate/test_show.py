"""The table and the picture of a simulation."""

import io

import pytest
from rich.console import Console

from pipelines.simulate import plot, show
from pipelines.simulate.story import weeks

MODEL = {"right": 3, "of": 12, "loss": 2.5}


def row(week, trained=True, champion=True):
    news = {"conversations": week.conversations, "all_conversations": 200}
    found = {"week": week.name, "number": week.number, "event": week.event, "news": news, "seconds": 90.0}
    found |= {"train": trained, "why": "40 new conversations", "start": "base", "commit": "abc1234"}
    found |= {"champion_before": MODEL if champion else None, "champion": "1" if champion else ""}
    own = {"version": "2", "candidate": MODEL, "training_seconds": 12.0, "cost": 0.01, "tokens": 9}
    return found | (own | {"new": 5, "replayed": 5} if trained else {})


ROWS = [row(week, week.number != 4, week.number > 1) for week in weeks(6, 60)]


def test_a_week_that_was_skipped_has_no_figures_of_its_own():
    assert {len(show.learned(one)) for one in ROWS} == {len(show.LEARNED)}
    assert {len(show.spent(one)) for one in ROWS} == {len(show.SPENT)}
    assert show.learned(ROWS[3])[2:5] == ["–", "skipped", "–"] and show.learned(ROWS[0])[5] == "–"
    assert show.spent(ROWS[3])[2] == "–"
    assert "nothing trained" in show.line(ROWS[3]) and "version 2 from base" in show.line(ROWS[1])


def test_the_tables_for_a_document_have_a_line_a_week():
    for lines in (part.splitlines() for part in show.markdown(ROWS).split("\n\n")):
        assert len(lines) == 8 and len({line.count("|") for line in lines}) == 1 and "2026-W40" in lines[5]


def test_the_terminals_tables_fit_into_eighty_columns():
    said = Console(width=80, file=io.StringIO())
    said.print(*show.tables(ROWS), sep="\n")
    lines = said.file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80 and "…" not in said.file.getvalue()


@pytest.mark.parametrize(("language", "words"), [("en", ["skipped", "product"]), ("zh", ["跳过", "新品"])])
def test_the_picture_says_it_in_both_languages(language, words):
    svg = plot.draw(ROWS, language)
    assert svg == plot.draw(ROWS, language) and svg.startswith("<svg")
    assert all(word in svg for word in words)


def test_one_week_can_be_drawn():
    assert "<svg" in plot.draw(ROWS[:1], "en")
