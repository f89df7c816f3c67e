"""Telephone numbers of firms and offices: toll-free ones, a desk's, those with opening hours beside them."""

import regex

_FLAGS = regex.IGNORECASE
_FREE = regex.compile(r"(?:\+?44[- ]?)?(?:0800|0808|0845|0870|03\d\d \d{3} \d{4})(?!\d)")
_HOURS = regex.compile(
    r",?[^.\n\d]{0,12}?(?:lines? (?:is|are) open|open \d|open 24|24 hours|24/7|from abroad|or via the website|option \d)",
    _FLAGS,
)
_DESK = regex.compile(
    r"(?:(?<![a-z])(?:our (?:team|number|line|office|landline|branch)|helpline|hotline|switchboard|(?:front|help) desk|council"
    r"|toll[- ]?free(?: number)?(?: is)?|by phone|(?:to|with) us (?:by|via) (?:whatsapp|phone|sms|text)|(?:police|garda|fire) station(?: is)?"
    r"|customer (?:care|services?)|lost property|head office)(?:'s [a-z]+ team)?(?: (?:on|at|is))?"
    r"|(?:客服|热线|支行|网点|营业厅)(?:电话|号码)?(?:是|,电话|:)?)\s*:?\s*$",
    _FLAGS,
)
_THEIRS = regex.compile(r"(?<![a-z])(?:my|me|mine|i'm)(?![a-z])|我", _FLAGS)


def is_a_firms(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is a firm's by its form, or by what stands beside it."""
    if _FREE.match(text, start, end):
        return True
    near = text[max(0, start - 40) : start]
    return bool(_HOURS.match(text, end) or _DESK.search(near)) and not _THEIRS.search(near)
