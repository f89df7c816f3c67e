"""Unified social credit codes (GB 32100-2015), and taxpayer numbers beside the word."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CUE = r"(?:税号|纳税人识别号|纳税识别号|信用代码|tax (?:number|id|no\.?)|vat (?:number|id|no\.?))"


class CreditCode(Recognizer):
    entity = "CREDIT_CODE"
    gate = r"\d{4}"
    near = r"税号|纳税|信用代码|统一社会|开票|发票|抬头|tax|vat"
    rules = (
        (
            "18",
            rf"{A}(?:[15]\d|9[1-3]|[2-8A-HJ-NY][1-9])\d{{6}}(?=[\dA-Z]*[A-Z])[\dA-HJ-NPQRTUWXY]{{10}}{Z}",
            0.6,
        ),
        ("in groups", rf"{A}[0-9A-Z]{{4}}( )[0-9A-Z]{{4}}(?:\1[0-9A-Z]{{4}}){{2}}\1[0-9A-Z]{{2}}{Z}", 0.25),
        ("18 digits", rf"{A}9[1-3]\d{{16}}{Z}", 0.45),
        ("tax number", rf"{_CUE}\s*(?:[:是为]|is)?\s*\K[A-Z]{{0,3}}\d[\dA-Z]{{7,19}}{Z}", 0.8),
    )

    def checksum(self, value: str) -> bool:
        """MOD 31 over the first 17 characters."""
        value = value.upper()
        if len(value) != 18 or any(char not in _ALPHABET for char in value):
            return False
        total = sum(_ALPHABET.index(char) * weight for char, weight in zip(value, _WEIGHTS, strict=False))
        return _ALPHABET[-total % 31] == value[17]
