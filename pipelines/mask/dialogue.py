"""What only the dialogue makes personal: a bare answer to a question, a value split over two turns.

"What is your name?" / "viswa"; 请提供您的电话 / 1380013 / 8000. The words that a message cannot show are in
the turn before it, so the search goes over a conversation and not over a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from pipelines.mask.bare import alone
from pipelines.mask.labels import PLACEHOLDER, Finding
from pipelines.mask.language import HAN, is_chinese
from pipelines.mask.normalise import Normalised
from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.recognizers.surnames import SURNAME
from pipelines.mask.words import words

SOURCE = "Dialogue"
ALONE = "AnswersAlone"
SCORE = 0.6
MAX_BARE_CHARS = 60
MAX_HAN_AROUND = 6  # a code or account stands alone, or after a few words
_FLAGS = regex.IGNORECASE

_ASKS = regex.compile(
    r"[?]|请|麻烦|提供|告诉|告知|多少|什么|怎么|如何|哪|发(?:一)?下|报(?:一)?下|补充|核实|核对|确认|貴"
    r"|贵姓|填写|留|发我|给我们"
    r"|what|may i|can i|could|would you|please|provide|confirm|share|tell|give|need your|have your|whose"
    r"|which|send",
    _FLAGS,
)
_ASKED: dict[str, regex.Pattern[str]] = {
    kind: regex.compile(pattern, _FLAGS)
    for kind, pattern in {
        "PERSON": (
            r"姓名|名字|怎么称呼|如何称呼|贵姓|哪位|收件人|收货人|联系人|(?<!user)(?<!user )\bname\b"
            r"|who am i speaking"
        ),
        "PHONE": (
            r"电话|手机|联系方式|联系号码|\bphone|mobile|contact (?:number|no)|cell|number to (?:call"
            r"|reach)"
        ),
        "ID_CARD": r"身份证|证件号|identity (?:card|number)",
        "BANK_CARD": r"卡号|银行卡|card number|credit card|debit card",
        "BANK_ACCOUNT": r"银行账[号户]|bank account|account number|routing number|sort code",
        "ADDRESS": r"地址|送到哪|寄到哪|address|where (?:should|do) (?:we|i|you) (?:ship|send|deliver)",
        "EMAIL": r"邮箱|e-?mail",
        "ORDER_NUMBER": r"订单号|订单编号|单号|order (?:number|no|id)",
        "TRACKING_NUMBER": r"运单号|快递单号|物流单号|tracking",
        "USERNAME": r"用户名|账号名|登录名|昵称|会员名|user ?name|login (?:name|id)|user id",
        "PASSWORD": r"密码|口令|password|passcode|\bpin\b",
        "OTP": (
            r"验证码|校验码|动态码|verification code|one-time|otp|code (?:we|i) (?:sent|texted)"
            r"|\bthe code\b"
        ),
        "BIRTH_DATE": r"生日|出生|birth|\bdob\b",
        "ZIP": r"邮编|邮政编码|zip|postal code|postcode",
        "QQ": r"qq",
        "WECHAT": r"微信|wechat",
        "SSN": r"social security|ssn",
        "PASSPORT": r"护照|passport",
        "DRIVING_LICENCE": r"驾驶证|driv\w+ licen[cs]e",
        "IP": r"\bip\b",
    }.items()
}
# The customer's own turn that announces a value and ends: "my number is".
_ANNOUNCES = regex.compile(
    r"(?:是|为|:|如下|is|are|:)\s*[.…]*\s*$|^(?:我的?)?(?:电话|手机号?|地址|姓名|邮箱|卡号|身份证号?"
    r"|微信号?)$",
    _FLAGS,
)
_DIGITS = r"(?<![0-9A-Za-z._-])\+?\(?\d[\d\s().*-]*\d[xX]?(?![0-9A-Za-z_])"
_TOKEN = r"[A-Za-z0-9][A-Za-z0-9@#$%^&*!._-]{2,39}"
_SHORT = (  # at least this many digits make a bare number an answer
    ("PHONE", 3), ("ID_CARD", 6), ("BANK_CARD", 4), ("BANK_ACCOUNT", 5), ("OTP", 4), ("ZIP", 5), ("QQ", 5),
    ("SSN", 4), ("PASSPORT", 6), ("DRIVING_LICENCE", 5), ("BIRTH_DATE", 4), ("ORDER_NUMBER", 5),
    ("TRACKING_NUMBER", 8),
)  # fmt: skip
_MIXED = ("USERNAME", "PASSWORD", "ORDER_NUMBER", "TRACKING_NUMBER", "WECHAT", "PASSPORT", "DRIVING_LICENCE")

_FILLER_ZH = regex.compile(
    r"^(?:您?好|嗯+|哦|好的?|我(?:的)?(?:名字|姓名)?(?:是|叫|姓)?|(?:姓名|名字|收件人|联系人)(?:是|叫|写"
    r"|:)?|叫|是|就(?:写|叫|是)|改成|换成|写"
    r"|免贵(?:姓)?|[,。:!~ ])+"
)
_TAIL_ZH = regex.compile(r"(?:就行|就好|就可以|谢谢|[,。!~ 吧啊哈呢的了啦嘛哦呀哟])+$")
_NAME_ZH = regex.compile(rf"{SURNAME}[\u4e00-\u9fff]{{1,3}}|[\u4e00-\u9fff]{{2,6}}[·•][\u4e00-\u9fff]{{2,8}}")
_SURNAME_ZH = regex.compile(SURNAME)
_NOT_ZH = frozenset(words("not_answers.zh"))
_FILLER_EN = regex.compile(
    r"^(?:(?:hi|hello|yes|yeah|sure|ok|okay|of course|certainly|(?:my|the)(?: full| first"
    r"| last)? name(?: is|'s)?|name(?: is)?|it is|it's|its"
    r"|this is|i am|i'm|im|here|you can call me|call me|under|the order is under)(?![A-Za-z])[\s,.:!-]*)+",
    _FLAGS,
)
_TAIL_EN = regex.compile(r"(?:[\s,.!]|(?<=\s)(?:please|thanks|thank you|here))+$", _FLAGS)
_NAME_EN = regex.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]*(?: [A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]*){0,3}")
_NOT_EN = NOT_NAMES | frozenset(words("not_answers.en"))
_ADDRESS_ZH = regex.compile(
    r"(?:[\u4e00-\u9fff0-9A-Za-z-]*(?:省|市|区|县|镇|乡|村|路|街|道|巷|小区|花园|公寓|大厦|栋|幢|单元|室"
    r"|号|楼|苑)[\u4e00-\u9fff0-9A-Za-z-]*[ ,]?)+"
)
_ADDRESS_CUE = regex.compile(
    r"^(?:.{0,8}?(?:地址|寄到|送到|改成|改为|改到|换成|住在|发到|新的)(?:是|为|:)?|是|在|到|嗯|好的?"
    r"|[,。: ])+",
    _FLAGS,
)
_ADDRESS_EN = regex.compile(r"(?<![A-Za-z0-9])(?:flat|apt|unit|room|blk|#)?\s?\d[^?!\n]*[^?!\n\s.]", _FLAGS)


def from_dialogue(
    messages: Sequence[tuple[str, str]], found: Mapping[int, Sequence[Finding]]
) -> dict[int, list[Finding]]:
    """Findings by index of `messages` (role, text); `found` is what the texts show by themselves."""
    if not any(role == "agent" for role, _ in messages):
        return _alone(messages)
    more: dict[int, list[Finding]] = {}
    expected: list[str] = []
    for index, (role, text) in enumerate(messages):
        plain = Normalised(text)
        if role == "agent":
            expected = asked(plain.text)
        elif role == "customer":
            spans = answers(plain.text, expected)
            more[index] = [
                Finding(*plain.span(start, end), kind, SCORE, SOURCE)
                for start, end, kind in spans
                if not _covered(plain.span(start, end), found.get(index, ()))
            ]
            expected = announced(plain.text) or expected
    return more


def _alone(messages: Sequence[tuple[str, str]]) -> dict[int, list[Finding]]:
    """What the customer's half of a log shows by itself (bare.py)."""
    plain = [Normalised(text if role == "customer" else "") for role, text in messages]
    spans = alone([text.text for text in plain])
    return {
        index: [Finding(*plain[index].span(start, end), kind, SCORE, ALONE) for start, end, kind in found]
        for index, found in spans.items()
    }


def asked(text: str) -> list[str]:
    """The types that an agent's turn asks for."""
    if not _ASKS.search(text):
        return []
    return [kind for kind, pattern in _ASKED.items() if pattern.search(text)]


def announced(text: str) -> list[str]:
    """The types that a customer's turn announces without giving them: `my number is`."""
    if len(text) > MAX_BARE_CHARS or not _ANNOUNCES.search(text):
        return []
    kinds = [kind for kind, pattern in _ASKED.items() if pattern.search(text)]
    return kinds or (["PHONE"] if regex.search(r"number is\s*$|号码是\s*$", text, _FLAGS) else [])


def answers(text: str, expected: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, type) of what `text` answers to a question for `expected`."""
    if not expected or len(text) > MAX_BARE_CHARS or "?" in text or PLACEHOLDER.search(text):
        return []
    for answer in (_number, _mixed, _address, _name):
        if span := answer(text, expected):
            return [span]
    return []


def _number(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    match = regex.search(_DIGITS, text)
    if not match or ("ADDRESS" in expected and regex.search(r"[A-Za-z\u4e00-\u9fff]{4}", text)):
        return None
    digits = sum(char.isdigit() for char in match.group())
    kind = next((kind for kind, least in _SHORT if kind in expected and digits >= least), None)
    return (match.start(), match.end(), kind) if kind else None


def _mixed(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    kind = next((kind for kind in _MIXED if kind in expected), None)
    words = list(regex.finditer(_TOKEN, text))
    if not kind or len(HAN.findall(text)) > MAX_HAN_AROUND:
        return None
    single = len(words) == 1 and kind in ("USERNAME", "WECHAT") and words[0].group().lower() not in _NOT_EN
    chosen = words[0] if single else next((w for w in words if regex.search(r"\d", w.group())), None)
    return (chosen.start(), chosen.end(), kind) if chosen else None


def _address(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    if "ADDRESS" not in expected:
        return None
    if not is_chinese(text):
        match = _ADDRESS_EN.search(text)
        return (match.start(), match.end(), "ADDRESS") if match and len(match.group()) > 3 else None
    cue = _ADDRESS_CUE.match(text)
    match = _ADDRESS_ZH.search(text, cue.end() if cue else 0)
    if (
        not match
        or len(match.group()) < 4
        or not regex.search(r"\d|[路街村镇]|小区|花园|公寓|大厦", match.group())
    ):
        return None
    return match.start(), match.end() - (len(match.group()) - len(match.group().rstrip(" ,"))), "ADDRESS"


def _name(text: str, expected: Sequence[str]) -> tuple[int, int, str] | None:
    if "PERSON" not in expected:
        return None
    chinese = is_chinese(text)
    head = (_FILLER_ZH if chinese else _FILLER_EN).match(text)
    tail = (_TAIL_ZH if chinese else _TAIL_EN).search(text)
    start, end = head.end() if head else 0, tail.start() if tail else len(text)
    value = text[start:end]
    plausible = _is_name_zh(value, start > 0) if chinese else _is_name_en(value)
    return (start, end, "PERSON") if plausible else None


def _is_name_zh(value: str, after_cue: bool) -> bool:
    if value in _NOT_ZH:
        return False
    return bool(_NAME_ZH.fullmatch(value) or (after_cue and _SURNAME_ZH.fullmatch(value)))


def _is_name_en(value: str) -> bool:
    words = value.lower().split()
    return bool(_NAME_EN.fullmatch(value)) and not any(word.strip(".") in _NOT_EN for word in words)


def _covered(span: tuple[int, int], found: Sequence[Finding]) -> bool:
    return any(other.start < span[1] and span[0] < other.end for other in found)
