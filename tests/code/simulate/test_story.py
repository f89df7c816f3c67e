"""The company's weeks: what changes, what is written, what is asked; nothing that is asked is taught."""

import json
import shutil

import pytest

from pipelines.errors import KefuError
from pipelines.knowledge import load_brand
from pipelines.knowledge.faq import load_faq
from pipelines.sample.bank import load_knowledge
from pipelines.simulate import company, story
from tests.conftest import ROOT


@pytest.fixture
def knowledge(tmp_path):
    return shutil.copytree(ROOT / "data/knowledge", tmp_path / "knowledge")


def test_the_weeks_follow_each_other():
    weeks = story.weeks(6, 60)
    assert [week.name for week in weeks] == [f"2026-W{n}" for n in range(37, 43)]
    assert [week.conversations for week in weeks] == [180, 60, 60, 6, 60, 60]
    assert [bool(week.event) for week in weeks] == [False, False, True, True, True, False]


@pytest.mark.parametrize(("count", "size"), [(0, 60), (6, 9)])
def test_too_few_are_refused(count, size):
    with pytest.raises(KefuError, match="simulate"):
        story.weeks(count, size)


def test_a_wording_of_each_entry_is_kept_back(knowledge):
    before = {entry.faq_id: entry.questions for entry in load_faq(knowledge)}
    kept = story.prepare(knowledge)
    after = {entry.faq_id: entry.questions for entry in load_faq(knowledge)}
    assert {name: [*after[name], kept[name]] for name in before} == before


def test_a_new_product_comes_in_week_3(knowledge):
    assert story.change(knowledge, 2) == {}
    kept = story.change(knowledge, 3)
    entries = {entry.faq_id: entry for entry in load_faq(knowledge)}
    assert set(kept) == {"product_airfryer_window.zh", "product_airfryer_window.en"}
    assert all(kept[name] not in entries[name].questions for name in kept)
    assert [p.sku for p in load_knowledge(knowledge).products].count("LM-K1213") == 1


def test_the_policy_changes_in_week_5_everywhere(knowledge):
    story.change(knowledge, 5)
    entries = {entry.faq_id: entry for entry in load_faq(knowledge)}
    assert "10天" in entries["shipping_pickup_point.zh"].answer
    assert "10 days" in entries["shipping_pickup_point.en"].answer
    assert "自提点后保留10天" in (knowledge / "policies/zh/shipping.md").read_text()
    with pytest.raises(KefuError, match="is not there"):
        story.change(knowledge, 5)


def test_customers_ask_about_what_changed_and_agents_know(knowledge):
    story.change(knowledge, 5)
    week = story.weeks(5, 40)[4]
    records = company.talks(week, knowledge)
    again = company.talks(week, knowledge)
    assert [(r.conversation_id, r.turns) for r in records] == [(r.conversation_id, r.turns) for r in again]
    assert len(records) == 40
    said = [s.text for r in records for turn in r.turns for s in turn.segments if turn.role == "agent"]
    told = [text for text in said if "驿站" in text or "pickup point" in text]
    assert sum("10" in text for text in told) >= 6 and not any("保留5天" in text for text in told)


def test_the_weeks_questions_are_never_taught_and_have_the_weeks_answers(knowledge):
    kept = story.prepare(knowledge)
    kept |= story.change(knowledge, 3)
    week = story.weeks(3, 40)[2]
    rows = company.questions(week, company.talks(week, knowledge), knowledge, kept)
    assert 10 < len(rows) <= company.MOST_QUESTIONS
    asked = {row["messages"][-2]["content"] for row in rows}
    taught = {wording for entry in load_faq(knowledge) for wording in entry.questions}
    assert asked <= set(kept.values()) and not asked & taught
    first = rows[0]
    assert "保修2年" in first["messages"][-1]["content"] or "2 years" in first["messages"][-1]["content"]
    assert first["key_facts"] and load_brand(knowledge).system_prompt.zh[:5]


def test_the_log_is_written_whole(knowledge, tmp_path):
    week = story.weeks(1, 10)[0]
    company.write_log(tmp_path / "landing/a.jsonl", company.talks(week, knowledge))
    assert [path.name for path in (tmp_path / "landing").iterdir()] == ["a.jsonl"]
    rows = [json.loads(line) for line in (tmp_path / "landing/a.jsonl").read_text().splitlines()]
    assert len({row["conversation_id"] for row in rows}) == 30
