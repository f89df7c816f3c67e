"""Text to token ids: chats with the loss on the answer alone, documents in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.base.templates import TOLD
from pipelines.errors import KefuError

Message = dict[str, str]


@dataclass(frozen=True)
class Segment:
    """Tokens that see each other and no other segment; those from `answer_from` on are learned."""

    input_ids: list[int]
    answer_from: int  # index of the first learned token, at least 1: nothing predicts the first

    @property
    def learned(self) -> int:
        return len(self.input_ids) - self.answer_from


def encode_chat(tokenizer: Any, messages: Sequence[Message], max_tokens: int) -> Segment | None:
    """The last message (the assistant's) with its end-of-turn token is learned, all before it is given.

    Prompt and answer are tokenised apart, as they are when the model answers. Where they exceed
    `max_tokens` the oldest turns go, the system message last of all; None if even one turn is too long.
    """
    if not messages or messages[-1]["role"] != "assistant":
        raise KefuError("an example does not end with the assistant's message", "training examples")
    system = [m for m in messages[:1] if m["role"] == "system"]
    turns = list(messages[len(system) :])
    while len(turns) >= 2:
        segment = _encode(tokenizer, [*system, *turns])
        if len(segment.input_ids) <= max_tokens:
            return segment
        turns = _without_oldest(turns)
    return None


def _encode(tokenizer: Any, messages: list[Message]) -> Segment:
    prompt = tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True, **TOLD)
    whole = tokenizer.apply_chat_template(messages, tokenize=False, **TOLD)
    if not whole.startswith(prompt):
        raise KefuError(
            "the base's chat template changes the prompt once the answer stands after it",
            "tokenizer's chat_template",
            "take another base, or mend its chat template",
        )
    given = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    answer = tokenizer(whole[len(prompt) :].rstrip(), add_special_tokens=False)["input_ids"]
    return Segment([*given, *answer], len(given))


def _without_oldest(turns: list[Message]) -> list[Message]:
    """Leaves out the first turn and what follows it until the next user message."""
    later = [i for i, turn in enumerate(turns) if i > 0 and turn["role"] == "user"]
    return turns[later[0] :] if later else []


def pack_documents(
    tokenizer: Any, texts: Iterable[str], block_tokens: int, max_tokens: int
) -> list[list[Segment]]:
    """Blocks of `block_tokens` (the last may be shorter), filled by `<bos>text<eos>` one after another.

    A document that does not fit goes on in the next block, as a segment of its own. At most `max_tokens`
    in all.
    """
    blocks: list[list[Segment]] = []
    block: list[Segment] = []
    room, left = block_tokens, max_tokens
    for ids in _documents(tokenizer, texts):
        while ids and left:
            taken, ids = ids[: min(room, left)], ids[min(room, left) :]
            block.append(Segment(taken, 1))
            room, left = room - len(taken), left - len(taken)
            if room == 0:
                blocks.append(block)
                block, room = [], block_tokens
        if not left:
            break
    return [*blocks, block] if block else blocks


def _documents(tokenizer: Any, texts: Iterable[str]) -> Iterator[list[int]]:
    start = [tokenizer.bos_token_id] if tokenizer.bos_token_id is not None else []
    for text in texts:
        yield [*start, *tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
