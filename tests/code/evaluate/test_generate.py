"""Generation and loss on the tiny base."""

import pytest

from pipelines.evaluate import generate
from pipelines.evaluate.contender import Contender
from tests.code.evaluate.checkout import examples


@pytest.fixture(scope="module")
def base(checkout):
    _, params = checkout
    return Contender("base", "b" * 64, params)


@pytest.fixture(scope="module")
def chats(checkout):
    return [row["messages"] for row in examples(checkout[0] / "data/knowledge")][:6]


def prompts(base, chats):
    return [generate.render(base.tokenizer, chat[:-1]) for chat in chats]


def test_a_batch_answers_as_one_at_a_time_does(base, chats):
    asked = prompts(base, chats)
    together = generate.answer(base.model, base.tokenizer, asked, 8)
    alone = [generate.answer(base.model, base.tokenizer, [one], 8)[0] for one in asked]
    assert together == alone


def test_an_answer_ends_at_the_end_of_turn(base):
    from pipelines.base.load import end_of_answer_ids

    stops = end_of_answer_ids(base.tokenizer)
    words = base.tokenizer.encode("您好", add_special_tokens=False)
    cut = generate._cut(base.tokenizer, [*words, stops[0], *words], stops)
    assert cut == generate.Answer("您好", len(words) + 1)
    assert generate._cut(base.tokenizer, words, stops).tokens == len(words)


def test_the_loss_of_a_batch_is_that_of_each_alone(base, chats):
    together = generate.answer_losses(base.model, base.tokenizer, chats)
    for chat, (nats, tokens) in zip(chats, together, strict=True):
        [(alone, count)] = generate.answer_losses(base.model, base.tokenizer, [chat])
        assert tokens == count
        assert nats == pytest.approx(alone, rel=1e-4)


def test_the_loss_is_that_of_the_answer_tokens_under_the_full_model(base, chats):
    import torch

    ids, answer = generate._answer_ids(base.tokenizer, chats[0])
    with torch.inference_mode():
        logits = base.model(input_ids=torch.tensor([ids])).logits[0].float()
    picked = logits.log_softmax(-1)[range(len(ids) - 1), ids[1:]]
    [(nats, tokens)] = generate.answer_losses(base.model, base.tokenizer, chats[:1])
    assert tokens == answer
    assert nats == pytest.approx(-float(picked[-answer:].sum()), rel=1e-4)


def test_batches_hold_every_position_once_and_the_longest_first():
    texts = ["a" * n for n in (3, 9, 1, 5, 7)]
    batches = list(generate.by_length(texts, 2))
    assert batches == [[1, 4], [3, 0], [2]]


def test_an_answer_with_personal_data_is_never_written(base, chats, monkeypatch, tmp_path):
    assert base.model and base.tokenizer  # loaded before the home changes
    monkeypatch.setenv("KEFU_HOME", str(tmp_path))
    monkeypatch.setattr("pipelines.evaluate.contender.find_simple", lambda *_: ["PHONE"])
    said = base.answers(chats[:2], lambda _: None)
    assert len(said) == 2 and not list(tmp_path.rglob("*.json"))
    monkeypatch.setattr("pipelines.evaluate.contender.find_simple", lambda *_: [])
    assert base.answers(chats[:2], lambda _: None) == said
    assert len(list(tmp_path.rglob("*.json"))) == 2
