"""Accounts and permits that a turn before names: `add me on wechat?` / `lin_bags_hk2`, 台胞证 / 号码03728164."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from pipelines.mask.recognizers import cues_en, cues_zh

_FLAGS = regex.IGNORECASE
BACK = 4  # turns before
MAX_CHARS = 70
_A, _Z = r"(?<![0-9A-Za-z@._/#-])", r"(?![0-9A-Za-z@_-]|\.[0-9A-Za-z])"


_NO_ACCOUNT = r"(?!\s?(?:支付|付款|[收付]钱|转账|零钱|红包|小程序|公众号|扫码|pay|mini|app))"  # 微信支付
_OTHERS = r"(?<!(?:order|booking|ref(?:erence)?|ticket|visa|pnr|flight|case|claim|policy)(?: (?:no\.?|number|is))?[ #:]{1,2})"
_DAY = r"(?!20\d\d[01]\d[0-3]\d(?!\d))"


class Topic(NamedTuple):
    cue: regex.Pattern[str]
    value: regex.Pattern[str]
    once: bool  # a turn that holds word and value ends it: a bare number may be anything


def _topic(kind: str, value: str, once: bool) -> Topic:
    latin = rf"{cues_en.START}(?:{cues_en.CUES[kind]}){cues_en.END}"
    cue = regex.compile(f"(?:{latin}|{cues_zh.KINDS[kind].cue}){_NO_ACCOUNT}", _FLAGS)
    return Topic(cue, regex.compile(f"{_A}{value}{_Z}", _FLAGS), once)


TOPICS = {
    "WECHAT": _topic(
        "WECHAT", r"(?:(?=[a-z_-]*[0-9_-])|(?<=(?:mine's|mine is|id is) ))[a-z][a-z0-9_-]{5,19}", False
    ),
    "TRAVEL_PERMIT": _topic(
        "TRAVEL_PERMIT", rf"(?:[HMCWTL][A-Z]?(?:[ -]?\d){{8,10}}|{_DAY}\d(?: ?\d){{7}})", True
    ),
    "PASSPORT": _topic("PASSPORT", rf"{_OTHERS}(?-i:[A-Z]{{1,2}})\d{{6,8}}(?-i:[A-Z])?", True),
}
_MADE_UP = regex.compile(r"[0-9_]|[a-z]-[a-z]+-|[A-Z][a-z]+-[A-Z]|[a-z][A-Z]")


def on_topic(texts: Sequence[str]) -> Iterator[tuple[int, int, int, str]]:
    """(index of a turn, start, end, type) of the values whose word stands in a turn before, and not in their own."""
    for kind, topic in TOPICS.items():
        named = [index for index, text in enumerate(texts) if topic.cue.search(text)]
        asked = [index for index in named if not (topic.once and topic.value.search(texts[index]))]
        for index in {at for before in asked for at in range(before + 1, before + 1 + BACK)} - {*named}:
            if index < len(texts) and (span := _value(texts[index], topic)):
                yield index, *span, kind


def _value(text: str, topic: Topic) -> tuple[int, int] | None:
    match = topic.value.search(text) if len(text) <= MAX_CHARS else None
    return match.span() if match and _MADE_UP.search(match.group()) else None
