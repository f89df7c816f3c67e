"""The types of personal data, and the placeholder that stands for each in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

LABELS: dict[str, tuple[str, str]] = {  # type: (Chinese, English)
    "PERSON": ("姓名", "NAME"),
    "PHONE": ("手机号", "PHONE"),
    "ID_CARD": ("身份证号", "ID_CARD"),
    "BANK_CARD": ("银行卡号", "CARD"),
    "PASSPORT": ("护照号", "PASSPORT"),
    "TRAVEL_PERMIT": ("通行证号", "TRAVEL_PERMIT"),
    "LICENSE_PLATE": ("车牌号", "LICENSE_PLATE"),
    "CREDIT_CODE": ("税号", "TAX_NUMBER"),
    "ADDRESS": ("地址", "ADDRESS"),
    "EMAIL": ("邮箱", "EMAIL"),
    "QQ": ("QQ号", "QQ"),
    "WECHAT": ("微信号", "WECHAT"),
    "BIRTH_DATE": ("出生日期", "BIRTH_DATE"),
    "ORDER_NUMBER": ("订单号", "ORDER_NUMBER"),
    "TRACKING_NUMBER": ("运单号", "TRACKING_NUMBER"),
    "IP": ("IP地址", "IP"),
    "USERNAME": ("用户名", "USERNAME"),
    "PASSWORD": ("密码", "PASSWORD"),
    "OTP": ("验证码", "OTP"),
    "SSN": ("社保号", "SSN"),
    "IBAN": ("国际账号", "IBAN"),
    "BANK_ACCOUNT": ("银行账号", "BANK_ACCOUNT"),
    "DRIVING_LICENCE": ("驾驶证号", "DRIVING_LICENCE"),
    "ZIP": ("邮编", "ZIP"),
}

LABEL_ZH = r"[A-Z]{0,6}[\u4e00-\u9fff]{1,8}"
LABEL_EN = r"[A-Z](?:[A-Z_]{0,28}[A-Z])?"
# Any type's placeholder, those of a company's own types included.
PLACEHOLDER = re.compile(rf"<(?:{LABEL_ZH}\d{{1,4}}|{LABEL_EN}_\d{{1,4}})>")
# In text not masked yet a longer number between such brackets is a value that somebody typed.
_TYPED = r"\d{1,2}"
TYPED_PLACEHOLDER = re.compile(rf"<(?:{LABEL_ZH}{_TYPED}|{LABEL_EN}_{_TYPED})>")


class Finding(NamedTuple):
    """A span of a text that holds personal data; `start` and `end` count characters of the original text."""

    start: int
    end: int
    type: str
    score: float  # 0 to 1
    source: str  # the recognizer


def placeholder(
    type_: str, number: int, chinese: bool, labels: Mapping[str, tuple[str, str]] = LABELS
) -> str:
    """`<姓名1>` or `<NAME_1>`."""
    zh, en = labels[type_]
    return f"<{zh}{number}>" if chinese else f"<{en}_{number}>"


def placeholder_pattern(labels: Iterable[tuple[str, str]]) -> re.Pattern[str]:
    """Exactly the placeholders of these labels: in text not masked yet, `<张三1>` is a name."""
    zh, en = ("|".join(map(re.escape, names)) for names in zip(*labels, strict=True))
    return re.compile(rf"<(?:(?:{zh}){_TYPED}|(?:{en})_{_TYPED})>")
