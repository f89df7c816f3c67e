"""A second, simple look at what leaves the stage: no NER, no Presidio, no code shared with the recognizers.

It only knows forms that are never anything else, so that a hit is a leak and not a matter of opinion.
"""

from __future__ import annotations

import re
import unicodedata

from pipelines.mask.labels import PLACEHOLDER
from pipelines.mask.policy import DEFAULT, Policy

_A, _Z = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_FORMS = {
    "EMAIL": re.compile(r"[0-9A-Za-z][0-9A-Za-z._%+-]*@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[A-Za-z]{2,}"),
    "ID_CARD": re.compile(
        rf"{_A}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{_Z}"
    ),
    "PHONE": re.compile(
        rf"{_A}(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{_Z}"
        rf"|{_A}0\d{{2,3}}-[2-8]\d{{6,7}}{_Z}"
        rf"|(?<![0-9A-Za-z-])(?:\+?1[-. ])?(?:\([2-9]\d{{2}}\) ?"
        rf"|[2-9]\d{{2}}[-.])\d{{3}}[-.]\d{{4}}(?![0-9A-Za-z-])"
    ),
    "BANK_CARD": re.compile(rf"{_A}[3-6]\d{{3}}(?:[- ]?\d{{4}}){{2}}[- ]?\d{{4}}(?:[- ]?\d{{1,3}})?{_Z}"),
    "SSN": re.compile(r"(?<![0-9A-Za-z-])(?!000|666|9)\d{3}-\d{2}-\d{4}(?![0-9A-Za-z-])"),
}
_NUMBERED = re.compile(r"(?:单号|订单|运单|快递|order|tracking|parcel)[^,。;!?\n]{0,12}$", re.IGNORECASE)


def find_simple(text: str, policy: Policy = DEFAULT) -> list[str]:
    """The types of what looks personal in `text`, one entry a find; [] is clean. Never the values.

    Placeholders, types that are switched off, the allow list and numbers that stand after a word for order
    or parcel don't count; what the deny list names does.
    """
    plain = PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", text))
    found = [kind for kind, pattern in policy.denied.items() for _ in pattern.finditer(plain)]
    for kind, form in _FORMS.items():
        if kind in policy.kept:
            continue
        for match in form.finditer(plain):
            if _counts(kind, plain, match, policy):
                found.append(kind)
                plain = f"{plain[: match.start()]}{'·' * len(match.group())}{plain[match.end() :]}"
    return found


def _counts(kind: str, text: str, match: re.Match[str], policy: Policy) -> bool:
    if policy.is_allowed(match.group()):
        return False
    if kind == "BANK_CARD":
        return _luhn(match.group()) and not _NUMBERED.search(text[: match.start()])
    return kind == "EMAIL" or not _NUMBERED.search(text[: match.start()])


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(int(char) for char in reversed(number) if char.isdigit()):
        total += digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
    return total % 10 == 0
