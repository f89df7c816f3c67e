"""Chinese landlines with their area code; without it only beside a word for telephone."""

from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.base import A, Recognizer, Z
from pipelines.mask.recognizers.firm_number import is_a_firms

_AREA = r"0(?:10|2[0-57-9]|[3-9]\d{2})"
_EXT = r"(?:\s?(?:-|转|ext\.?|分机)\s?\d{1,6})?"


class Landline(Recognizer):
    entity = "PHONE"
    gate = r"\d{7}|\d{3,4}[- )]{1,2}\d{3,4}"
    near = r"座机|固话|电话|号码|传真|联系|致电|回拨|打给|拨|香港|澳门|tel|phone|fax"
    rules = (
        ("separated", rf"{A}(?:\({_AREA}\)[- ]?|{_AREA}(?:-|\s))[2-8]\d{{2,3}}[- ]?\d{{4}}{_EXT}{Z}", 0.85),
        (
            "trunk digit in brackets",
            rf"{A}\(0\)[- ]?(?:10|2\d|[3-9]\d{{2}})[- ]?[2-8]\d{{2,3}}[- ]?\d{{4}}{_EXT}{Z}",
            0.85,
        ),
        ("joined", rf"{A}{_AREA}[2-8]\d{{6,7}}{_EXT}{Z}", 0.6),
        (
            "abroad",
            rf"{A}(?:\+|00)86[- ]?(?:10|2\d|[3-9]\d{{2}})[- ]?[2-8]\d{{2,3}}[- ]?\d{{4}}{_EXT}{Z}",
            0.85,
        ),
        (
            "no area",
            rf"(?<![0-9A-Za-z.-])(?<![48]00[- ])[2-8]\d{{2,3}}[- ]?\d{{4}}{_EXT}(?![0-9A-Za-z]|\.\d|-\d)",
            0.2,
        ),
    )

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        return is_a_firms(text, result.start, result.end)
