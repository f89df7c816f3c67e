"""Driving licences: UK by its form, others beside the word."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_EN = (
    r"(?:driver'?s?'?|driving|learner'?s?)[- ]?(?:licen[cs]e|permit)|(?<![A-Za-z])(?:licen[cs]e|dl)(?= ?"
    r"(?:number|no|#|:|is))"
)
_IS = r"(?: number| no\.?| num| #| id)?\s*(?:[:#,]|is)?\s*:?\s*"


class DrivingLicence(Recognizer):
    entity = "DRIVING_LICENCE"
    gate = r"\d{4}"
    rules = (
        (
            "UK",
            rf"{A}[A-Z]{{1,5}}9{{0,4}}(?<=[A-Z9]{{5}}) ?\d{{6}} ?[A-Z9]{{2}}[0-9][A-Z]{{2}}(?: ?\d\d)?{Z}",
            0.8,
        ),
        ("India", rf"{A}(?-i:[A-Z]{{2}})[- ]?\d{{2}}[- ]?(?:19|20)\d{{2}}\d{{7}}{Z}", 0.75),
        ("English", rf"(?:{_EN}){_IS}\K(?=[A-Z-]*\d)[A-Z]{{0,3}}[\d-]{{4,16}}[A-Z0-9]{{0,4}}{Z}", 0.8),
        (
            "Chinese",
            rf"(?:驾驶证|驾照|驾驶执照)(?:编号|号码|号|档案编号)?\s*[:是为]?\s*\K\d{{11,17}}[\dX]{Z}",
            1.0,
        ),
    )
