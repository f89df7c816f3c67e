"""E-mail and network addresses, account names, passwords: new words of the same shape.

E-mail goes to example.com, .net or .org (RFC 2606), IP addresses into the ranges for documentation (RFC
5737: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24; RFC 3849: 2001:db8::/32). Account names, QQ numbers and
passwords have no reserved range: they are drawn at random.
"""

from __future__ import annotations

import re
from random import Random

from pipelines.mask.surrogates.draw import redraw

NETS = ("192.0.2", "198.51.100", "203.0.113")
_EMAIL = re.compile(r"(.+?)(\s?(?:@|＠|\(at\)|\[at\]|艾特|圈a|#)\s?|\s+at\s+)(.+)", re.IGNORECASE | re.DOTALL)
_DOT = re.compile(r"\s?(?:[.。．点]|(?<![a-z])dot(?![a-z]))\s?", re.IGNORECASE)


def handle(value: str, rng: Random) -> str:
    return redraw(value, rng)


def email(value: str, rng: Random) -> str:
    """As it was typed: `a at b dot com` stays so."""
    match = _EMAIL.fullmatch(value)
    if not match:
        return redraw(value, rng)
    local, at, domain = match.groups()
    dot = _DOT.search(domain)
    ending = f"{dot.group()}{rng.choice(('com', 'net', 'org'))}" if dot else ""
    return redraw(local, rng) + at + "example" + ending


def ip(value: str, rng: Random) -> str:
    if ":" not in value:
        return f"{rng.choice(NETS)}.{rng.randrange(1, 255)}"
    left, gap, right = value.partition("::")
    groups = [
        *(group for group in left.split(":") if group),
        *(["::"] if gap else []),
        *filter(None, right.split(":")),
    ]
    drawn = [
        group if group == "::" else "".join(rng.choice("123456789abcdef") for _ in group) for group in groups
    ]
    head = drawn.index("::") if gap else len(drawn)
    drawn[: min(2, head)] = ["2001", "db8"]
    text = ":".join(drawn).replace(":::", "::").replace(":::", "::")
    return text.upper() if value.isupper() else text
