"""Answers, answer losses and latencies of a causal language model."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from pipelines.base.load import end_of_answer_ids
from pipelines.base.templates import TOLD

Message = dict[str, str]


@dataclass(frozen=True)
class Answer:
    text: str
    tokens: int
    """tokens generated, the one that ends the turn included"""


def render(tokenizer: Any, messages: list[Message], answered: bool = False) -> str:
    """The chat template's text of all messages; without `answered`, up to where the assistant begins."""
    return str(
        tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=not answered, **TOLD)
    )


def by_length(texts: list[str], batch_size: int) -> Iterator[list[int]]:
    """Positions in batches of like length, the longest first, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


@dataclass(frozen=True)
class Draw:
    """How an answer is drawn: repeatable, whatever else is in its batch."""

    temperature: float
    seed: int


@torch.inference_mode()
def answer(
    model: Any, tokenizer: Any, prompts: list[str], max_new_tokens: int, draws: list[Draw] | None = None
) -> list[Answer]:
    """Answers to a batch of rendered prompts: greedy, or one of `draws` for each.

    A row that has ended leaves the batch, so that the last long answer is not paid for by all.
    """
    tokenizer.padding_side = "left"
    batch = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False).to(model.device)
    stops = end_of_answer_ids(tokenizer)
    choose = _chooser(draws)
    said: list[list[int]] = [[] for _ in prompts]
    rows = list(range(len(prompts)))  # of the batch: which prompt each is
    given, mask, cache = batch["input_ids"], batch["attention_mask"], None  # (B, T)
    position = (mask.cumsum(-1) - 1).clamp(min=0)
    for step in range(max_new_tokens):
        out = model(
            input_ids=given,
            attention_mask=mask,
            position_ids=position,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        cache = out.past_key_values
        chosen = choose(out.logits[:, -1], rows)  # (B,)
        for row, token in zip(rows, chosen.tolist(), strict=True):
            said[row].append(token)
        going = [i for i, row in enumerate(rows) if said[row][-1] not in stops]
        if not going or step == max_new_tokens - 1:
            break
        if len(going) < len(rows):
            kept = torch.tensor(going, device=mask.device)
            cache.batch_select_indices(kept)
            mask, position, chosen = mask[kept], position[kept], chosen[kept]
            rows = [rows[i] for i in going]
        given, position = chosen[:, None], position[:, -1:] + 1
        mask = torch.cat([mask, torch.ones_like(given)], dim=-1)
    return [_cut(tokenizer, ids, stops) for ids in said]


def _chooser(draws: list[Draw] | None) -> Callable[[torch.Tensor, list[int]], torch.Tensor]:
    """A function of logits (B, V) and which prompts they are of: the next tokens (B,)."""
    if draws is None:
        return lambda logits, _: logits.argmax(dim=-1)
    dice = [random.Random(draw.seed) for draw in draws]

    def drawn(logits: torch.Tensor, rows: list[int]) -> torch.Tensor:
        heat = torch.tensor([[draws[row].temperature] for row in rows], device=logits.device)
        sums = (logits.float() / heat).softmax(dim=-1).cumsum(dim=-1)
        at = torch.tensor([[dice[row].random()] for row in rows], device=logits.device)
        found = torch.searchsorted(sums, at * sums[:, -1:], right=True)[:, 0]
        return found.clamp(max=logits.shape[-1] - 1)

    return drawn


def _cut(tokenizer: Any, ids: list[int], stops: list[int]) -> Answer:
    end = next((i for i, token in enumerate(ids) if token in stops), len(ids))
    text = tokenizer.decode(ids[:end], skip_special_tokens=True).strip()
    return Answer(text, min(end + 1, len(ids)))


def timed_answer(model: Any, tokenizer: Any, prompt: str, max_new_tokens: int) -> tuple[float, int]:
    """(seconds, tokens) of one answer, alone."""
    started = time.monotonic()
    said = answer(model, tokenizer, [prompt], max_new_tokens)[0]
    return time.monotonic() - started, said.tokens


@torch.inference_mode()
def answer_losses(model: Any, tokenizer: Any, chats: list[list[Message]]) -> list[tuple[float, int]]:
    """(sum of nats, tokens) of the last message of each chat, given all before it.

    Padded on the left, so that answers end together and logits are needed for the last positions only.
    """
    rows, lengths = zip(*(_answer_ids(tokenizer, chat) for chat in chats), strict=True)
    longest, keep = max(map(len, rows)), max(lengths)
    pad = tokenizer.pad_token_id
    ids = torch.tensor([[pad] * (longest - len(row)) + row for row in rows], device=model.device)  # (B, T)
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows], device=model.device)
    logits = model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=(mask.cumsum(-1) - 1).clamp(min=0),
        logits_to_keep=keep + 1,
        use_cache=False,
    ).logits[:, -keep - 1 : -1]  # (B, keep, V)
    found = []
    for row, wanted, n in zip(logits, ids[:, -keep:], lengths, strict=True):
        # in fp32 row by row: a vocabulary of 262,144 makes a batch of it a gigabyte
        nats = torch.nn.functional.cross_entropy(row[keep - n :].float(), wanted[keep - n :], reduction="sum")
        found.append((float(nats), n))
    return found


@torch.inference_mode()
def text_losses(model: Any, tokenizer: Any, texts: list[str]) -> list[tuple[float, int]]:
    """(sum of nats, tokens) of each text, after the token that documents begin with in training."""
    start = [tokenizer.bos_token_id if tokenizer.bos_token_id is not None else tokenizer.eos_token_id]
    rows = [[*start, *tokenizer.encode(text, add_special_tokens=False)] for text in texts]
    longest, pad = max(map(len, rows)), tokenizer.pad_token_id
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows], device=model.device)  # (B, T)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=model.device)
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits  # (B, T, V)
    found = []
    for row, wanted, n in zip(logits, ids, map(len, rows), strict=True):
        nats = torch.nn.functional.cross_entropy(row[: n - 1].float(), wanted[1:n], reduction="sum")
        found.append((float(nats), n - 1))
    return found


def _answer_ids(tokenizer: Any, chat: list[Message]) -> tuple[list[int], int]:
    """(tokens of the whole chat, how many of them are the answer with the token that ends it).

    Prompt and answer are tokenised apart, as in training.
    """
    prompt = render(tokenizer, chat[:-1])
    behind = render(tokenizer, chat, answered=True)[len(prompt) :].rstrip()
    given = tokenizer.encode(prompt, add_special_tokens=False)
    answer_ids = tokenizer.encode(behind, add_special_tokens=False)
    return [*given, *answer_ids], len(answer_ids)
