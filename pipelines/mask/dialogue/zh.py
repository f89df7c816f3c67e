"""How Chinese asks for personal data, announces it and answers with it."""

from __future__ import annotations

import regex

from pipelines.mask.recognizers.surnames import SURNAME
from pipelines.mask.words import words

ASKS = (
    r"请|麻烦|提供|告诉|告知|多少|什么|怎么|如何|哪|发(?:一)?下|报(?:一)?下|补充|核实|核对|确认|貴"
    r"|贵姓|填写|留|发我|给我们"
)
ASKED = {
    "PERSON": r"姓名|名字|怎么称呼|如何称呼|贵姓|哪位|收件人|收货人|联系人",
    "PHONE": r"电话|手机|联系方式|联系号码",
    "ID_CARD": r"身份证|证件号",
    "BANK_CARD": r"卡号|银行卡",
    "BANK_ACCOUNT": r"银行账[号户]",
    "ADDRESS": r"地址|送到哪|寄到哪",
    "EMAIL": r"邮箱",
    "ORDER_NUMBER": r"订单号|订单编号|单号",
    "TRACKING_NUMBER": r"运单号|快递单号|物流单号",
    "USERNAME": r"用户名|账号名|登录名|昵称|会员名",
    "PASSWORD": r"密码|口令",
    "OTP": r"验证码|校验码|动态码",
    "BIRTH_DATE": r"生日|出生",
    "ZIP": r"邮编|邮政编码",
    "QQ": r"qq",
    "WECHAT": r"微信",
    "PASSPORT": r"护照",
    "DRIVING_LICENCE": r"驾驶证",
}
# What ends a turn whose value comes in the next.
IS = r"是|为|如下"
ANNOUNCED = r"(?:我的?)?(?:电话|手机号?|地址|姓名|邮箱|卡号|身份证号?|微信号?)"
NUMBER_FOLLOWS = r"号码是"

_FILLER = regex.compile(
    r"^(?:您?好|嗯+|哦|好的?|我(?:的)?(?:名字|姓名)?(?:是|叫|姓)?|(?:姓名|名字|收件人|联系人)(?:是|叫|写"
    r"|:)?|叫|是|就(?:写|叫|是)|改成|换成|写"
    r"|免贵(?:姓)?|[,。:!~ ])+"
)
_TAIL = regex.compile(r"(?:就行|就好|就可以|谢谢|[,。!~ 吧啊哈呢的了啦嘛哦呀哟])+$")
_NAME = regex.compile(rf"{SURNAME}[\u4e00-\u9fff]{{1,3}}|[\u4e00-\u9fff]{{2,6}}[·•][\u4e00-\u9fff]{{2,8}}")
_SURNAME = regex.compile(SURNAME)
_NOT = frozenset(words("not_answers.zh"))
_ADDRESS = regex.compile(
    r"(?:[\u4e00-\u9fff0-9A-Za-z-]*(?:省|市|区|县|镇|乡|村|路|街|道|巷|小区|花园|公寓|大厦|栋|幢|单元|室"
    r"|号|楼|苑)[\u4e00-\u9fff0-9A-Za-z-]*[ ,]?)+"
)
_ADDRESS_CUE = regex.compile(
    r"^(?:.{0,8}?(?:地址|寄到|送到|改成|改为|改到|换成|住在|发到|新的)(?:是|为|:)?|是|在|到|嗯|好的?"
    r"|[,。: ])+",
    regex.IGNORECASE,
)


def name(text: str) -> tuple[int, int] | None:
    """[start, end) of the name that `text` answers with."""
    head, tail = _FILLER.match(text), _TAIL.search(text)
    start, end = head.end() if head else 0, tail.start() if tail else len(text)
    return (start, end) if _is_name(text[start:end], start > 0) else None


def _is_name(value: str, after_cue: bool) -> bool:
    if value in _NOT:
        return False
    return bool(_NAME.fullmatch(value) or (after_cue and _SURNAME.fullmatch(value)))


def address(text: str) -> tuple[int, int] | None:
    """[start, end) of the address that `text` answers with."""
    cue = _ADDRESS_CUE.match(text)
    match = _ADDRESS.search(text, cue.end() if cue else 0)
    if not match or len(match.group()) < 4:
        return None
    if not regex.search(r"\d|[路街村镇]|小区|花园|公寓|大厦", match.group()):
        return None
    return match.start(), match.start() + len(match.group().rstrip(" ,"))
