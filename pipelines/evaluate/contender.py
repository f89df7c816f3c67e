"""A model under evaluation, loaded only when something is not remembered, and what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.evaluate import generate
from pipelines.evaluate.store import Store, digest
from pipelines.fingerprint import fingerprint_code
from pipelines.home import ROOT
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.params import Params

LOSS_BATCH = 8


@dataclass
class Contender:
    """`base`, `champion` or `candidate`."""

    role: str
    key: str
    """sha256 over what the weights are made of: base, and adapter if any"""
    params: Params
    policy: Policy = DEFAULT
    adapter: Callable[[], Path] | None = None

    @cached_property
    def tokenizer(self) -> Any:
        from pipelines.base.load import base_path, load_tokenizer

        return load_tokenizer(base_path(self.params.model))

    @cached_property
    def model(self) -> Any:
        """The base, with the adapter merged into its weights: one matrix product instead of three."""
        from pipelines.base.load import base_path, load_model

        model = load_model(base_path(self.params.model), self.params.model.dtype)
        if self.adapter is not None:
            from peft import PeftModel

            model = PeftModel.from_pretrained(model, str(self.adapter())).merge_and_unload()
        # torch.matmul copies a frozen matrix once a row to multiply a slice by it; the vocabulary's is large
        model.requires_grad_(True)
        return model.to(device()).eval()

    def free(self) -> None:
        """Lets the weights go; what was remembered stays."""
        self.__dict__.pop("model", None)

    def answers(
        self, chats: list[list[dict[str, str]]], progress: Callable[[int], None]
    ) -> list[generate.Answer]:
        """One greedy answer a chat (whose last message is the reference and is not shown).

        An answer that holds personal data is never written, so it is asked for again each time.
        """
        settings = self.params.evaluate
        prompts = [generate.render(self.tokenizer, chat[:-1]) for chat in chats]
        keys = [digest(prompt) for prompt in prompts]
        store = self._store(max_new_tokens=settings.max_new_tokens)
        missing = store.missing("answer", keys)
        found = {i: _kept(store, "answer", keys[i]) for i in set(range(len(keys))) - set(missing)}
        progress(len(found))
        for batch in generate.by_length([prompts[i] for i in missing], settings.batch_size):
            asked = [missing[i] for i in batch]
            said = generate.answer(
                self.model, self.tokenizer, [prompts[i] for i in asked], settings.max_new_tokens
            )
            for i, one in zip(asked, said, strict=True):
                found[i] = {"text": one.text, "tokens": one.tokens}
                if not find_simple(one.text, self.policy):
                    store.put("answer", keys[i], found[i])
            progress(len(asked))
        return [generate.Answer(**found[i]) for i in range(len(keys))]

    def repeats(self, chats: list[list[dict[str, str]]]) -> list[list[str]]:
        """k drawn answers a chat. One that holds personal data is not written and asked for again."""
        settings, how = self.params.evaluate, self.params.evaluate.repeats
        prompts = [generate.render(self.tokenizer, chat[:-1]) for chat in chats for _ in range(how.k)]
        draws = [generate.Draw(how.temperature, settings.seed + i % how.k) for i in range(len(prompts))]
        keys = [digest([prompt, draw.seed]) for prompt, draw in zip(prompts, draws, strict=True)]
        store = self._store(max_new_tokens=settings.max_new_tokens, temperature=how.temperature)
        missing = store.missing("answer", keys)
        found = {i: _kept(store, "answer", keys[i])["text"] for i in set(range(len(keys))) - set(missing)}
        for batch in generate.by_length([prompts[i] for i in missing], settings.batch_size):
            asked = [missing[i] for i in batch]
            said = generate.answer(
                self.model,
                self.tokenizer,
                [prompts[i] for i in asked],
                settings.max_new_tokens,
                [draws[i] for i in asked],
            )
            for i, one in zip(asked, said, strict=True):
                found[i] = one.text
                if not find_simple(one.text, self.policy):
                    store.put("answer", keys[i], {"text": one.text, "tokens": one.tokens})
        return [[found[i * how.k + j] for j in range(how.k)] for i in range(len(chats))]

    def losses(self, chats: list[list[dict[str, str]]]) -> list[tuple[float, int]]:
        """(nats, tokens) of the reference answer of each chat."""
        texts = [generate.render(self.tokenizer, chat, answered=True) for chat in chats]
        return self._nats("loss", generate.answer_losses, texts, chats)

    def text_loss(self, texts: list[str]) -> tuple[float, int]:
        """(nats, tokens) of plain texts, each alone from its first token on."""
        found = self._nats("text", generate.text_losses, texts, texts)
        return sum(nats for nats, _ in found), sum(tokens for _, tokens in found)

    def _nats(
        self, kind: str, measure: Callable[..., list[tuple[float, int]]], texts: list[str], items: list[Any]
    ) -> list[tuple[float, int]]:
        """`measure` of each item, remembered by its text; batches are of texts of like length."""
        keys, store = [digest(text) for text in texts], self._store()
        missing = store.missing(kind, keys)
        for batch in generate.by_length([texts[i] for i in missing], LOSS_BATCH):
            asked = [missing[i] for i in batch]
            found = measure(self.model, self.tokenizer, [items[i] for i in asked])
            for i, (nats, tokens) in zip(asked, found, strict=True):
                store.put(kind, keys[i], {"nats": nats, "tokens": tokens})
        kept = [_kept(store, kind, key) for key in keys]
        return [(one["nats"], one["tokens"]) for one in kept]

    def latencies(self, chats: list[list[dict[str, str]]]) -> list[dict[str, Any]]:
        """[{"seconds", "tokens"}] of answers given one at a time, after one that warms up."""
        new = self.params.evaluate.max_new_tokens
        prompts = [generate.render(self.tokenizer, chat[:-1]) for chat in chats]
        keys = [digest(prompt) for prompt in prompts]
        store = self._store(max_new_tokens=new)
        missing = store.missing("latency", keys)
        if missing:
            generate.timed_answer(self.model, self.tokenizer, prompts[missing[0]], 4)
        for i in missing:
            seconds, tokens = generate.timed_answer(self.model, self.tokenizer, prompts[i], new)
            store.put("latency", keys[i], {"seconds": round(seconds, 3), "tokens": tokens})
        return [_kept(store, "latency", key) for key in keys]

    def _store(self, **settings: Any) -> Store:
        from pipelines.base.load import dtype_name

        where = {"dtype": dtype_name(self.params.model.dtype), "on": device(), "by": _makers()}
        return Store(self.key, {**where, **settings})


@cache
def _makers() -> list[str]:
    """What else an answer depends on: the code that asks, and the libraries that run the model."""
    code = fingerprint_code(Path(generate.__file__), ROOT / "pipelines/base")
    return [code, *(f"{name} {version(name)}" for name in ("torch", "transformers", "peft"))]


def device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _kept(store: Store, kind: str, key: str) -> dict[str, Any]:
    found = store.get(kind, key)
    assert found is not None, "a result that was just stored is gone"
    return found
