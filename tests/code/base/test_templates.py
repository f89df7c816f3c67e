"""Gemma's turn format, checked against its published form."""

import pytest
from jinja2 import TemplateError
from transformers.utils.chat_template_utils import render_jinja_template

from pipelines.base.templates import GEMMA

USER, ANSWER = {"role": "user", "content": " 你好 "}, {"role": "assistant", "content": "您好"}
SYSTEM = {"role": "system", "content": "Be brief."}


def render(messages, prompt=False):
    (text,), _ = render_jinja_template(
        [messages], chat_template=GEMMA, add_generation_prompt=prompt, bos_token="<bos>"
    )
    return text


def test_turns():
    assert render([USER, ANSWER]) == (
        "<bos><start_of_turn>user\n你好<end_of_turn>\n<start_of_turn>model\n您好<end_of_turn>\n"
    )


def test_system_message_opens_the_first_user_turn():
    assert render([SYSTEM, USER, ANSWER, USER], prompt=True) == (
        "<bos><start_of_turn>user\nBe brief.\n\n你好<end_of_turn>\n"
        "<start_of_turn>model\n您好<end_of_turn>\n"
        "<start_of_turn>user\n你好<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_later_system_message_is_an_error():
    with pytest.raises(TemplateError, match="only stand first"):
        render([USER, SYSTEM])
