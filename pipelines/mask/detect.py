"""A second, simple look at what leaves the stage: no NER, no Presidio, no code shared with the recognizers.

It only knows forms that are never anything else, so that a hit is a leak and not a matter of opinion.
"""

from __future__ import annotations

import re
import unicodedata

from pipelines.mask.allow import is_allowed
from pipelines.mask.labels import PLACEHOLDER

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
# What nobody can hold, so that a surrogate of `surrogates/` is no leak and needs no mark in the text.
RESERVED = {
    # RFC 2606: example.com, .net, .org and the top-level domain `example` are never registered.
    "EMAIL": re.compile(r".*[@.]example(?:\.(?:com|net|org))?", re.IGNORECASE),
    # GB/T 2260: no province bears these two digits, so no resident id begins with them.
    "ID_CARD": re.compile(r"[3-6]9\d{4}.*"),
    # Mobile 154 and 194: allocated to no operator by China's MIIT. Landlines 026 and 060x: in use nowhere.
    # Both are invalid in libphonenumber 9.0. 555-0100 to 555-0199: set apart for fiction in every area of the
    # North American Numbering Plan.
    "PHONE": re.compile(r"(?:86)?(?:1[59]4\d{8}|0(?:26|60\d)\d{7,8})|1?(?:\d{3})?55501\d\d"),
}
_NUMBERED = re.compile(r"(?:单号|订单|运单|快递|order|tracking|parcel)[^,。;!?\n]{0,12}$", re.IGNORECASE)


def find_simple(text: str) -> list[str]:
    """The types of what looks personal in `text`, one entry a find; [] is clean. Never the values.

    Placeholders, the allow list, what nobody can hold (RESERVED) and numbers that stand after a word for
    order or parcel don't count.
    """
    plain = PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", text))
    found = []
    for kind, form in _FORMS.items():
        for match in form.finditer(plain):
            if _counts(kind, plain, match):
                found.append(kind)
                plain = f"{plain[: match.start()]}{'·' * len(match.group())}{plain[match.end() :]}"
    return found


def _counts(kind: str, text: str, match: re.Match[str]) -> bool:
    if is_allowed(match.group()) or is_reserved(kind, match.group()):
        return False
    if kind == "BANK_CARD":
        return _luhn(match.group()) and not _NUMBERED.search(text[: match.start()])
    return kind == "EMAIL" or not _NUMBERED.search(text[: match.start()])


def is_reserved(kind: str, value: str) -> bool:
    """Whether `value` is of a range that nobody can hold; of a phone number only the digits count."""
    form = RESERVED.get(kind)
    said = re.sub(r"\D", "", value) if kind == "PHONE" else value
    return form is not None and form.fullmatch(said) is not None


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(int(char) for char in reversed(number) if char.isdigit()):
        total += digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
    return total % 10 == 0
