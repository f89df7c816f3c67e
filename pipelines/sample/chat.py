"""One conversation while it is written: who says what, in which words, with which slips."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipelines.sample import slips
from pipelines.sample.bank import Knowledge, Topic, phrases
from pipelines.sample.script import Segment, fill
from pipelines.sample.values import Values

TYPO_SHARE, EMOJI_SHARE, FULL_WIDTH_SHARE = 0.12, 0.07, 0.05  # of customers' messages
LONG = {"zh": 22, "en": 75}  # code points; a longer question already tells its own context
GREETING = re.compile(r"^(?:您好|你好|hello|hi)[，,！!。. ]+", re.IGNORECASE)  # openings are ours


@dataclass(frozen=True)
class Turn:
    role: str  # customer | agent | system
    segments: tuple[Segment, ...]


@dataclass
class Chat:
    """`tongue` is the language of the phrase bank; `language` also knows mixed."""

    rng: Random
    language: str
    values: Values
    knowledge: Knowledge
    turns: list[Turn] = field(default_factory=list)
    intent: str | None = None

    @property
    def tongue(self) -> str:
        return "en" if self.language == "en" else "zh"

    @property
    def topics(self) -> dict[str, Topic]:
        return self.knowledge.topics[self.tongue]

    @property
    def bank(self) -> Mapping[str, Any]:
        return phrases(self.tongue)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, key: str, *more: str) -> list[Segment]:
        """A filled phrase of the bank's list `key`, or of a list one level down."""
        found = self.bank[key]
        for name in more:
            found = found[name]
        return self.fill(self.rng.choice(found) if isinstance(found, list) else found)

    def fill(self, template: str) -> list[Segment]:
        return fill(template, self.values)

    def add(self, role: str, *parts: Sequence[Segment]) -> None:
        self.turns.append(Turn(role, tuple(segment for part in parts for segment in part)))

    def customer(self, *parts: Sequence[Segment], slip: bool = True) -> None:
        segments = [segment for part in parts for segment in part]
        if self.language == "mixed" and not any(segment.label for segment in segments):
            segments = self._mixed(segments)
        if slip:
            segments = self._as_typed(segments)
        if self.tongue == "zh" and self.chance(FULL_WIDTH_SHARE):
            segments = slips.full_width(segments)
        self.add("customer", segments)

    def agent(self, *parts: Sequence[Segment]) -> None:
        self.add("agent", *parts)

    def system(self, key: str) -> None:
        self.add("system", self.pick(key))

    def play(self, turns: Sequence[Mapping[str, Sequence[str]]]) -> None:
        """An episode's or a case's turns, one way of saying each."""
        for turn in turns:
            for role, ways in turn.items():
                segments = self.fill(self.rng.choice(ways))
                if role == "c":
                    self.customer(segments, slip=self.chance(0.3))
                else:
                    self.add({"a": "agent", "s": "system"}[role], segments)

    def ask(self, topic: Topic, linked: bool = False, bare: bool = False) -> None:
        """The customer's question on `topic`: an FAQ wording in other words, with an opening or a context."""
        self.intent = self.intent or topic.intent
        question = self._question(topic)
        if linked:
            self.customer(*self._joined(self.pick("link"), question), self._closing(question, 0.1))
        elif not bare and self._takes_context(question) and self.chance(0.55):
            self._ask_with_context(topic, question)
        else:
            same = question[0].text in topic.questions  # nobody types the FAQ word for word, so add something
            opening = self._opening(0.65 if same else 0.35) if not bare else []
            closing = self._closing(question, 1.0 if same and not opening else 0.2)
            self.customer(*self._joined(opening, question), closing)

    def answer(self, topic: Topic, plain: bool = False) -> None:
        """A right answer in an agent's own words."""
        share = 0.0 if plain else 0.35
        opening = self.pick("agent_open") if self.chance(share) else []
        closing = self.pick("agent_close") if self.chance(share) else []
        self.agent(*self._joined(opening, self.right_words(topic)), closing)

    def right_words(self, topic: Topic) -> list[Segment]:
        words = [Segment(self.rng.choice(topic.answers))]
        if self.tongue == "en" and self.chance(0.6):
            return words
        return slips.swap_words(self.rng, words, f"{self.tongue}_answer_words", 0.3)

    def _question(self, topic: Topic) -> list[Segment]:
        words = [Segment(GREETING.sub("", self.rng.choice(topic.questions)))]
        english = self.knowledge.topics["en"].get(topic.name)
        if self.language == "mixed" and english and self.chance(0.3):  # says it in both languages
            both = [self.rng.choice(english.questions), " ", self.rng.choice(topic.questions)]
            return [Segment(text) for text in both]
        return slips.swap_words(self.rng, words, f"{self.tongue}_synonyms", 0.45)

    def _takes_context(self, question: Sequence[Segment]) -> bool:
        text = "".join(s.text for s in question)
        return len(text) <= LONG[self.tongue] and not any(
            w in text for w in ("买", "拍的", "bought", "ordered")
        )

    def _ask_with_context(self, topic: Topic, question: list[Segment]) -> None:
        context = self._context(topic, question)
        if self.chance(0.35):
            self.customer(slips.loose_end(self.rng, _without_comma(context)))
            self.customer(question, self._closing(question, 0.2))
        else:
            opened = self._joined(self._opening(0.25), context)
            self.customer(*opened, question, self._closing(question, 0.2))

    def _context(self, topic: Topic, question: list[Segment]) -> list[Segment]:
        """What the customer says of the order; no product where the question has its own or needs none."""
        ways = self.bank["context"][topic.status]
        text = "".join(s.text for s in question).lower()
        goods = any(word in text for word in phrases("slips")[f"goods_{self.tongue}"])
        if goods or topic.intent.startswith(("account/", "service/", "payment/", "product/")):
            ways = [way for way in ways if "{product}" not in way and "{sku}" not in way]
        return self.fill(self.rng.choice(ways))

    def _opening(self, share: float) -> list[Segment]:
        if not self.chance(share):
            return []
        return self.pick("mixed_open" if self.language == "mixed" and self.chance(0.7) else "open")

    def _closing(self, question: Sequence[Segment], share: float) -> list[Segment]:
        if not self.chance(share):
            return []
        closing = self.pick("mixed_close" if self.language == "mixed" else "close")
        if self.tongue == "zh" and question[-1].text.endswith(("？", "！", "。", "?")):
            first, *rest = closing
            return [Segment(first.text.removeprefix("，")), *rest]
        ended = question[-1].text.endswith((".", "?", "!")) or self.tongue == "zh"
        return closing if ended else [Segment("."), *closing]

    def _joined(self, opening: list[Segment], words: list[Segment]) -> list[list[Segment]]:
        """After an English opening that ends in a comma or "and", no capital."""
        last = opening[-1].text if opening else ""
        first, *rest = words
        loose = self.tongue == "en" and last.rstrip().endswith((",", "And", "and", ":"))
        if not loose or first.label or first.fixed or first.text.startswith(("I ", "I'")):
            return [opening, words]
        return [opening, [Segment(first.text[:1].lower() + first.text[1:]), *rest]]

    def _mixed(self, segments: list[Segment]) -> list[Segment]:
        """English words in Chinese; at least the customer's first message has some."""
        segments = slips.swap_words(self.rng, segments, "mixed_words", 0.8)
        own = "".join(s.text for s in segments if not s.label and not s.fixed)
        if any(turn.role == "customer" for turn in self.turns) or re.search("[A-Za-z]{2}", own):
            return segments
        return [*self.pick("mixed_start"), *segments]

    def _as_typed(self, segments: list[Segment]) -> list[Segment]:
        if self.chance(0.6):
            segments = slips.loose_end(self.rng, segments)
        if self.tongue == "en" and self.chance(0.3):
            segments = slips.lower_start(segments)
        if self.chance(TYPO_SHARE):
            segments = slips.typos(self.rng, segments, self.tongue)
        return slips.emoji(self.rng, segments, self.tongue) if self.chance(EMOJI_SHARE) else segments


def _without_comma(segments: list[Segment]) -> list[Segment]:
    *head, last = segments
    if last.label or last.fixed:
        return segments
    stripped = last.text.rstrip("，。 ")
    return [*head, Segment(stripped)] if stripped else head
