"""Writes the sample shop's chat logs, a JSONL file a week, and the true spans of personal data beside them.

Every week is drawn from a seed of its own (seed and Monday's date), so adding weeks changes no other;
customers are drawn from the seed and their number, so they come back. Same arguments, same bytes.

Spans: offsets count code points of `text`, `end` is exclusive, `turn` counts a conversation's messages
from 0. A Chinese family name with a title (王女士) is one PERSON span; an English title (Mr.) is outside it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from pipelines.errors import KefuError
from pipelines.progress import Progress
from pipelines.sample.bank import Knowledge, load_knowledge
from pipelines.sample.chat import Chat, Turn
from pipelines.sample.parts import GOOD, ask, enter, leave
from pipelines.sample.people import Person
from pipelines.sample.scenes import SCENES, deal_episodes
from pipelines.sample.script import render
from pipelines.sample.values import Values

LANGUAGE_SHARES = {"zh": 60, "en": 30, "mixed": 10}  # in hundredths of the conversations
REPEAT_SHARE = 0.02  # conversations that the same customer has a second time, word for word
CUSTOMERS = 600
SHANGHAI = timezone(timedelta(hours=8))
CHANNELS = {"zh": ("app", "app", "wechat", "wechat", "web"), "en": ("web", "web", "app", "email")}
HOURS = [8, *range(9, 23), *range(9, 23), 20, 21, 20, 21, 12, 13, 23]


@dataclass(frozen=True)
class Record:
    """One finished conversation."""

    conversation_id: str
    started_at: datetime
    person: Person
    scene: str
    turns: tuple[Turn, ...]
    facts: dict[str, Any]  # columns that stand on every row, besides ids
    gaps_s: tuple[int, ...]  # seconds from the message before


@dataclass
class SampleSummary:
    conversations: int = 0
    messages: int = 0
    spans: Counter[str] = field(default_factory=Counter)  # by type
    scenes: Counter[str] = field(default_factory=Counter)  # by kind of conversation
    languages: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0  # conversations whose messages are word for word those of another before
    near_duplicates: int = 0

    def __str__(self) -> str:
        spans = ", ".join(f"{label} {count:,}" for label, count in sorted(self.spans.items()))
        languages = ", ".join(f"{name} {count:,}" for name, count in self.languages.most_common())
        return (
            f"{self.conversations:,} conversations ({languages}), {self.messages:,} messages\n"
            f"duplicates: {self.duplicates:,} exact, {self.near_duplicates:,} near\n"
            f"personal data: {self.spans.total():,} spans: {spans}"
        )


def write_sample(
    out: Path,
    spans: Path,
    knowledge: Path,
    weeks: int = 8,
    per_week: int = 100,
    seed: int = 20260907,
    first_monday: date = date(2026, 9, 7),
) -> SampleSummary:
    """Write `weeks` files `<ISO week>.jsonl` into `out` and as many into `spans`; each appears whole.

    Raises KefuError if the FAQ or the product table is missing or damaged, or a number makes no sense.
    """
    _check(weeks, per_week, first_monday)
    known, summary, seen = load_knowledge(knowledge), SampleSummary(), set[tuple[tuple[str, str], ...]]()
    progress = Progress("sample", weeks, "weeks")
    for week in range(weeks):
        monday = first_monday + timedelta(weeks=week)
        records = make_week(known, monday, per_week, seed)
        name = f"{monday:%G-W%V}.jsonl"
        _write(out / name, (row for record in records for row in message_rows(record)))
        _write(spans / name, (row for record in records for row in span_rows(record)))
        _count(summary, records, seen)
        progress.add(1)
    return summary


def make_week(knowledge: Knowledge, monday: date, per_week: int, seed: int) -> list[Record]:
    """The conversations that start in the week of `monday`, by time; a function of the arguments alone."""
    rng = Random(f"{seed}:week:{monday.isoformat()}")
    repeats = round(per_week * REPEAT_SHARE)
    languages = _deck(rng, LANGUAGE_SHARES, per_week - repeats)
    scenes = _deck(rng, {name: share for name, (_, share) in SCENES.items()}, per_week - repeats)
    episodes = deal_episodes(rng)
    records = []
    for language, scene in zip(languages, scenes, strict=True):
        person = Person(seed, _customer(rng, language), language)
        started = _start(rng, monday)
        chat = Chat(rng, language, Values(rng, person, knowledge.products, started.date()), knowledge)
        outcome = SCENES[scene][0](chat, episodes)
        facts = _facts(rng, chat, outcome.resolved, outcome.stars)
        records.append(_record(rng, started, person, scene, tuple(chat.turns), facts))
    records += [_repeat(rng, rng.choice(records)) for _ in range(repeats if records else 0)]
    return sorted(records, key=lambda record: (record.started_at, record.conversation_id))


def talks_about(knowledge: Knowledge, monday: date, topic: str, count: int, seed: int) -> list[Record]:
    """`count` plain conversations of the week about one topic of the FAQ, answered rightly."""
    rng = Random(f"{seed}:about:{topic}:{monday.isoformat()}")
    records = []
    for language in _deck(rng, LANGUAGE_SHARES, count):
        person = Person(seed, _customer(rng, language), language)
        started = _start(rng, monday)
        chat = Chat(rng, language, Values(rng, person, knowledge.products, started.date()), knowledge)
        enter(chat)
        ask(chat, chat.topics[topic])
        chat.answer(chat.topics[topic])
        leave(chat)
        facts = _facts(rng, chat, GOOD.resolved, GOOD.stars)
        records.append(_record(rng, started, person, "normal", tuple(chat.turns), facts))
    return records


def message_rows(record: Record) -> Iterable[dict[str, Any]]:
    """The rows of the log."""
    at = record.started_at
    for turn, gap in zip(record.turns, record.gaps_s, strict=True):
        at += timedelta(seconds=gap)
        yield {
            "conversation_id": record.conversation_id,
            "customer_id": record.person.customer_id,
            "channel": record.facts["channel"],
            "role": turn.role,
            "text": render(list(turn.segments))[0],
            "sent_at": at.isoformat(),
            **{key: value for key, value in record.facts.items() if key != "channel"},
        }


def span_rows(record: Record) -> Iterable[dict[str, Any]]:
    """The true personal data of the record's messages."""
    for number, turn in enumerate(record.turns):
        for span in render(list(turn.segments))[1]:
            yield {
                "conversation_id": record.conversation_id,
                "turn": number,
                "start": span.start,
                "end": span.end,
                "type": span.label,
            }


def _check(weeks: int, per_week: int, first_monday: date) -> None:
    if weeks < 1 or per_week < 1:
        raise KefuError(f"weeks is {weeks}, conversations a week {per_week}", todo="give numbers from 1")
    if first_monday.weekday() != 0:
        raise KefuError(f"{first_monday} is not a Monday", todo="give the Monday of the first week")


def _deck(rng: Random, shares: dict[str, int], count: int) -> list[str]:
    """`count` names in random order, as near to their shares as whole numbers allow."""
    total, names = sum(shares.values()), []
    exact = {name: share * count / total for name, share in shares.items()}
    for name, number in exact.items():
        names += [name] * int(number)
    rest = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))
    names += rest[: count - len(names)]
    return rng.sample(names, len(names))


def _customer(rng: Random, language: str) -> int:
    """A customer's number; numbers ending 0 to 5 write Chinese, 6 to 8 English, 9 both."""
    endings = {"zh": range(6), "en": range(6, 9), "mixed": range(9, 10)}[language]
    return rng.randrange(CUSTOMERS // 10) * 10 + rng.choice(endings)


def _start(rng: Random, monday: date) -> datetime:
    clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60), tzinfo=SHANGHAI)
    return datetime.combine(monday + timedelta(days=rng.randrange(7)), clock)


def _facts(rng: Random, chat: Chat, resolved: bool, stars: tuple[int, int]) -> dict[str, Any]:
    """Channel, and what the support system happens to know."""
    facts: dict[str, Any] = {"channel": rng.choice(CHANNELS[chat.tongue])}
    if rng.random() < 0.6:
        facts["language"] = chat.language
    if chat.intent and rng.random() < 0.55:
        facts["intent"] = chat.intent
    if rng.random() < 0.7:
        facts["resolved"] = resolved
    if rng.random() < 0.35:
        facts["satisfaction"] = rng.randint(*stars)
    return facts


def _record(
    rng: Random, started: datetime, person: Person, scene: str, turns: tuple[Turn, ...], facts: dict[str, Any]
) -> Record:
    gaps = (0, *(_gap_s(rng, turn) for turn in turns[1:]))
    name = f"{started:%Y%m%d}-{rng.getrandbits(32):08x}"
    return Record(name, started, person, scene, turns, facts, gaps)


def _gap_s(rng: Random, turn: Turn) -> int:
    if turn.role == "system":
        return rng.choice((0, 1, 300))
    length = sum(len(segment.text) for segment in turn.segments)
    return rng.randrange(3, 40) + length // 3


def _repeat(rng: Random, record: Record) -> Record:
    """The customer writes the same again, hours later on the same day, and gets the same answers."""
    latest = record.started_at.replace(hour=23, minute=30)
    later = min(record.started_at + timedelta(minutes=rng.randrange(20, 300)), latest)
    return _record(rng, later, record.person, "repeat", record.turns, record.facts)


def _count(summary: SampleSummary, records: list[Record], seen: set[tuple[tuple[str, str], ...]]) -> None:
    for record in records:
        rendered = [(turn.role, render(list(turn.segments))) for turn in record.turns]
        words = tuple((role, text) for role, (text, _) in rendered)
        summary.conversations += 1
        summary.messages += len(rendered)
        summary.spans.update(span.label for _, (_, spans) in rendered for span in spans)
        summary.scenes[record.scene] += 1
        summary.languages[record.person.language] += 1
        summary.duplicates += words in seen
        summary.near_duplicates += record.scene == "near_stock"
        seen.add(words)


def _write(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    partial.replace(file)
