"""What a Chinese turn answers to a question: names, addresses, numbers said in words, dates, nicknames."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipelines.mask.normalise import spoken_to_digits
from pipelines.mask.recognizers.address_zh import STOP
from pipelines.mask.recognizers.surnames import SURNAME
from pipelines.mask.words import words

Span = tuple[int, int, str]

_HAN = r"[\u4e00-\u9fff]"
_CN = r"[零〇一二三四五六七八九十]"
_SPOKEN = regex.compile(r"(?:(?:[零〇一二三四五六七八九幺]|\d)[ ,、-]{0,2}){3,}")
_NUMBERS = (
    "PHONE",
    "ID_CARD",
    "BANK_CARD",
    "BANK_ACCOUNT",
    "OTP",
    "QQ",
    "TRACKING_NUMBER",
    "ORDER_NUMBER",
    "ZIP",
)
_DIGITS = {"PHONE": 3, "OTP": 4, "ZIP": 6}  # at least so many; 5 of the others
_BIRTH = regex.compile(
    rf"(?:(?:19|20)?\d\d|{_CN}{{2,4}})[年./-]?(?:农历|阴历|阳历)?(?:\d{{1,2}}|{_CN}{{1,2}}|[正冬腊])[月./-](?:初|廿)?(?:\d{{1,2}}|{_CN}{{1,3}})[日号]?"
    rf"|(?:农历|阴历|阳历)?(?:\d{{1,2}}|{_CN}{{1,2}}|[正冬腊])月(?:初|廿)?(?:\d{{1,2}}|{_CN}{{1,3}})[日号]?"
)
MAX_AROUND_UNITS = 24
_UNIT = regex.compile(r"(?:^|(?<=[,\s住上下是在到]))\d{1,3}-\d{1,2}-\d{3,4}(?![0-9A-Za-z-])")
_PLATE = regex.compile(r"(?<![0-9A-Za-z])(?=[A-Z]*\d)[A-Z0-9]{5,7}(?![0-9A-Za-z])", regex.IGNORECASE)
_ID_END = regex.compile(r"(?<![0-9A-Za-z])\d{3,7}[\dxX](?![0-9A-Za-z])")

FILLER = regex.compile(
    r"^(?:您?好|嗯+|哦|噢|额|呃|那个|好的?|你?就?叫我|喊我|我(?:的)?(?:名字|姓名)?(?:是|叫|姓)?"
    r"|(?:姓名|名字|收件人|联系人|户名)(?:是|叫|写|:)?|叫|是|就(?:写|叫|是)|改成|换成|写|姓|免贵(?:姓)?"
    r"|[,。:!~ ])+"
)
TAIL = regex.compile(r"(?:就行|就好|就可以|吧|谢谢|先生|女士|[,。!~ 啊哈呢的了啦嘛哦呀哟])+$")
_NAME = regex.compile(rf"{SURNAME}{_HAN}{{1,3}}|{_HAN}{{2,6}}[·•]{_HAN}{{2,8}}")
_SURNAME = regex.compile(SURNAME)
_GIVEN = regex.compile(rf"{_HAN}{{2,4}}|[小阿老]{_HAN}{{1,2}}")
_NO_NAME = regex.compile(
    r"[我你您他她这那哪的了吗呢吧不没是有要好谢可以等在哦嗯啊知道请问查看说快能行对给帮什么怎多少为钱个下单到已收退换货款客服转工人电话手机号]"
)
NOT = frozenset(words("not_answers.zh"))
_ADDRESS = regex.compile(
    rf"(?:[{_HAN[1:-1]}0-9A-Za-z#-]*(?:省|市|区|县|镇|乡|村|路|街|道|巷|弄|里|小区|花园|公寓|大厦|广场|城|苑|栋|幢|座|单元|室|号|楼|层|院|校"
    rf"|店|学|园|府|旁边|对面|门口|驿站|宿舍)[{_HAN[1:-1]}0-9A-Za-z#-]*[ ,]?)+"
)
_ADDRESS_CUE = regex.compile(
    r"^(?:.{0,8}?(?:地址|[寄送发派]到|改成|改为|改到|换成|住在|新的|还是)(?:是|为|:)?|我?[是在住]|到|嗯"
    r"|好的?|[,。: ])+",
    regex.IGNORECASE,
)
_NO_ADDRESS = regex.compile(
    r"[吗呢吧?了]|不知道|什么|怎么|多少|哪|上次|之前|一样|默认|不变|原来的|稍等|等一?下|谢谢|可以|不用|没有|还没|知道|忘|订单|发我|账号|注册|另外|还有|问题|能不能|几天|多久|看一?下|我|你|您"
)
_NICKNAME = regex.compile(r"[\u4e00-\u9fffA-Za-z0-9_·丶.~-]{2,16}")


def answers(text: str, expected: Sequence[str]) -> list[Span]:
    """(start, end, type) of what `text` answers; [] where it is no answer."""
    if several := [*_births(text, expected), *_units(text, expected)]:
        return several
    for answer in (_number, _plate, _id_end, _place, _person, _nickname):
        if span := answer(text, expected):
            return [span]
    return []


def _births(text: str, expected: Sequence[str]) -> list[Span]:
    found = _BIRTH.finditer(text) if "BIRTH_DATE" in expected else ()
    return [(*match.span(), "BIRTH_DATE") for match in found]


def _units(text: str, expected: Sequence[str]) -> list[Span]:
    """Building, entrance and room: 7-2-1203."""
    found = _UNIT.finditer(text) if "ADDRESS" in expected and len(text) <= MAX_AROUND_UNITS else ()
    return [(*match.span(), "ADDRESS") for match in found]


def _number(text: str, expected: Sequence[str]) -> Span | None:
    """A number said in words: 幺三八, 九零零零."""
    kind = next((kind for kind in _NUMBERS if kind in expected), None)
    match = _SPOKEN.search(text)
    if not kind or not match or spoken_to_digits(text, _SPOKEN) == text:
        return None
    value = match.group().rstrip(" ,、-")
    if "OTP" in expected and len(regex.sub(r"\W", "", value)) <= 6:
        kind = "OTP"
    if sum(char not in " ,、-" for char in value) < _DIGITS.get(kind, 5):
        return None
    return match.start(), match.start() + len(value), kind


def _plate(text: str, expected: Sequence[str]) -> Span | None:
    match = _PLATE.search(text) if "LICENSE_PLATE" in expected else None
    return (*match.span(), "LICENSE_PLATE") if match else None


def _id_end(text: str, expected: Sequence[str]) -> Span | None:
    match = _ID_END.search(text) if "ID_CARD" in expected and "PHONE" not in expected else None
    return (*match.span(), "ID_CARD") if match and len(text) < 16 else None


def _place(text: str, expected: Sequence[str]) -> Span | None:
    if "ADDRESS" not in expected or _NO_ADDRESS.search(text):
        return None
    cue = _ADDRESS_CUE.match(text)
    start = cue.end() if cue else 0
    match = _ADDRESS.search(text, start)
    if match and not regex.search(r"\d|[一二三四五六七八九十]", match.group()) and STOP.search(match.group()):
        return None
    if not match or len(match.group()) < 4:
        return (
            (start, len(text), "ADDRESS") if _bare_place(text[start:]) and "PERSON" not in expected else None
        )
    return match.start(), match.start() + len(match.group().rstrip(" ,")), "ADDRESS"


def _bare_place(value: str) -> bool:
    """锦绣江南, 3栋502: short, of characters and digits alone."""
    return bool(regex.fullmatch(rf"{_HAN}{{3,10}}\d{{0,5}}", value)) and not _NO_NAME.search(value)


def _person(text: str, expected: Sequence[str]) -> Span | None:
    if "PERSON" not in expected:
        return None
    head, tail = FILLER.match(text), TAIL.search(text)
    start, end = head.end() if head else 0, tail.start() if tail else len(text)
    return (start, end, "PERSON") if _is_name(text[start:end], start > 0, expected) else None


def _is_name(value: str, after_cue: bool, expected: Sequence[str]) -> bool:
    if value in NOT or not value:
        return False
    if _NAME.fullmatch(value) or _SURNAME.fullmatch(value):
        return after_cue or len(value) > 1 or value not in "是有能全都查那和但要行对好可没不在安万"
    only = all(kind in ("PERSON", "USERNAME") for kind in expected)
    return only and bool(_GIVEN.fullmatch(value)) and not _NO_NAME.search(value)


def _nickname(text: str, expected: Sequence[str]) -> Span | None:
    value = text.strip()
    if "USERNAME" not in expected or not _NICKNAME.fullmatch(value) or value in NOT:
        return None
    if regex.search(
        r"忘|知道|没有|记得|等|查|什么|怎么|谢谢|不是|可以|不行|好的|转人工|人工|在吗|是的", value
    ):
        return None
    start = text.index(value)
    return start, start + len(value), "USERNAME"
