"""The loss falls on the answer and its end, and on nothing else; documents fill blocks without loss."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.training.encode import encode_chat, pack_documents

CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "运费多少"},
    {"role": "assistant", "content": "满99元包邮。"},
]


def test_mask_token_by_token(tokenizer):
    segment = encode_chat(tokenizer, CHAT, 512)
    given_tokens = segment.input_ids[: segment.answer_from]
    learned = segment.input_ids[segment.answer_from :]
    assert tokenizer.decode(given_tokens) == (
        "<bos><start_of_turn>user\nBe brief.\n\n运费多少<end_of_turn>\n<start_of_turn>model\n"
    )
    assert [tokenizer.decode([i]) for i in learned][-1] == "<end_of_turn>"
    assert tokenizer.decode(learned) == "满99元包邮。<end_of_turn>"
    assert given_tokens.count(tokenizer.bos_token_id) == 1


def test_prompt_is_what_the_model_will_be_given(tokenizer):
    prompt = tokenizer.apply_chat_template(
        CHAT[:-1], add_generation_prompt=True, tokenize=True, return_dict=True
    )
    segment = encode_chat(tokenizer, CHAT, 512)
    assert segment.input_ids[: segment.answer_from] == list(prompt["input_ids"])


def test_long_chat_loses_its_oldest_turns_and_keeps_the_system_message(tokenizer):
    old = [{"role": "user", "content": "旧问题" * 30}, {"role": "assistant", "content": "旧答案" * 30}]
    whole = [CHAT[0], *old, *CHAT[1:]]
    segment = encode_chat(tokenizer, whole, 60)
    assert segment == encode_chat(tokenizer, CHAT, 512)
    assert encode_chat(tokenizer, whole, 5) is None


def test_a_chat_must_end_with_an_answer(tokenizer):
    with pytest.raises(KefuError, match="does not end with the assistant"):
        encode_chat(tokenizer, CHAT[:-1], 512)


def test_a_template_that_rewrites_the_prompt_is_refused(tokenizer):
    tokenizer.chat_template = "{{ messages | length }}"
    with pytest.raises(KefuError, match="changes the prompt"):
        encode_chat(tokenizer, CHAT, 512)


class Letters:
    """A tokenizer of one token a character."""

    bos_token_id, eos_token_id = 1, 2

    def __call__(self, text, add_special_tokens):
        return {"input_ids": [ord(c) for c in text]}


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text("abc", max_size=40), max_size=8),
    block=st.integers(2, 20),
    limit=st.integers(1, 120),
)
def test_documents_fill_blocks_in_order(texts, block, limit):
    blocks = pack_documents(Letters(), texts, block, limit)
    stream = [i for b in blocks for s in b for i in s.input_ids]
    assert stream == [i for t in texts for i in [1, *map(ord, t), 2]][:limit]
    assert all(sum(len(s.input_ids) for s in b) == block for b in blocks[:-1])
    assert all(s.input_ids.count(1) <= 1 and s.answer_from == 1 for b in blocks for s in b)
