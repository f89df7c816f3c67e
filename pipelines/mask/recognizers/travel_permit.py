"""Permits between the mainland, Hong Kong, Macau and Taiwan."""

import regex

from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.base import A, Recognizer, Z

_OF_A_CASE = regex.compile(
    r"(?:case|ticket|order|claim|ref(?:erence)?)(?: (?:no\.?|number|id|is))?[ #:]*$", regex.IGNORECASE
)


class TravelPermit(Recognizer):
    entity = "TRAVEL_PERMIT"
    gate = r"\d{7}|证"
    near = r"通行证|回乡证|台胞证|居住证|往来港澳|港澳证|permit"
    before = 24
    rules = (
        ("home return", rf"{A}[HM]\d{{8}}(?:\d{{2}})?{Z}", 0.55),
        ("exit", rf"{A}[CW](?:\d{{8}}|[A-Z]\d{{7}}){Z}", 0.55),
        ("in groups", rf"{A}[CWHMTL][A-Z]? ?\d{{3,4}} ?\d{{4}}{Z}", 0.2),
        ("to Taiwan", rf"{A}[TL]\d{{8}}{Z}", 0.4),
        ("of Taiwan", rf"{A}\d{{8}}(?:\d{{2}}(?:\([A-Z]\))?)?{Z}", 0.2),
    )

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        return _OF_A_CASE.search(text, 0, result.start) is not None
