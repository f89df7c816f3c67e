"""The kinds of conversation that a support log holds, good and bad. Each scene writes one chat.

A scene returns its outcome: whether the question was resolved, and the range of the rating.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from random import Random
from typing import Any

from pipelines.sample import slips
from pipelines.sample.bank import phrases
from pipelines.sample.chat import Chat
from pipelines.sample.parts import (
    FAIR,
    GOOD,
    POOR,
    Episodes,
    Outcome,
    any_topic,
    ask,
    bad_reply,
    canned,
    enter,
    hand_over,
    leave,
    middle,
    more,
    more_topics,
    order,
    topic_of,
    unsure,
)
from pipelines.sample.script import Segment


def deal_episodes(rng: Random) -> dict[str, Iterator[Mapping[str, Any]]]:
    """All episodes in a random order, so that every kind of personal data comes up within a week."""
    return {tongue: cycle(_shuffled(rng, phrases(f"episodes.{tongue}"))) for tongue in ("zh", "en")}


def normal(chat: Chat, episodes: Episodes) -> Outcome:
    """One to three questions, most with an exchange of personal data, answered rightly."""
    episode = next(episodes[chat.tongue]) if chat.chance(0.85) else None
    first = topic_of(chat, episode)
    enter(chat)
    ask(chat, first)
    middle(chat, first, episode)
    unsure(chat, first)
    for topic in more_topics(chat, first):
        more(chat, topic, episodes)
    if episode and episode.get("when") == "after":
        chat.play(episode["turns"])
    leave(chat)
    return GOOD


def angry(chat: Chat, episodes: Episodes) -> Outcome:
    """Loud at first, soothed, answered."""
    episode = next(episodes[chat.tongue]) if chat.chance(0.5) else None
    topic = topic_of(chat, episode)
    shout = chat.pick("angry", topic.status)
    if chat.chance(0.5):
        chat.customer(shout)
        chat.ask(topic, bare=True)
    else:
        chat.ask(topic)
        chat.customer(shout)
    chat.agent(chat.pick("soothe"))
    if chat.chance(0.4):
        chat.customer(chat.pick("angry", topic.status))
    if episode:
        chat.play(episode["turns"])
    else:
        order(chat, 0.6 if topic.status != "none" else 0.0)
    chat.answer(topic)
    chat.customer(chat.pick("calm"))
    if chat.chance(0.4):
        chat.agent(chat.pick("agent_bye"))
    return FAIR


def wrong(chat: Chat, episodes: Episodes) -> Outcome:
    """The agent contradicts the policy, and the customer mostly believes it."""
    topic = chat.rng.choice([t for t in chat.topics.values() if t.wrong] or list(chat.topics.values()))
    enter(chat)
    ask(chat, topic)
    chat.agent([Segment(chat.rng.choice(topic.wrong or topic.answers))])
    chat.customer(chat.pick("ack" if chat.chance(0.7) else "unsure"))
    return Outcome(True, (2, 5))


def curt(chat: Chat, episodes: Episodes) -> Outcome:
    return bad_reply(chat, "curt")


def rude(chat: Chat, episodes: Episodes) -> Outcome:
    return bad_reply(chat, "rude")


def off_platform(chat: Chat, episodes: Episodes) -> Outcome:
    return bad_reply(chat, "off_platform", 0.4)


def unfinished(chat: Chat, episodes: Episodes) -> Outcome:
    """The agent begins a sentence and the log ends, or the customer never answers."""
    topic = any_topic(chat)
    ask(chat, topic)
    chat.agent(chat.pick("ask_order" if topic.status != "none" and chat.chance(0.4) else "unfinished"))
    chat.system("sys_timeout")
    return POOR


def greet_only(chat: Chat, episodes: Episodes) -> Outcome:
    chat.customer(chat.pick("greet"))
    if chat.chance(0.8):
        chat.agent(chat.pick("agent_greet"))
    if chat.chance(0.6):
        chat.system("sys_timeout")
    return POOR


def other_tongue(chat: Chat, episodes: Episodes) -> Outcome:
    """An English question answered in Chinese; for other customers an ordinary one."""
    shared = sorted(set(chat.topics) & set(chat.knowledge.topics["zh"]))
    if chat.language != "en" or not shared:
        return normal(chat, episodes)
    topic = chat.topics[chat.rng.choice(shared)]
    chat.ask(topic)
    chat.agent([Segment(chat.rng.choice(chat.knowledge.topics["zh"][topic.name].answers))])
    chat.customer(
        [Segment(chat.rng.choice(("English please?", "I don't read Chinese", "sorry, in English?", "?")))]
    )
    if chat.chance(0.4):
        chat.answer(topic)
    return POOR


def transfer(chat: Chat, episodes: Episodes) -> Outcome:
    """The customer wants a person."""
    if chat.chance(0.5):
        chat.ask(topic := any_topic(chat))
        chat.answer(topic, plain=True)
    chat.customer(chat.pick("want_human"), slip=False)
    hand_over(chat, "transfer")
    return FAIR


def serious(chat: Chat, episodes: Episodes) -> Outcome:
    """Injury, law, fraud, much money: a person must take over."""
    chat.customer(chat.pick("hand_over"))
    if chat.chance(0.4):
        chat.agent(chat.pick("soothe"))
    hand_over(chat, "fallback")
    return FAIR


def off_topic(chat: Chat, episodes: Episodes) -> Outcome:
    if chat.chance(0.3):
        chat.customer(chat.pick("greet"))
        chat.agent(chat.pick("agent_greet"))
    chat.customer(chat.pick("off_topic"))
    chat.agent(chat.pick("fallback"))
    return POOR


def spam(chat: Chat, episodes: Episodes) -> Outcome:
    line = chat.pick("spam")
    chat.customer(line, slip=False)
    if chat.chance(0.3):
        chat.customer(line, slip=False)
    if chat.chance(0.4):
        chat.agent(chat.pick("agent_greet"))
    chat.system("sys_timeout")
    return POOR


def case(chat: Chat, episodes: Episodes) -> Outcome:
    """A business rule decides."""
    found = chat.rng.choice(phrases("cases")[chat.tongue])
    chat.intent = found["intent"]
    if chat.chance(0.3):
        chat.customer(chat.pick("greet"))
        chat.agent(chat.pick("agent_greet"))
    chat.play(found["turns"])
    return GOOD


def stock(chat: Chat, episodes: Episodes) -> Outcome:
    """A quick-question button and its canned reply: the same words in many conversations."""
    topic, question, answer = canned(chat)
    chat.intent = topic.intent
    chat.add("customer", [Segment(question)], chat.pick("mixed_close") if chat.language == "mixed" else [])
    chat.agent([Segment(answer)])
    return GOOD


def near_stock(chat: Chat, episodes: Episodes) -> Outcome:
    """The same, typed with a small difference."""
    topic, question, answer = canned(chat)
    chat.intent = topic.intent
    segments = [Segment(question)]
    kind = chat.rng.choice(("open", "close", "emoji", "typo"))
    if kind in ("open", "close"):
        extra = chat.pick(kind)
        segments = [*extra, *segments] if kind == "open" else [*segments, *extra]
    else:
        segments = (
            slips.emoji(chat.rng, segments, chat.tongue)
            if kind == "emoji"
            else slips.typos(chat.rng, segments, chat.tongue)
        )
    chat.customer(segments, slip=False)
    chat.agent([Segment(answer)], chat.pick("agent_close") if chat.chance(0.4) else [])
    return GOOD


SCENES: dict[str, tuple[Callable[[Chat, Episodes], Outcome], int]] = {  # scene, share in hundredths
    "normal": (normal, 47),
    "angry": (angry, 6),
    "case": (case, 6),
    "stock": (stock, 6),
    "near_stock": (near_stock, 5),
    "wrong": (wrong, 5),
    "transfer": (transfer, 4),
    "serious": (serious, 3),
    "off_topic": (off_topic, 4),
    "curt": (curt, 3),
    "rude": (rude, 2),
    "off_platform": (off_platform, 1),
    "unfinished": (unfinished, 2),
    "greet_only": (greet_only, 2),
    "other_tongue": (other_tongue, 3),
    "spam": (spam, 1),
}


def _shuffled(rng: Random, items: list[Any]) -> list[Any]:
    return rng.sample(items, len(items))
