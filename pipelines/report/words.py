"""The page's words, in English and Chinese: both stand in the page, its style shows one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

LANGUAGES = ("en", "zh")
FILE = Path(__file__).with_name("words.yaml")


@cache
def words() -> dict[str, dict[str, str]]:
    """{"section.key": {"en": markup, "zh": markup}} of words.yaml."""
    held = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {f"{section}.{key}": both for section, keys in held.items() for key, both in keys.items()}


def t(key: str, **values: Any) -> Markup:
    """The words of a key with `values`, which are escaped, put in; KeyError for a key that has none."""
    return pair(**{lang: Markup(words()[key][lang]).format(**values) for lang in LANGUAGES})


def pair(en: str, zh: str) -> Markup:
    """Two texts as one element for each language; one text where they are the same."""
    if en == zh:
        return Markup("{}").format(en)
    return Markup('<span class="t" lang="en">{}</span><span class="t" lang="zh">{}</span>').format(en, zh)


def plain(key: str, **values: Any) -> dict[str, str] | None:
    """{language: text} of a key without markup; None for a key that has no words."""
    both_ = words().get(key)
    return both_ and {lang: both_[lang].format(**values) for lang in LANGUAGES}


def both(key: str) -> str:
    """The words of a key in both languages, for an attribute, which cannot hold one of them hidden."""
    return " / ".join(words()[key][lang] for lang in LANGUAGES)


def named(section: str, name: str) -> Markup:
    """The words of a name that a stage or a company gave; the name itself where there are none."""
    return t(f"{section}.{name}") if f"{section}.{name}" in words() else pair(name, name)


def reason(code: str) -> Markup:
    """What a reason code of a stage means, in a short phrase; the code itself where it is not known."""
    for kind in ("corrected", "handed_over", "corpus"):
        if code.startswith(f"{kind}_"):
            return t(f"reasons.{kind}", what=named("reason", code.removeprefix(f"{kind}_")))
    return named("reason", code)


def gate(found: dict[str, Any]) -> Markup:
    """A reason of the gate; the English that it gave where its code is not known."""
    if f"gate.{found.get('code')}" not in words():
        return said(found["says"])
    values = {name: _told(name, v) if isinstance(v, str) else v for name, v in found["values"].items()}
    return t(f"gate.{found['code']}", says=found["says"], **values)


def _told(name: str, value: str) -> Markup:
    return named(name, value) if name in ("measure", "model", "suite", "by") else said(value)


def said(text: str) -> Markup:
    """An English sentence that a stage left, with its Chinese if the section said has its form."""
    for key, both in words().items():
        if key.startswith("said.") and (held := _form(both["en"]).fullmatch(text)):
            return pair(text, both["zh"].format(**held.groupdict()))
    return pair(text, text)


def _form(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(f"(?P<{p}>.+)" if n % 2 else re.escape(p) for n, p in enumerate(parts)))
