"""The loss falls on the last answer and its end-of-turn token, token by token, under every chat template.

The templates are those of the model families, shortened to their turn format: what they have for tools, given
reasoning and pictures is left out, since no chat here has any. Each family's special tokens are added to
the tiny base's tokenizer, so that they are single tokens as they are there.
"""

import pytest
import torch

from pipelines.base.load import base_path, load_model
from pipelines.base.templates import GEMMA
from pipelines.evaluate.generate import render
from pipelines.training.encode import Segment, encode_chat
from pipelines.training.pack import into_rows, pack
from tests.code.training.tiny import tiny_params

CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "运费多少"},
    {"role": "assistant", "content": "8元。"},
    {"role": "user", "content": "包邮吗?"},
    {"role": "assistant", "content": "满99元包邮。"},
]
TURN = "'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n'"
GENERATE = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
CHATML = (
    "{% for m in messages %}"
    "{% if loop.first and m['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
    "{{ " + TURN + " }}{% endfor %}" + GENERATE
)
"""SmolLM2 and Qwen 2.5, which differ in the system message that they put where there is none."""
QWEN3 = (
    "{% for m in messages %}"
    "{% if m['role'] == 'assistant' and loop.last %}"
    "{{ '<|im_start|>assistant\\n<think>\\n\\n</think>\\n\\n' + m['content'] + '<|im_end|>\\n' }}"
    "{% else %}{{ " + TURN + " }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}"
)
"""Thought stands before the last answer only, and is empty where there is none; the prompt holds it where
thinking is turned off."""
HEADER = "'<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n'"
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}"
    "{{ " + HEADER + " + m['content'] | trim + '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
LLAMA31 = (
    "{{ bos_token }}{% set system = messages[0]['content'] if messages[0]['role'] == 'system' else '' %}"
    "{{ '<|start_header_id|>system<|end_header_id|>\\n\\nToday Date: 26 Jul 2024\\n\\n' }}"
    "{{ system + '<|eot_id|>' }}"
    "{% for m in messages if m['role'] != 'system' %}"
    "{{ " + HEADER + " + m['content'] | trim + '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
IM = "<|im_start|>{}\n{}<|im_end|>\n".format
LLAMA = "<|start_header_id|>{}<|end_header_id|>\n\n{}<|eot_id|>".format
IM_GIVEN = (
    IM("system", "Be brief.") + IM("user", "运费多少") + IM("assistant", "8元。") + IM("user", "包邮吗?")
)
LLAMA_GIVEN = LLAMA("user", "运费多少") + LLAMA("assistant", "8元。") + LLAMA("user", "包邮吗?")
LLAMA_GIVEN += "<|start_header_id|>assistant<|end_header_id|>\n\n"
CASES = {  # template, what is given, what is learned
    "gemma": (
        GEMMA,
        "<bos><start_of_turn>user\nBe brief.\n\n运费多少<end_of_turn>\n"
        "<start_of_turn>model\n8元。<end_of_turn>\n<start_of_turn>user\n包邮吗?<end_of_turn>\n<start_of_turn>model\n",
        "满99元包邮。<end_of_turn>",
    ),
    "smollm2-qwen2.5": (CHATML, IM_GIVEN + "<|im_start|>assistant\n", "满99元包邮。<|im_end|>"),
    "qwen3": (
        QWEN3,
        IM_GIVEN + "<|im_start|>assistant\n<think>\n\n</think>\n\n",
        "满99元包邮。<|im_end|>",
    ),
    "llama3": (LLAMA3, "<bos>" + LLAMA("system", "Be brief.") + LLAMA_GIVEN, "满99元包邮。<|eot_id|>"),
    "llama3.1": (
        LLAMA31,
        "<bos>" + LLAMA("system", "Today Date: 26 Jul 2024\n\nBe brief.") + LLAMA_GIVEN,
        "满99元包邮。<|eot_id|>",
    ),
}
SPECIAL = ["<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
SPECIAL += ["<think>", "</think>"]


@pytest.fixture
def tokenizer(tokenizer):
    tokenizer.add_special_tokens({"additional_special_tokens": SPECIAL})
    return tokenizer


def learned_positions(segment):
    """Which tokens of a packed segment are targets: what the position before them predicts."""
    packed = pack([[segment]])
    kept = torch.nonzero(packed["logits_to_keep"][0]).flatten() + 1
    assert packed["input_ids"][0, kept].tolist() == packed["shift_labels"].tolist()
    return set(kept.tolist())


@pytest.mark.parametrize("name", CASES)
def test_token_by_token(tokenizer, name):
    template, given, learned = CASES[name]
    tokenizer.chat_template = template
    segment = encode_chat(tokenizer, CHAT, 512)
    expected = [
        (token, is_learned)
        for text, is_learned in ((given, False), (learned, True))
        for token in tokenizer.tokenize(text)
    ]
    tokens, targets = tokenizer.convert_ids_to_tokens(segment.input_ids), learned_positions(segment)
    assert [(token, at in targets) for at, token in enumerate(tokens)] == expected


@pytest.mark.parametrize("name", CASES)
def test_the_end_of_turn_is_one_token_and_learned_once(tokenizer, name):
    template, _, learned = CASES[name]
    tokenizer.chat_template = template
    segment = encode_chat(tokenizer, CHAT, 512)
    end = "<" + learned.rsplit("<", 1)[1]
    assert tokenizer.convert_ids_to_tokens(segment.input_ids[-1:]) == [end]
    assert segment.input_ids[segment.answer_from :].count(segment.input_ids[-1]) == 1


@pytest.mark.parametrize("name", CASES)
def test_the_evaluation_gives_the_prompt_that_was_trained_with(tokenizer, name):
    tokenizer.chat_template, given, _ = CASES[name]
    assert render(tokenizer, CHAT[:-1]) == given


def padded(segments):
    """An ordinary right-padded batch with labels of -100 on prompt and padding."""
    length = max(len(s.input_ids) for s in segments)
    ids = [[*s.input_ids, *[0] * (length - len(s.input_ids))] for s in segments]
    mask = [[1] * len(s.input_ids) + [0] * (length - len(s.input_ids)) for s in segments]
    labels = [
        [-100] * s.answer_from + s.input_ids[s.answer_from :] + [-100] * (length - len(s.input_ids))
        for s in segments
    ]
    return {
        "input_ids": torch.tensor(ids),
        "attention_mask": torch.tensor(mask),
        "labels": torch.tensor(labels),
    }


@pytest.mark.parametrize("row_tokens", [1, 60, 1000])
def test_packed_and_padded_loss_agree(home, tokenizer, row_tokens):
    """By transformers' own loss over padding, and ours over rows that share prefixes."""
    model = load_model(base_path(tiny_params().model), "fp32")
    chats = [[*CHAT[:1], {"role": "user", "content": "?" * n}, *CHAT[4:]] for n in (1, 9, 30)]
    segments = [encode_chat(tokenizer, chat, 512) for chat in [*chats, CHAT]]
    assert all(isinstance(s, Segment) for s in segments)
    with torch.no_grad():
        expected = model(**padded(segments)).loss
        found = model(**pack(into_rows(segments, row_tokens))).loss
    assert found.item() == pytest.approx(expected.item(), rel=1e-5)
