"""A week of the company: its chat log, and what its customers asked as questions of a test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from pipelines.curate.entities import EntityFinder
from pipelines.curate.examples import faq_examples
from pipelines.knowledge import load_brand
from pipelines.knowledge.faq import load_faq
from pipelines.knowledge.taxonomy import load_taxonomy
from pipelines.sample.bank import Knowledge, load_knowledge
from pipelines.sample.generate import Record, make_week, message_rows, talks_about
from pipelines.sample.script import render
from pipelines.simulate.story import ABOUT_CHANGE, Week

SEED = 20260907
MOST_QUESTIONS = 40
TESTED = ("messages", "key_facts", "hand_over", "intent", "language")


def talks(week: Week, knowledge: Path) -> list[Record]:
    """The week's conversations, those about its change among them, by time."""
    known = as_answered_now(load_knowledge(knowledge), week.about)
    about = round(week.conversations * ABOUT_CHANGE) if week.about else 0
    records = make_week(known, week.monday, week.conversations - about, SEED)
    for topic in week.about:
        records += talks_about(known, week.monday, topic, about // len(week.about), SEED)
    return sorted(records, key=lambda record: (record.started_at, record.conversation_id))


def as_answered_now(known: Knowledge, topics: Iterable[str]) -> Knowledge:
    """Agents answer a changed topic as the FAQ says now, no longer in the old words of their own."""
    changed = {
        language: {
            name: replace(topic, answers=topic.answers[-1:]) if name in topics else topic
            for name, topic in named.items()
        }
        for language, named in known.topics.items()
    }
    return replace(known, topics=changed)


def write_log(path: Path, records: Iterable[Record]) -> None:
    """Whole or not at all, as a careful support system would put it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    rows = (row for record in records for row in message_rows(record))
    partial.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    partial.rename(path)


def questions(week: Week, records: Iterable[Record], knowledge: Path, kept: Mapping[str, str]) -> list[Any]:
    """What was asked that week in the wordings that are never taught, with the answers of that week.

    Topics are those that an agent answered; those of the week's change always, then others, at most
    MOST_QUESTIONS, in an order of their own for each week.
    """
    said = {render(list(turn.segments))[0] for record in records for turn in record.turns}
    known = load_knowledge(knowledge)
    asked = [
        entry
        for entry in load_faq(knowledge)
        if entry.link_id in week.about
        or any(
            answer in text for answer in known.topics[entry.language][entry.link_id].answers for text in said
        )
    ]
    Random(f"{SEED}:questions:{week.number}").shuffle(asked)
    asked.sort(key=lambda entry: entry.link_id not in week.about)
    tested = [entry.model_copy(update={"questions": [kept[entry.faq_id]]}) for entry in asked]
    rows = faq_examples(
        tested[:MOST_QUESTIONS], load_brand(knowledge), EntityFinder(load_taxonomy(knowledge))
    )
    return [{name: row[name] for name in TESTED} for row in rows]


def write_questions(path: Path, rows: Iterable[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
