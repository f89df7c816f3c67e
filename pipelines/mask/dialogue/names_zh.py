"""Chinese names beside other values in an answer: 练达 773215098846120, 褚,18127740395, 没受伤 浙C·F2586 池鱼."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipelines.mask.dialogue.answers_zh import FILLER, NOT, TAIL
from pipelines.mask.recognizers.named_zh import NOT_PERSONS
from pipelines.mask.recognizers.surnames import COMPOUND, NOT_FAMILY, SURE_SURNAME, SURNAME
from pipelines.mask.words import words

Span = tuple[int, int, str]
_HAN = r"[\u4e00-\u9fff]"
_VALUE = regex.compile(r"\d(?:[ -]?[0-9A-Za-z]){3,}|[A-Za-z]\S*\d{3,}|\S+@\S+")
_PIECE = regex.compile(rf"(?<![0-9A-Za-z]){_HAN}++(?:[·•・]{_HAN}++)*+(?![0-9A-Za-z]|[·•・][A-Z])")
_FIELDS = frozenset(words("not_names.zh"))
_NAME = regex.compile(
    rf"(?!{NOT_FAMILY})(?:{COMPOUND}{_HAN}{{1,2}}|{SURNAME}{_HAN}{{1,2}}|{_HAN}{{2,6}}[·•・]{_HAN}{{2,8}})"
)
_FAMILY = regex.compile(SURE_SURNAME)
_GIVEN = regex.compile(rf"{_HAN}{{2,3}}")
_SAYS = regex.compile(r"[我你您他她这那哪的了吗呢吧不没是有谢在哦嗯啊请什么怎为个到退换货款客服转工电话号]")
_SAYS_MORE = regex.compile(
    r"[要好可以等知道问查看说快能行对给帮多少下单已收手机]|^[今明后昨周上下早晚每两一二三四五六七八九十男女]"
)
_THING = regex.compile(r"[行卡号市县区路店院部校司局站镇村省楼栋岁元块点件期级班码色]$")
_SMALL = "是有能全都查那和但要行对好可没不在安万于从向时方应"


def beside(text: str, expected: Sequence[str]) -> Iterator[Span]:
    """(start, end, PERSON) of what else than values stands in the answer to a question for a name."""
    if "PERSON" not in expected or not _VALUE.search(text):
        return
    for piece in _PIECE.finditer(text):
        head = FILLER.match(text, piece.start(), piece.end())
        start = head.end() if head else piece.start()
        tail = TAIL.search(text, start, piece.end())
        end = tail.start() if tail else piece.end()
        whole = end == piece.end()
        if _is_name(text[start:end], whole, opens=start > piece.start() or not text[:start].strip()):
            yield start, end, "PERSON"


def _is_name(value: str, whole: bool, opens: bool) -> bool:
    """`whole`: nothing was cut from its end; `opens`: it begins the turn or follows `姓`."""
    if (
        value in NOT
        or value in NOT_PERSONS
        or value in _FIELDS
        or _SAYS.search(value)
        or _THING.search(value)
    ):
        return False
    if _NAME.fullmatch(value):
        return True
    if len(value) == 1:
        return opens and bool(_FAMILY.fullmatch(value)) and value not in _SMALL
    return whole and bool(_GIVEN.fullmatch(value)) and not _SAYS_MORE.search(value)
