"""Payment card numbers: UnionPay and the international schemes, 13 to 19 digits, Luhn raises the score."""

from pipelines.mask import spoken
from pipelines.mask.recognizers.base import A, Recognizer, Z, luhn


class BankCard(Recognizer):
    entity = "BANK_CARD"
    gate = r"\d{4}|card.{0,20}(?:one|two|three|four|five|six|seven|eight|nine)"
    near = r"卡号|银行|信用卡|储蓄卡|借记卡|工行|建行|农行|招行|中行|银联|card|visa|master|amex|debit|credit"
    rules = (
        ("UnionPay", rf"{A}(?:62|60|9[0-9])\d{{14,17}}{Z}", 0.6),
        ("in groups", rf"{A}[2-6]\d{{3}}([- ])\d{{4}}\1\d{{4}}\1\d{{4}}(?:\1?\d{{1,3}})?{Z}", 0.75),
        ("6 and the rest", rf"{A}62\d{{4}}[- ]\d{{10,13}}{Z}", 0.7),
        ("Amex", rf"{A}3[47]\d{{2}}[- ]?\d{{6}}[- ]?\d{{5}}{Z}", 0.4),
        ("plain", rf"{A}[2-6]\d{{15}}{Z}", 0.4),
        ("any length", rf"{A}[1-9]\d{{12,18}}{Z}", 0.2),
        (
            "spoken",
            rf"card(?: number)?(?: is)? \K{spoken.NUMBER}(?:[ ,-]{{1,2}}{spoken.NUMBER}){{9,18}}(?![A-Za-z])",
            0.8,
        ),
        ("stars", rf"{A}[3-6]\d{{3,5}}[ *]{{4,14}}\d{{4}}{Z}", 0.6),
    )

    def checksum(self, value: str) -> bool:
        return luhn(value)
