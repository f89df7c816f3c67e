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


def test_a_batch_answers_as_the_library_does(base, chats):
    tokenizer, asked = base.tokenizer, prompts(base, chats)
    tokenizer.padding_side = "left"
    batch = tokenizer(asked, return_tensors="pt", padding=True, add_special_tokens=False)
    stops = generate.end_of_answer_ids(tokenizer)
    how = {"do_sample": False, "eos_token_id": stops, "pad_token_id": tokenizer.pad_token_id}
    out = base.model.generate(**batch, **how, max_new_tokens=12)[:, batch["input_ids"].shape[1] :]
    theirs = [generate._cut(tokenizer, row.tolist(), stops) for row in out]
    assert generate.answer(base.model, tokenizer, asked, 12) == theirs


def test_a_drawn_answer_is_repeatable_though_others_leave_its_batch(base, chats, monkeypatch):
    stops = list(range(0, len(base.tokenizer), 4))
    monkeypatch.setattr(generate, "end_of_answer_ids", lambda _: stops)
    asked = prompts(base, chats)
    draws = [generate.Draw(1.0, seed) for seed in range(len(asked))]
    together = generate.answer(base.model, base.tokenizer, asked, 12, draws)
    assert len({one.tokens for one in together}) > 1
    for prompt, draw, said in zip(asked, draws, together, strict=True):
        assert generate.answer(base.model, base.tokenizer, [prompt], 12, [draw]) == [said]
    other = [generate.Draw(1.0, seed + 100) for seed in range(len(asked))]
    assert generate.answer(base.model, base.tokenizer, asked, 12, other) != together


def test_a_cold_draw_is_the_greedy_answer(base, chats):
    asked = prompts(base, chats)
    cold = [generate.Draw(1e-4, 1)] * len(asked)
    assert generate.answer(base.model, base.tokenizer, asked, 6, cold) == generate.answer(
        base.model, base.tokenizer, asked, 6
    )


def test_k_answers_a_chat_are_drawn_and_remembered(base, chats, monkeypatch):
    how = base.params.evaluate.repeats
    first = base.repeats(chats[:2])
    assert [len(each) for each in first] == [how.k, how.k]
    monkeypatch.setattr(generate, "answer", lambda *_: pytest.fail("asked again"))
    assert base.repeats(chats[:2]) == first


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
