"""Numbers far from a word so rare that they can be nothing else: `is qq login gone?? my progress is on 71014419`."""

from __future__ import annotations

from functools import lru_cache

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.recognizers import cues_en as cues

_FLAGS = regex.IGNORECASE
_OWN_ID = regex.compile(
    r"(?<![a-z])(?:id(?: is|'s|:)|mine(?:'s| is)|add me:?) (?P<value>[a-z][a-z0-9_-]{5,19})(?![A-Za-z0-9@_.-])",
    _FLAGS,
)
TOPICS = frozenset({"TRAVEL_PERMIT", "QQ"})
FAR = 60  # characters behind the word
_ITS_OWN = regex.compile(
    r"[£$€¥]\s?$|(?<![a-z])(?:sku|ref|order|ticket|booking|room|phone|mobile|wechat|level|lv|update|version"
    r"|build|patch|refund|paid|pay)[ :#]*$",
    _FLAGS,
)


def on_topic(text: str, kind: str, start: int) -> tuple[int, int] | None:
    """[start, end) of the first number of `kind` behind `start`, unless a word of its own stands before it; a WeChat id behind `id is`."""
    if kind == "WECHAT":
        own = _OWN_ID.search(text, start)
        return own.span("value") if own and not lexicon.is_word(own["value"].lower()) else None
    match = _topic(kind).search(text, start) if kind in TOPICS else None
    far = match and match.start() - start > FAR
    return None if not match or far or _ITS_OWN.search(text, 0, match.start()) else match.span("value")


@lru_cache
def _topic(kind: str) -> regex.Pattern[str]:
    least = r"(?!20\d\d[01]\d[0-3]\d(?!\d))(?=(?:[ -]?[A-Z]{0,2}[ -]?\d){6})"
    return regex.compile(rf"{cues.START}(?P<value>{least}{cues.STRONG[kind]}){cues.END}(?!-)", _FLAGS)
