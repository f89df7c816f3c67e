"""The numbers, codes and addresses of mail in a customer's turn that no question explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.dialogue.tokens import GRAMMAR, MONTHS, UNITS, Token, digits_in, joined
from pipelines.mask.words import words

Span = tuple[int, int, str]
_MAIL_END = regex.compile(
    r"(?:[gk]+m+a+i*l|gamil|gmial|e?mail|yahoo|hotmail|outlook|ymail|rediff(?:mail)?|live)\.?(?:com|in"
    r"|org|net)?"
)
_PHONE_FORMS = frozenset(
    {
        (3, 3, 4),
        (3, 4),
        (3, 7),
        (1, 3, 3, 4),
        (5, 5),
        (4, 6),
        (4, 3, 3),
        (3, 4, 4),
        (2, 5, 5),
        (2, 10),
        (1, 10),
        (6, 4),
        (4, 4),
        (1, 3, 7),
        (3, 2, 5),
        (2, 8),
        (5, 6),
        (4, 4, 2),
        (3, 3, 3),
    }
)
# d m y in any order without separators: a date and no number of anyone.
_DATE = regex.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:0?[1-9]|[12]\d|3[01])(?:20[0-3]\d|19\d\d)")
_SHORT_DATE = regex.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:0?[1-9]|[12]\d|3[01])(?:1\d|2\d)")
_CUES = {
    "ssn":
        "SSN",
            "social":
                "SSN", "password": "PASSWORD", "pwd": "PASSWORD", "pw": "PASSWORD", "passwd": "PASSWORD",
    "passwort":
        "PASSWORD",
            "pin": "PASSWORD", "account": "BANK_ACCOUNT", "acct": "BANK_ACCOUNT", "acc": "BANK_ACCOUNT",
    "ac":
        "BANK_ACCOUNT",
            "accouont":
                "BANK_ACCOUNT",
                    "digit":
                        "BANK_ACCOUNT",
                            "digits": "BANK_ACCOUNT", "zip": "ZIP", "zipcode": "ZIP", "pincode": "ZIP",
    "confirmation":
        "ORDER_NUMBER",
            "cofirmation": "ORDER_NUMBER", "booking": "ORDER_NUMBER", "reservation": "ORDER_NUMBER",
    "reference": "ORDER_NUMBER", "pnr": "ORDER_NUMBER",
}  # fmt: skip
_PASSWORD = regex.compile(r"pa[aes]*s*w[a-z]{2,4}")
_LINKS = frozenset(words("cue_links.en"))


def mails(tokens: Sequence[Token]) -> Iterator[Span]:
    """Addresses of mail without their signs, whole (`nilagmailcom`) or in pieces (`david 456 gmailcom`)."""
    for at, token in enumerate(tokens):
        split = token.text in ("com", "org", "net") and at and _MAIL_END.fullmatch(tokens[at - 1].text)
        ending = token.text in ("gmail", "yahoomail", "hotmail") and at and tokens[at - 1].kind == "digits"
        if token.kind != "mail" and not split and not ending:
            continue
        first = at - 1 if split else at
        if first and (
            split or _MAIL_END.fullmatch(token.text) or tokens[first - 1].kind in ("digits", "code")
        ):
            first = _mail_start(tokens, first)
        yield tokens[first].start, token.end, "EMAIL"


def _mail_start(tokens: Sequence[Token], first: int) -> int:
    begin = first
    while first and tokens[first - 1].kind in ("digits", "code") and len(tokens[first - 1].text) < 6:
        first -= 1
    words = 0
    while (
        first
        and words < 2
        and tokens[first - 1].text not in lexicon.chat()
        and tokens[first - 1].kind not in ("digits", "mail")
    ):
        first, words = first - 1, words + 1
    return first if words or first < begin else begin


def phones(tokens: Sequence[Token], only: bool) -> Iterator[Span]:
    """Telephone and card numbers; among ordinary words (`only` is False) those of ten digits."""
    at = 0
    while at < len(tokens):
        size, kind = _number_at(tokens, at)
        digits = digits_in(tokens[at : at + size])
        if kind and (
            only or digits >= 10 or (at and tokens[at - 1].text in ("phone", "ph", "number", "no", "mobile"))
        ):
            extended = [token.text for token in tokens[at + size : at + size + 2]]
            size += 2 if len(extended) == 2 and extended[0] in ("x", "ext") and extended[1].isdigit() else 0
            yield tokens[at].start, tokens[at + size - 1].end, kind
        at += max(1, size if kind else 1)


def _number_at(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    if tokens[at].kind != "digits":
        return 1, ""
    if (count := digits_in(tokens[at : at + 1])) >= 7:
        return 1, _whole(tokens[at].text, count)
    end = at
    while end < len(tokens) and tokens[end].kind == "digits" and digits_in(tokens[end : end + 1]) < 11:
        end += 1
    for size in range(min(5, end - at), 1, -1):
        form = tuple(len(token.text) for token in tokens[at : at + size])
        if size > 2 and all(length == 4 for length in form):
            return size, "BANK_CARD" if sum(form) == 16 else "BANK_ACCOUNT"
        if form in _PHONE_FORMS:
            return size, "PHONE"
    return 1, ""


def _whole(text: str, digits: int) -> str:
    if digits > 19 or len(set(text)) == 1 or _DATE.fullmatch(text):
        return ""
    if digits > 12:
        return "BANK_CARD" if digits in (15, 16, 19) else "BANK_ACCOUNT"
    return "PHONE"


def cued(tokens: Sequence[Token], codes: bool) -> Iterator[Span]:
    """The value after its word: `password is raj 123`, `last four digit of my account number is 4516`."""
    for at, token in enumerate(tokens):
        kind = _CUES.get(token.text) or ("PASSWORD" if _PASSWORD.fullmatch(token.text) else "")
        if not kind or (token.text == "booking" and not codes):
            continue
        first = at + 1
        while (
            first < len(tokens)
            and first < at + 9
            and tokens[first].text in _LINKS
            and not _begins_code(tokens, first)
        ):
            first += 1
        last = _value_end(tokens, first, kind)
        if last > first and (
            digits_in(tokens[first:last]) or _is_word_password(tokens, at, first, last, kind)
        ):
            yield tokens[first].start, tokens[last - 1].end, kind


def _is_word_password(tokens: Sequence[Token], at: int, first: int, last: int, kind: str) -> bool:
    """`password is lkldddd`: letters that are no word, after `is`."""
    if kind != "PASSWORD" or last != first + 1 or "is" not in (token.text for token in tokens[at:first]):
        return False
    return tokens[first].kind in ("letters", "maybe", "name", "slip", "slipped", "surname")


def _begins_code(tokens: Sequence[Token], at: int) -> bool:
    """`a 4 d 5`: a single letter with a digit after it, or a number that is no count of digits."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return (
        len(tokens[at].text) == 1
        and tokens[at].text != "4"
        and after is not None
        and after.kind in ("digits", "code")
    )


def _value_end(tokens: Sequence[Token], first: int, kind: str) -> int:
    last, seen = first, False
    while last < len(tokens) and last < first + 7:
        token = tokens[last]
        small = len(token.text) == 1 or token.kind in ("digits", "code")
        if not small and (seen or token.kind in ("chat", "word", "place")) and len(token.text) > 3:
            break
        if token.text in ("and", "my", "is", "the", "i", "name", "company") and (seen or token.text != "i"):
            break
        if kind == "ZIP" and token.kind != "digits":
            break
        seen = seen or token.kind in ("digits", "code")
        last += 1
        if not seen and last > first + 1 and token.kind not in ("letters", "code"):
            break
    if kind != "PASSWORD" and not digits_in(tokens[first:last]):
        return first
    return last


def numbers(free: Sequence[Token], tokens: Sequence[Token], codes: bool, beside: bool) -> Iterator[Span]:
    """Account numbers, codes and postal codes that stand alone, or at the end of a few words."""
    if any(token.text in GRAMMAR or token.text in MONTHS for token in tokens) or _counted(tokens):
        return
    ordinary = [token for token in free if token.kind in ("word", "rare")]
    if len(ordinary) > 3 or len(tokens) > 9:
        return
    at = 0
    while at < len(free):
        first, last = _run(free, at)
        if last > first and (kind := _kind(free[first:last], codes, beside, bool(ordinary), tokens)):
            yield free[first].start, free[last - 1].end, kind
        at = max(last, at + 1)


def _counted(tokens: Sequence[Token]) -> bool:
    return any(
        token.text in UNITS and at and tokens[at - 1].kind == "digits" for at, token in enumerate(tokens)
    )


def _run(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """[first, last) of a code in pieces around the first number from `at` on: `hd 58 y 9`."""
    digits = next((i for i in range(at, len(tokens)) if tokens[i].kind in ("digits", "code")), None)
    if digits is None:
        return len(tokens), len(tokens)
    first, last = digits, digits + 1
    if first > at and _piece(tokens[first - 1], 5) and _touches(tokens, first - 1):
        first -= 1
    while (
        last < len(tokens)
        and _touches(tokens, last - 1)
        and (_piece(tokens[last], 3) or tokens[last].kind in ("digits", "code"))
    ):
        last += 1
    return first, last


def _touches(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at + 1].start - tokens[at].end <= 1


def _piece(token: Token, longest: int) -> bool:
    if len(token.text) == 1:
        return True
    if token.text in ("th", "st", "nd", "rd", "exp"):
        return False
    if (
        len(token.text) > longest
        or token.kind in ("chat", "digits", "code", "mail", "place", "street")
        or not token.text.isalpha()
    ):
        return False
    return len(token.text) < 4 or token.kind in ("letters", "maybe", "slip", "slipped")


def _kind(run: Sequence[Token], codes: bool, beside: bool, ordinary: bool, tokens: Sequence[Token]) -> str:
    text, digits = joined(run), digits_in(run)
    if text.isdigit():
        return _bare_digits(text, len(run), codes, beside, ordinary, tokens)
    named = len(run) == 2 and run[0].kind in ("name", "surname")
    if not 4 <= len(text) <= 12 or (ordinary and not beside and not codes):
        return ""
    if codes:
        return "ORDER_NUMBER"
    single = sum(len(token.text) == 1 for token in run)
    return "PASSWORD" if beside or named or single > 1 or digits > 3 else ""


def _bare_digits(
    text: str, pieces: int, codes: bool, beside: bool, ordinary: bool, tokens: Sequence[Token]
) -> str:
    digits = len(text)
    if digits in (5, 6) and any(token.kind == "place" for token in tokens):
        return "ZIP"
    if (
        (regex.fullmatch(r"(?:[0-3]?\d)?20[0-3]\d", text) and not beside)
        or _DATE.fullmatch(text)
        or (codes and not beside and digits in (4, 5, 6) and _SHORT_DATE.fullmatch(text))
    ):
        return ""
    if (
        not beside
        and digits < 7
        and text.endswith("00")
        and not any(token.kind == "name" for token in tokens)
    ):
        return ""
    if ordinary and (digits < 4 or regex.fullmatch(r"(?:19|20)\d\d", text)):
        return ""
    if beside and digits >= 2:
        return "BANK_ACCOUNT"
    if pieces == 1 or digits == 6:
        return {4: "BANK_ACCOUNT", 5: "ZIP", 6: "ZIP"}.get(digits, "")
    return ""
