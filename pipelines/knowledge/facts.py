"""Does an answer state a fact? Compared by its accepted surface forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

NUMERALS = "零〇一二两三四五六七八九十百千万半"
TOKEN = re.compile(r"[a-z']+|\d+|\S")
SHORT_WORD = 3  # letters; a shorter form must stand as a whole word


def facts_found(answer: str, key_facts: Sequence[Sequence[str]]) -> int:
    """How many of `key_facts` `answer` states: a fact counts when any of its forms stands in it.

    Compared after NFKC, in lower case, without regard to spaces. A form that begins or ends with a number
    does not match inside a longer one ("7天" is not in "17天", "8 yuan" not in "1.8 yuan", "五天" not in
    "十五天"), and a form in Latin letters begins where a word begins ("SF" is not in "it's fine").
    """
    text = _plain(answer)
    return sum(any(_pattern(form).search(text) for form in forms) for forms in key_facts)


@lru_cache(maxsize=8192)
def _pattern(form: str) -> re.Pattern[str]:
    tokens = TOKEN.findall(_plain(form))
    if not tokens:
        return re.compile(r"(?!)")
    body = r"\s*".join(re.escape(token) for token in tokens)
    return re.compile(_left_edge(tokens[0]) + body + _right_edge(tokens))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'")


def _left_edge(token: str) -> str:
    if token[0].isdigit():
        thousands = r"(?<!\d,)" if len(token) == 3 and token.isdigit() else ""
        return r"(?<!\d)(?<!\d\.)" + thousands
    if token[0] in NUMERALS:
        return f"(?<![{NUMERALS}])"
    return "(?<![a-z])" if token[0].isascii() and token[0].isalpha() else ""


def _right_edge(tokens: list[str]) -> str:
    last = tokens[-1]
    if last[-1].isdigit():
        return r"(?!\d|\.\d)"
    if last.isascii() and last.isalpha():
        whole = len(tokens) == 1 and len(last) <= SHORT_WORD
        return "(?![a-z])" if whole else "(?:e?[sd]|ly|ing|ours?|rs?|in|inutes?)?(?![a-z])"
    return ""
