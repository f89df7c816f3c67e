"""Replayed text has the share that was asked for, and a model forgets less with it than without."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipelines.general.passages import held_out, replayed
from pipelines.training.encode import Segment
from pipelines.training.replay import again, general, tokens_in
from tests.code.training.test_encode import Letters

ITEMS = [[Segment([7] * 100, 50)] for _ in range(20)]


@given(st.floats(0, 0.5), st.integers(16, 64))
def test_share_of_all_tokens(share, block):
    texts = ["abcde" * 10] * 60
    added = again(Letters(), ITEMS, texts, share, block)
    whole = tokens_in(added) + tokens_in(ITEMS)
    assert tokens_in(added) / whole == pytest.approx(share, abs=2 / whole + 1e-9)
    assert all(sum(len(s.input_ids) for s in item) <= block for item in added)


def test_each_passage_at_most_once(tokenizer):
    added = general(tokenizer, ITEMS * 1000, 0.4, 128, 3)
    text = "".join(tokenizer.decode(s.input_ids, skip_special_tokens=True) for item in added for s in item)
    assert all(text.count(passage) <= 1 for passage in replayed())
    assert not any(passage in text for passage in held_out())
    assert tokens_in(added) < 0.4 / 0.6 * tokens_in(ITEMS * 1000)


def test_a_seed_chooses_and_repeats(tokenizer):
    first, again_, other = (general(tokenizer, ITEMS, 0.1, 128, seed) for seed in (1, 1, 2))
    assert first == again_ != other
    assert general(tokenizer, ITEMS, 0.0, 128, 1) == []


def test_replay_keeps_perplexity_down(home, tokenizer, tmp_path):
    """The tiny base learns a shop's answers with and without general text beside them."""
    from pipelines.evaluate.generate import text_losses
    from pipelines.training.worker import train
    from tests.code.training.test_killed import items
    from tests.code.training.tiny import tiny_job

    def after(name, added):
        job = tiny_job(home, tmp_path / name, items(32) + added, epochs=6, learning_rate=0.02)
        train(job)
        return perplexity(job, text_losses, tokenizer)

    without, with_ = after("without", []), after("with", general(tokenizer, items(32), 0.6, 128, 3))
    assert with_ < 0.9 * without


def perplexity(job, text_losses, tokenizer):
    from pathlib import Path

    from peft import PeftModel

    from pipelines.base.load import load_model

    model = PeftModel.from_pretrained(load_model(Path(job.base), "fp32"), job.result).eval()
    found = text_losses(model, tokenizer, held_out())
    return math.exp(sum(nats for nats, _ in found) / sum(tokens for _, tokens in found))


def test_loss_of_a_padded_batch_is_that_of_each_text_alone(home, tokenizer):
    from pipelines.base.load import base_path, load_model
    from pipelines.evaluate.generate import text_losses
    from tests.code.training.tiny import tiny_params

    model = load_model(base_path(tiny_params().model), "fp32")
    texts = held_out()[:5]
    for (nats, tokens), text in zip(text_losses(model, tokenizer, texts), texts, strict=True):
        ids = [tokenizer.bos_token_id, *tokenizer.encode(text, add_special_tokens=False)]
        logits = model(input_ids=torch.tensor([ids])).logits[0, :-1]
        alone = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="sum")
        assert (nats, tokens) == (pytest.approx(alone.item(), rel=1e-4), len(ids) - 1)
