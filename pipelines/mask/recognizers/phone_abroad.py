"""Phone numbers outside the mainland: North America, the UK, and any in international form."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_EXT = r"(?:\s?(?:x|ext\.?|extension|#)\s?\d{1,6})?"
_US = r"(?![48]00)[2-9]\d{2}"


class PhoneAbroad(Recognizer):
    entity = "PHONE"
    gate = r"\d{3}"
    near = r"phone|call|cell|mobile|tel|contact|whatsapp|reach me|text me|number is|手机|电话|号码"
    before = 24
    rules = (
        ("alone in the message", r"\A\s*\K[2-9]\d{9}(?=\s*\Z)", 0.5),
        ("US", rf"{A}(?:(?:\+|00)?1[-. ]?)?(?:\({_US}\)\s?|{_US}[-. ])\d{{3}}[-. ]\d{{4}}{_EXT}{Z}", 0.75),
        ("US joined", rf"{A}(?:\+1|001)[-. ]?{_US}\d{{7}}{_EXT}{Z}", 0.75),
        ("ten digits", rf"{A}{_US}\d{{7}}{_EXT}{Z}", 0.3),
        (
            "international",
            rf"(?<![0-9A-Za-z+])(?=(?:[-+. ()]{{0,2}}\d){{8}})"
            rf"(?:\+|00)[1-9]\d{{0,2}}(?:[-. ]?\(?\d{{1,5}}\)?){{2,6}}{_EXT}{Z}",
            0.7,
        ),
        ("UK", rf"{A}0(?:7\d{{3}}|1\d{{2,4}}|20|2[389])\)?[- ]?\d{{3,4}}[- ]?\d{{3,4}}{Z}", 0.5),
        ("UK mobile", rf"{A}07\d{{3}}[- ]?\d{{3}}[- ]?\d{{3}}{Z}", 0.75),
        ("seven or eight digits", rf"(?<!\d[-. )]){A}\d{{3,4}}[- ]\d{{4}}{Z}", 0.2),
    )
