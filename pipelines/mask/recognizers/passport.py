"""Passport numbers: Chinese ones by their form, others beside the word."""

from pipelines.mask.recognizers.base import A, Recognizer, Z


class Passport(Recognizer):
    entity = "PASSPORT"
    gate = r"\d{6}|护照|passport"
    near = r"护照|passport"
    before = 24
    rules = (
        ("Chinese", rf"{A}(?:E[A-Z]\d{{7}}|[EG]\d{{8}}){Z}", 0.6),
        ("older Chinese", rf"{A}(?:[DSP]E?\d{{7,8}}|1[45]\d{{7}}){Z}", 0.3),
        ("in groups", rf"{A}[A-Z]{{1,2}} ?\d{{3,4}} ?\d{{4}}{Z}", 0.2),
        (
            "after the word",
            rf"passport[^.!?\n]{{0,40}}?{A}\K(?:(?-i:[A-Z]{{1,3}})\d{{6,8}}[A-Z]?|\d{{9}}|\d{{2}}[A-Z]{{2}}\d{{5}}){Z}",
            0.65,
        ),
        (
            "corrected",
            rf"passport[^!?\n]{{0,80}}(?:but|not|is|to|with)(?: it is)? \K(?-i:[A-Z]{{1,2}})\d{{6,8}}{Z}",
            0.65,
        ),
        ("of any country", rf"{A}(?:[A-Z]{{1,2}}\d{{6,8}}|\d{{9}}|\d{{2}}[A-Z]{{2}}\d{{5}}){Z}", 0.2),
    )
