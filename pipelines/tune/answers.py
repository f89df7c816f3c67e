"""An answer taught many times is learned whole a few times, then only up to where it parts from all others.

A shop has some hundred answers and ten and more wordings of the question to each. Which answer a question
wants is decided where the answer parts from the others; how it goes on from there is the same every time, and
learned more cheaply alone (a recital: no question stands before it). So most examples teach the choice, and
the time that the ends of answers took goes into more of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Any

from pipelines.training.encode import Message, Segment, encode_chat

Answer = tuple[int, ...]
BEYOND = 3
"""Tokens that are learned beyond the first which no other answer has there."""


def shorten(segments: Sequence[Segment], whole: int) -> list[Segment]:
    """The segments in their order; of each answer the first `whole` stay as they are. 0: all stay."""
    if whole == 0:
        return list(segments)
    parts = partings(segments)
    seen: Counter[Answer] = Counter()
    shortened = []
    for segment in segments:
        answer = answer_of(segment)
        seen[answer] += 1
        length = len(answer) if seen[answer] <= whole else parts[answer] + BEYOND
        shortened.append(Segment(segment.input_ids[: segment.answer_from + length], segment.answer_from))
    return shortened


def recitals(
    tokenizer: Any, rows: Sequence[dict[str, Any]], whole: int, times: int, max_tokens: int
) -> list[Segment]:
    """Each answer that more than `whole` rows give, `times` times alone; learned from where it parts on."""
    if whole == 0 or times == 0:
        return []
    given: dict[str, list[list[Message]]] = {}
    for row in rows:
        given.setdefault(row["messages"][-1]["content"], []).append(row["messages"])
    encoded = [
        encode_chat(tokenizer, _alone(chats), max_tokens)
        for _, chats in sorted(given.items())
        if len(chats) > whole
    ]
    often = [segment for segment in encoded if segment]
    parts = partings(often)
    ends = [Segment(s.input_ids, s.answer_from + min(parts[answer_of(s)], s.learned - 1)) for s in often]
    return ends * times


def _alone(chats: list[list[Message]]) -> list[Message]:
    """Answer and system message, the shortest where they differ: it says least about the customer's order."""
    systems = [chat[0] for chat in chats if chat[0]["role"] == "system"]
    shortest = sorted(systems, key=lambda message: (len(message["content"]), message["content"]))[:1]
    return [*shortest, {"role": "user", "content": ""}, chats[0][-1]]


def answer_of(segment: Segment) -> Answer:
    return tuple(segment.input_ids[segment.answer_from :])


def partings(segments: Sequence[Segment]) -> dict[Answer, int]:
    """Tokens of each distinct answer up to the first that no other has there; all where another goes on."""
    ordered = sorted({answer_of(segment) for segment in segments})
    shared = [0, *(_common(*pair) for pair in pairwise(ordered)), 0]
    return {
        answer: min(max(before, after) + 1, len(answer))
        for answer, before, after in zip(ordered, shared, shared[1:], strict=False)
    }


def _common(one: Answer, other: Answer) -> int:
    """Tokens that both begin with; in sorted answers a neighbour shares the most."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
