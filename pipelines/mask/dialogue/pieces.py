"""A number or an e-mail address given in pieces: `身份证号是430624` / `您继续` / `19820916` / `后四位呢` / `3315`.

No piece shows what it is. Runs of digits that follow each other, at the end of a turn, alone in it or at the
start of the next, or in one turn with nothing but 然后 between them, are put together until they have the
form of a telephone, an identity card or a bank card, or until nothing follows of what the dialogue is about.
Every piece of it is found then, the first as well as the one that completes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipelines.mask.dialogue import en, zh
from pipelines.mask.normalise import spoken_to_digits
from pipelines.mask.recognizers.email_said import DOT, PROVIDER

Span = tuple[int, int, str]

MAX_PIECE = 14  # digits: more is a number by itself
MAX_TOTAL = 19
MAX_BETWEEN = 8  # characters of a customer's turn between two pieces: 嗯 / 等一下
NAMED_WITHIN = 4  # turns before the first piece that may say what it is

_DIGIT = r"[0-9零〇一二三四五六七八九幺两洞拐勾]"
_RUN = regex.compile(
    rf"(?<![0-9A-Za-z@._])(?:[A-Z]{{1,3}}(?=\d))?(?:{_DIGIT}(?:[ -]?{_DIGIT})+|\d)(?:[xX]|[叉查](?!.))?(?![0-9A-Za-z@_]|\.[0-9A-Za-z])"
)
_SPOKEN = regex.compile(rf"{_DIGIT}+")
_SAID = (
    r"(?:嗯+|哦|啊|呃|额|欸|诶|对|好|那个|然后|后面|中间|前面|接着|接下来|再|还有|是|最后|剩下|后[两三四六]位|末尾|就|的|继续|来"
    r"|(?:and|then|sorry|ok(?:ay)?|so|it'?s|that'?s|is|the rest|last (?:two|three|four|six)|please|thanks|thank you"
    r"|u[hm]+)(?![a-z])|[\s,.。、…~:;!-])"
)
_BEFORE = regex.compile(rf"{_SAID}*", regex.IGNORECASE)
_AFTER = regex.compile(rf"{_SAID}*$|\s*[,。;(!~]|\s(?![A-Za-z])", regex.IGNORECASE)
_LOOSE = regex.compile(r"[^0-9A-Za-z?]{1,14}")  # 哎手滑了: only where the whole then has the very form
_UNIT = regex.compile(r"\s?(?:[元块个件天分点月年次岁多折号楼栋幢单层室人位瓶盒箱包条双套片]|小时|公斤|斤|%)")
_ANOTHER = regex.compile(
    r"how (?:much|old|many(?! (?:more )?(?:digits|numbers)))|(?:which|what) (?:year|size|model|price)|price|amount"
    r"|quantity|多少钱|花了多少|几[个件岁]",
    regex.IGNORECASE,
)  # what an agent asks that is answered by a number and is none of these
_KINDS = ("ID_CARD", "BANK_CARD", "SSN", "PHONE", "BANK_ACCOUNT", "QQ", "TRACKING_NUMBER", "ORDER_NUMBER")
_NAMED = {
    kind: regex.compile("|".join(filter(None, (zh.ASKED.get(kind), en.ASKED.get(kind)))), regex.IGNORECASE)
    for kind in dict.fromkeys([*zh.ASKED, *_KINDS])
}
_NUMBER = regex.compile(r"号码?(?:是|为|:)")
_FORMS = {
    "ID_CARD": regex.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"),
    "PHONE": regex.compile(r"1[3-9]\d{9}|0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}"),
    "BANK_CARD": regex.compile(r"62\d{14,17}|[45]\d{15}"),
}
_TOTALS = {  # digits that will do where the dialogue is about the type
    "ID_CARD": range(14, 20), "PHONE": range(7, 13), "BANK_CARD": range(12, 20), "BANK_ACCOUNT": range(9, 20),
    "SSN": range(9, 10), "QQ": range(6, 12), "TRACKING_NUMBER": range(9, 20), "ORDER_NUMBER": range(9, 20),
}  # fmt: skip


class Turn(NamedTuple):
    role: str
    text: str  # normalised


class Piece(NamedTuple):
    turn: int
    start: int
    end: int
    digits: str
    loose: bool = False  # words stand between it and the piece before


def in_pieces(turns: Sequence[Turn]) -> dict[int, list[Span]]:
    """(start, end, type) of every piece of a value, by index of `turns`."""
    found: dict[int, list[Span]] = {}
    for chain in _chains(turns):
        while len(chain) > 1:
            kind, size = _value(chain, turns)
            for piece in chain[:size] if kind else ():
                found.setdefault(piece.turn, []).append((piece.start, piece.end, kind))
            chain = chain[size if kind else 1 :]
    for turn, span in _mails(turns):
        found.setdefault(turn, []).append(span)
    return found


def _chains(turns: Sequence[Turn]) -> Iterator[list[Piece]]:
    """Pieces that follow each other with nothing of weight between."""
    chain: list[Piece] = []
    for index, turn in enumerate(turns):
        if turn.role != "customer":
            continue
        own = _runs(index, turn.text)
        if not own and len(turn.text) <= MAX_BETWEEN:
            continue
        for piece in own:
            follows, loosely = _follows(chain[-1], piece, turns) if chain else (True, False)
            if not follows:
                yield chain
                chain = []
            chain.append(piece._replace(loose=loosely))
        if not own:
            yield chain
            chain = []
    yield chain


def _runs(turn: int, text: str) -> list[Piece]:
    found = []
    for match in _RUN.finditer(text):
        digits = spoken_to_digits(match.group(), _SPOKEN).replace(" ", "").replace("-", "")
        if len(digits) > 1 and not _UNIT.match(text, match.end()):
            found.append(Piece(turn, match.start(), match.end(), regex.sub("[x叉查]", "X", digits)))
    return found


def _follows(one: Piece, other: Piece, turns: Sequence[Turn]) -> tuple[bool, bool]:
    """(whether `other` goes on where `one` ends, whether words stand between).

    It does not where the agent asks for something else between.
    """
    if len(one.digits) > MAX_PIECE or len(other.digits) > MAX_PIECE:
        return False, False
    text, after = turns[one.turn].text, turns[other.turn].text
    if one.turn == other.turn:
        gaps = [text[one.end : other.start]]
    else:
        inner = turns[one.turn + 1 : other.turn]
        between = [kind for turn in inner for kind in _kinds(turn.text)]
        if any(_ANOTHER.search(turn.text) for turn in inner):
            return False, False
        if between and not set(between) & set(_named(turns, one.turn)):
            return False, False
        gaps = [text[one.end :], after[: other.start]]
        if not _AFTER.match(after, other.end):
            return False, False
    said = [_BEFORE.fullmatch(gap) is not None for gap in gaps]
    return all(ok or _LOOSE.fullmatch(gap) for ok, gap in zip(said, gaps, strict=True)), not all(said)


def _value(chain: Sequence[Piece], turns: Sequence[Turn]) -> tuple[str, int]:
    """(type, number of pieces) of the value that the chain begins with; ("", 0) if it begins with none."""
    about = _named(turns, chain[0].turn)
    sizes = [size for size in range(len(chain), 1, -1) if len(_joined(chain[:size])) <= MAX_TOTAL]
    for kind, form in _FORMS.items():
        for size in sizes:
            loose = any(piece.loose for piece in chain[1:size])
            if form.fullmatch(_joined(chain[:size])) and (kind in about or not (loose or about)):
                return kind, size
    kind = next((kind for kind in _KINDS if kind in about), "")
    tight = next((at for at, piece in enumerate(chain) if at and piece.loose), len(chain))
    for size in sizes:
        whole = kind and len(chain[0].digits) in _TOTALS[kind]  # `555 0132`, then another number
        if kind and not whole and size <= tight and len(_joined(chain[:size])) in _TOTALS[kind]:
            return (kind, size) if chain[size - 1].turn > chain[0].turn else ("", 0)
    return "", 0


def _joined(chain: Sequence[Piece]) -> str:
    return "".join(piece.digits for piece in chain)


def _named(turns: Sequence[Turn], index: int) -> list[str]:
    """The types that the turn of the first piece names, or else the nearest one before."""
    for turn in reversed(turns[max(0, index - NAMED_WITHIN) : index + 1]):
        if kinds := _kinds(turn.text):
            return kinds
    return []


def _kinds(text: str) -> list[str]:
    return [kind for kind, pattern in _NAMED.items() if pattern.search(text)]


_LOCAL_END = regex.compile(
    rf"(?<![0-9A-Za-z@._-])[0-9A-Za-z][0-9A-Za-z._-]+(?P<at>\s?(?:@|艾特|圈a)(?P<host>\s?{PROVIDER}(?P<dot>\s?[.点])?)?)?\s*$",
    regex.IGNORECASE,
)
_DOMAIN = rf"(?:[0-9A-Za-z-]+{DOT})+(?:com|cn|net|org|edu)(?:{DOT}cn)?"
_DOMAIN_START = regex.compile(
    rf"\s*(?P<at>@|艾特|圈a)?\s?(?:{_DOMAIN}|(?<=@|艾特|圈a)\s?[0-9A-Za-z]{{2,12}}(?! ?[A-Za-z]))(?![0-9A-Za-z])",
    regex.IGNORECASE,
)
_ENDING = regex.compile(rf"\s*(?P<dot>{DOT})?(?:com|cn|net)(?![0-9A-Za-z])", regex.IGNORECASE)
_PROVIDED = regex.compile(
    rf"\s*(?:后面)?是?(?:网易|新浪)?\s?{PROVIDER}(?=\s*(?:的|邮箱|$))", regex.IGNORECASE
)
_BOX = regex.compile("邮箱|mail", regex.IGNORECASE)


def _mails(turns: Sequence[Turn]) -> Iterator[tuple[int, Span]]:
    """`jiangnan.yu` / `@foxmail.com`, `wang1024@` / `163.com`, `lin88@163` / `.com`; asked for, `lin88` / `qq的`."""
    customer = [index for index, turn in enumerate(turns) if turn.role == "customer"]
    for one, other in pairwise(customer):
        local = _LOCAL_END.search(turns[one].text)
        domain = local and _rest_of_mail(local, turns[other].text)
        if local and not domain and any(_BOX.search(turn.text) for turn in turns[max(0, one - 2) : one + 1]):
            domain = _PROVIDED.match(turns[other].text)
        if local and domain:
            yield one, (*local.span(), "EMAIL")
            yield other, (*domain.span(), "EMAIL")


def _rest_of_mail(local: regex.Match[str], text: str) -> regex.Match[str] | None:
    if local["host"]:
        ending = _ENDING.match(text)
        return ending if ending and (local["dot"] or ending["dot"]) else None
    domain = _DOMAIN_START.match(text)
    return domain if domain and (local["at"] or domain["at"]) else None
