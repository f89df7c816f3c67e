"""Payment card numbers: UnionPay and the international schemes, 13 to 19 digits, Luhn raises the score."""

from pipelines.mask import spoken
from pipelines.mask.recognizers.base import A, Recognizer, Z, luhn
from pipelines.mask.recognizers.shop_number import NOT_OF_THE_SHOP

_A = rf"{A}{NOT_OF_THE_SHOP}"


class BankCard(Recognizer):
    entity = "BANK_CARD"
    gate = r"\d{4}|\d(?:[ -]\d){9}|card.{0,20}(?:one|two|three|four|five|six|seven|eight|nine)"
    near = (
        r"卡号|(?<![显网声存话])卡(?!顿|住|了)|银行|开户|户名|这张卡|这个卡|退到|打到|转到|收款|招商"
        r"|信用卡|储蓄卡|借记卡|[工建农招中交]行|银联"
        r"|card|visa|master|amex|debit|credit"
    )
    rules = (
        ("UnionPay", rf"{_A}(?:62|60|9[0-9])\d{{14,17}}{Z}", 0.6),
        (
            "in groups",
            rf"(?:(?<=visa|card)|{A})[2-6]\d{{3}}([- ])\d{{4}}\1\d{{4}}\1\d{{4}}(?:\1?\d{{1,3}})?{Z}",
            0.75,
        ),
        ("6 and the rest", rf"{A}62\d{{4}}[- ]\d{{10,13}}{Z}", 0.7),
        ("Amex", rf"{A}3[47]\d{{2}}[- ]?\d{{6}}[- ]?\d{{5}}{Z}", 0.4),
        (
            "odd groups",
            rf"{_A}(?=(?:[ -]?\d){{15,19}}(?![ -]?\d))[3-69]\d{{3,5}}(?:[ -]\d{{2,6}}){{2,4}}{Z}",
            0.4,
        ),
        ("every digit apart", rf"{_A}[3-6](?:[ -]\d){{14,18}}{Z}", 0.7),
        ("plain", rf"{_A}[2-6]\d{{15}}{Z}", 0.4),
        ("any length", rf"{_A}[1-9]\d{{15,18}}{Z}", 0.2),
        ("13 to 15", rf"{_A}[1-9]\d{{12,14}}{Z}", 0.1),
        (
            "spoken",
            rf"card(?: number)?(?: is)? \K{spoken.NUMBER}(?:[ ,-]{{1,2}}{spoken.NUMBER}){{9,18}}(?![A-Za-z])",
            0.8,
        ),
        ("stars", rf"{A}[3-6]\d{{3,5}}[ *]{{4,14}}\d{{4}}{Z}", 0.6),
    )

    def checksum(self, value: str) -> bool:
        return luhn(value)
