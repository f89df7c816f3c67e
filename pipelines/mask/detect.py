"""A second, simple look at what leaves the stage: no NER, no Presidio, no code shared with the recognizers.

It only knows forms that are never anything else, so that a hit is a leak and not a matter of opinion: what
has a shape of its own, what carries a check digit, and what stands right behind the word that names it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable

from pipelines.mask.labels import PLACEHOLDER
from pipelines.mask.policy import DEFAULT, Policy

_A, _Z = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_IS = r"\s{0,2}(?:[:=]|号码?|账号|是|为|ID|is|no\.?|number)?\s{0,2}(?:[:=]|是|为|is)?\s{0,2}"
_USER = rf"{_A}[0-9A-Za-z][0-9A-Za-z._%+-]{{1,40}}"
_PROVIDER = r"(?:qq|163|126|139|189|yeah|sina|sohu|foxmail|aliyun|gmail|hotmail|outlook|yahoo|icloud|proton)"
_MOBILE = (
    rf"{_A}(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{_Z}"
    rf"|{_A}1[3-9]\d{{2}}[- ]\d{{3}}[- ]\d{{4}}{_Z}|{_A}1[3-9]\d[- ]\d{{3}}[- ]\d{{5}}{_Z}"
    rf"|{_A}1(?:[- .][3-9])(?:[- .]\d){{9}}{_Z}"
)
_AREA = r"(?!8(?:00|33|44|55|66|77|88))[2-9]\d{2}"  # toll-free numbers are a firm's, never a customer's
_FORMS = {
    "EMAIL": re.compile(
        r"[0-9A-Za-z][0-9A-Za-z._%+-]*@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[A-Za-z]{2,}"
        rf"|{_USER}\s?@\s?{_PROVIDER}(?:[\s.,。点]{{0,2}}(?:com|cn|net)?{_Z})"
        rf"|{_USER} (?:at|\(at\)|\[at\]) {_PROVIDER} ?(?:dot|\.) ?(?:com|cn){_Z}",
        re.IGNORECASE,
    ),
    "ID_CARD": re.compile(
        rf"{_A}[1-9]\d{{5}}[ -]?(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
        rf"[ -]?\d{{3}}[\dXx]{_Z}"
    ),
    "IBAN": re.compile(rf"{_A}[A-Z]{{2}}\d{{2}}(?: ?[0-9A-Z]{{4}}){{2,7}}(?: ?[0-9A-Z]{{1,3}})?{_Z}"),
    "PHONE": re.compile(
        rf"{_MOBILE}|{_A}0\d{{2,3}}-[2-8]\d{{6,7}}{_Z}"
        rf"|(?<![0-9A-Za-z-])(?:\+?1[-. ])?(?:\({_AREA}\) ?|{_AREA}[-.])\d{{3}}[-.]\d{{4}}(?![0-9A-Za-z-])"
    ),
    "BANK_CARD": re.compile(rf"{_A}[3-6]\d{{3}}(?:[- ]?\d{{4}}){{2}}[- ]?\d{{4}}(?:[- ]?\d{{1,3}})?{_Z}"),
    "CREDIT_CODE": re.compile(rf"{_A}[159Y][1239]\d{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}{_Z}"),
    "SSN": re.compile(r"(?<![0-9A-Za-z-])(?!000|666|9)\d{3}-\d{2}-\d{4}(?![0-9A-Za-z-])"),
    "LICENSE_PLATE": re.compile(
        r"(?<![全最更])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
        rf"[A-HJ-NP-Z][ ·•.-]{{0,2}}(?=(?:[A-Z]*\d){{3}})[0-9A-HJ-NP-Z]{{4,5}}[0-9A-HJ-NP-Z挂学警港澳]{_Z}"
    ),
    "WECHAT": re.compile(
        rf"(?:微信|薇信|威信|(?<![A-Za-z])(?:wechat|weixin|wx|vx)){_IS}"
        rf"(?P<value>(?=[0-9A-Za-z_-]*\d)[A-Za-z][0-9A-Za-z_-]{{5,19}}){_Z}",
        re.IGNORECASE,
    ),
    "QQ": re.compile(rf"(?:扣扣|(?<![A-Za-z])QQ){_IS}(?P<value>[1-9]\d{{5,10}}){_Z}", re.IGNORECASE),
    "PASSPORT": re.compile(rf"(?:护照|passport){_IS}(?P<value>[EGDSP][A-Z]?\d{{7,8}}){_Z}", re.IGNORECASE),
}
_SURE = ("EMAIL", "IBAN", "LICENSE_PLATE", "WECHAT", "QQ", "PASSPORT")  # whatever stands before them
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
_MARKED = ("LICENSE_PLATE", "WECHAT", "QQ", "PASSPORT")  # no range of these is nobody's: `is_marked`
MARKED_OF = 64
_NUMBERED = re.compile(
    r"(?:单号|订单|运单|快递|order|tracking|parcel)"
    r"(?:\s|[:=#*_]|编号|单号|号码|号|是|为|numbers?|num|no\.?|codes?|ids?|is|was){0,8}$",
    re.IGNORECASE,
)
_WORTH_A_LOOK = re.compile(r"[0-9@]| at ")
_NUMERALS = {ord(zh): digit for zh, digit in zip("零〇一二三四五六七八九幺", "001234567891", strict=True)}
_SPOKEN = re.compile(r"[零〇一二三四五六七八九幺0-9](?:[ -]?[零〇一二三四五六七八九幺0-9]){10,}")
_IN_NUMERALS = ("ID_CARD", "PHONE")


def find_simple(text: str, policy: Policy = DEFAULT) -> list[str]:
    """The types of what looks personal in `text`, one entry a find; [] is clean. Never the values.

    Placeholders, types that are switched off, the allow list, surrogates (where the policy has them, known
    by RESERVED or `is_marked`) and numbers right behind a word for order or parcel don't count; what the
    deny list names does.
    """
    plain = PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", text))
    denied = [kind for kind, pattern in policy.denied.items() for _ in pattern.finditer(plain)]
    found: list[str] = []
    if _WORTH_A_LOOK.search(plain):
        for kind, form in _FORMS.items():
            plain = _take(kind, form, plain, found, policy)
    for spoken in _SPOKEN.finditer(plain):
        digits = spoken.group().translate(_NUMERALS)
        if digits != spoken.group():
            found += [
                kind
                for kind in _IN_NUMERALS
                if _FORMS[kind].fullmatch(digits) and not _is_surrogate(kind, digits, policy)
            ]
    return denied + [kind for kind in found if kind not in policy.kept]


def _take(kind: str, form: re.Pattern[str], text: str, found: list[str], policy: Policy) -> str:
    """Adds the finds of one form to `found`; `text` without them, so that no other form counts them again."""
    for match in form.finditer(text):
        surrogate = _is_surrogate(kind, _value(match), policy)
        if surrogate or _counts(kind, text, match, policy):
            found += [] if surrogate else [kind]
            text = f"{text[: match.start()]}{'·' * len(match.group())}{text[match.end() :]}"
    return text


def _counts(kind: str, text: str, match: re.Match[str], policy: Policy) -> bool:
    value = _value(match)
    if policy.is_allowed(value) or (kind in _CHECKS and not _CHECKS[kind](value)):
        return False
    return kind in _SURE or not _NUMBERED.search(text[: match.start()])


def _value(match: re.Match[str]) -> str:
    return match.groupdict().get("value") or match.group()


def _is_surrogate(kind: str, value: str, policy: Policy) -> bool:
    """Whether the stage itself may have put the value there."""
    return policy.surrogates and (is_reserved(kind, value) or (kind in _MARKED and is_marked(value)))


def is_marked(value: str) -> bool:
    """Whether its hash says that it is a surrogate: that of one value in MARKED_OF does, however spelled.

    Surrogates that no range tells from a customer's value are drawn until it does.
    """
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", value).upper()))
    return hashlib.sha256(plain.encode()).digest()[0] % MARKED_OF == 0


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


def _mod97(iban: str) -> bool:
    """ISO 13616: the first four characters go to the end, letters count from 10."""
    plain = iban.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _mod31(code: str) -> bool:
    """GB 32100-2015: weights are powers of 3, the last character completes the sum to a multiple of 31."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(signs.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return (31 - total % 31) % 31 == signs.index(code[17])


_CHECKS: dict[str, Callable[[str], bool]] = {"BANK_CARD": _luhn, "IBAN": _mod97, "CREDIT_CODE": _mod31}
