"""The parts that the scenes share: coming in, asking, being unsure, handing over, and the outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.sample.bank import Topic
from pipelines.sample.chat import Chat

Episodes = Mapping[str, Iterator[Mapping[str, Any]]]  # tongue -> endless episodes in this week's order
STOCK_TOPICS = 10  # per language


@dataclass(frozen=True)
class Outcome:
    resolved: bool
    stars: tuple[int, int]  # lowest and highest satisfaction


GOOD, FAIR, POOR = Outcome(True, (4, 5)), Outcome(True, (2, 4)), Outcome(False, (1, 2))


def enter(chat: Chat) -> None:
    if chat.chance(0.25):
        chat.system("sys_enter")
    if chat.chance(0.35):
        chat.customer(chat.pick("greet"))
        chat.agent(chat.pick("agent_greet"))


def leave(chat: Chat) -> None:
    if chat.chance(0.6):
        chat.customer(chat.pick("ack" if chat.chance(0.5) else "thanks"))
        if chat.chance(0.5):
            chat.agent(chat.pick("agent_bye"))
    if chat.chance(0.2):
        chat.system("sys_rate")


def more(chat: Chat, topic: Topic, episodes: Episodes) -> None:
    """A further question, half of them with an exchange of its own."""
    episode = next(episodes[chat.tongue]) if chat.chance(0.5) else None
    if episode and episode.get("when") != "after":
        topic = topic_of(chat, episode)
        chat.ask(topic, linked=True)
        chat.play(episode["turns"])
    else:
        chat.ask(topic, linked=True)
    chat.answer(topic, plain=chat.chance(0.5))


def ask(chat: Chat, topic: Topic) -> None:
    """After a greeting of its own a question needs no other."""
    chat.ask(topic, bare=bool(chat.turns) and chat.turns[-1].role == "agent" and chat.chance(0.5))


def middle(chat: Chat, topic: Topic, episode: Mapping[str, Any] | None) -> None:
    if episode and episode.get("when") != "after":
        chat.play(episode["turns"])
    elif topic.status != "none":
        order(chat, 0.35)
    if chat.turns[-1].role == "customer" and chat.chance(0.15):
        chat.agent(chat.pick("agent_wait"))
    chat.answer(topic)


def order(chat: Chat, share: float) -> None:
    if chat.chance(share):
        chat.agent(chat.pick("ask_order"))
        chat.customer(chat.pick("tell_order"), slip=False)


def unsure(chat: Chat, topic: Topic) -> None:
    if chat.chance(0.12):
        chat.customer(chat.pick("unsure"))
        chat.agent(chat.pick("again"), chat.right_words(topic))


def bad_reply(chat: Chat, key: str, unhappy: float = 0.7) -> Outcome:
    ask(chat, any_topic(chat))
    chat.agent(chat.pick(key))
    if chat.chance(unhappy):
        chat.customer(chat.pick("unhappy"))
        if chat.chance(0.3):
            chat.agent(chat.pick(key))
    return POOR


def hand_over(chat: Chat, key: str) -> None:
    chat.agent(chat.pick(key))
    chat.system("sys_transfer")
    chat.agent(chat.pick("human_open"))
    chat.agent(chat.pick("human_ask"))
    chat.customer(chat.pick("human_tell"), slip=False)
    chat.agent(chat.pick("human_done"))


def any_topic(chat: Chat) -> Topic:
    return chat.rng.choice(list(chat.topics.values()))


def topic_of(chat: Chat, episode: Mapping[str, Any] | None) -> Topic:
    """One of the episode's topics that the FAQ has, else any."""
    named = [chat.topics[name] for name in (episode or {}).get("topics", []) if name in chat.topics]
    return chat.rng.choice(named) if named else any_topic(chat)


def more_topics(chat: Chat, first: Topic) -> list[Topic]:
    count = chat.rng.choices((0, 1, 2), (60, 30, 10))[0]
    group = first.intent.split("/")[0]
    near = [t for t in chat.topics.values() if t.intent.startswith(f"{group}/") and t is not first]
    pool = near if near and chat.chance(0.6) else [t for t in chat.topics.values() if t is not first]
    return chat.rng.sample(pool, min(count, len(pool)))


def canned(chat: Chat) -> tuple[Topic, str, str]:
    """A pair that depends on the FAQ alone, so that it comes back in every week."""
    topics = list(chat.topics.values())
    step = max(1, len(topics) // STOCK_TOPICS)
    topic = chat.rng.choice(topics[::step][:STOCK_TOPICS])
    return topic, topic.questions[0], topic.answers[0]
