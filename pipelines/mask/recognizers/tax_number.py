"""Tax numbers of firms outside China: VAT, GST, EIN, ABN, beside their word or by their form."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_EU = (
    r"(?:ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}"
    r"|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\d{8}"
    r"|FR[A-Z0-9]{2}\d{9}|GB\d{9}|HR\d{11}|HU\d{8}|IE\d[A-Z0-9]\d{5}[A-Z]{1,2}|IT\d{11}|LT\d{9}|LU\d{8}"
    r"|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}"
    r"|PL\d{10}|PT\d{9}|RO\d{6,10}|SE\d{12}|SI\d{8}|SK\d{10}|CHE\d{9})"
)
_WORD = (
    r"(?<![A-Za-z])(?:vat|tax|gstin?|ein|fein|abn|tin|ust-?id(?:nr)?|btw|tva|rfc)(?: ?(?:id|number|no\.?"
    r"|registration|reg|box))*"
)


class TaxNumber(Recognizer):
    entity = "CREDIT_CODE"
    gate = r"\d{3}"
    near = r"(?<![a-z])(?:vat|tax|ein|gst|abn|vies|ust|invoice|btw|tva|rfc)"
    before = 40
    languages = ("en", "mixed")
    rules = (
        ("EU", rf"{A}(?-i:{_EU}){Z}", 0.5),
        (
            "EU in groups",
            rf"{A}(?-i:BE ?[01]?\d{{3}}[. ]\d{{3}}[. ]\d{{3}}|ATU ?\d{{4}} \d{{4}}|DE \d{{3}} \d{{3}} \d{{3}}"
            rf"|FR ?[0-9A-Z]{{2}} \d{{3}} \d{{3}} \d{{3}}|NL ?\d{{4}}\.?\d\d\.?\d{{3}}\.?B\.?\d\d|CHE-\d{{3}}\.\d{{3}}\.\d{{3}}"
            rf"|XI ?\d{{3}} ?\d{{4}} ?\d\d){Z}",
            0.7,
        ),
        ("Brazil", rf"{A}\d\d\.\d{{3}}\.\d{{3}}/\d{{4}}-\d\d{Z}", 0.85),
        ("UK in groups", rf"{A}(?-i:GB) \d{{3}} \d{{4}} \d{{2}}{Z}", 0.5),
        ("GSTIN", rf"{A}(?-i:\d{{2}}[A-Z]{{4,5}}\d{{4}}[A-Z0-9]{{2,4}}[A-Z0-9]){Z}", 0.6),
        (
            "after the word",
            rf"{_WORD}(?: (?:for|on) [a-z ]{{3,24}}?(?:pls|please)?)?\s*(?:[:#]|is)?\s*:?\s*\K"
            rf"(?-i:[A-Z]{{0,3}} ?)\d{{2,3}}"
            rf"(?:[ .-]?\d{{2,4}}){{2,4}}{Z}",
            0.8,
        ),
        ("EIN", r"(?<![0-9A-Za-z-])\d{2}-\d{7}(?![0-9A-Za-z-])", 0.35),
    )
