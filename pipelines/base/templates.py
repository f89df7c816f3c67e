"""Gemma's turn format, for bases that come without a chat template, and what every template is told."""

from __future__ import annotations

TOLD = {"enable_thinking": False}
"""Of each template, where a base is trained, evaluated and served: Qwen3's then puts its empty thought into
the prompt instead of leaving it to be learned. One that does not know the word renders as without it."""

GEMMA = (
    "{{ bos_token }}"
    "{% if messages[0]['role'] == 'system' %}"
    "{% set first = messages[0]['content'] | trim + '\\n\\n' %}{% set turns = messages[1:] %}"
    "{% else %}{% set first = '' %}{% set turns = messages %}{% endif %}"
    "{% for message in turns %}"
    "{% if message['role'] not in ['user', 'assistant'] %}"
    "{{ raise_exception('a system message may only stand first') }}{% endif %}"
    "{% set role = 'model' if message['role'] == 'assistant' else 'user' %}"
    "{{ '<start_of_turn>' + role + '\\n' + (first if loop.first else '')"
    " + message['content'] | trim + '<end_of_turn>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
"""Gemma has no system role: its text opens the first user turn, as in Gemma's own template."""

END_OF_TURN = "<end_of_turn>"
