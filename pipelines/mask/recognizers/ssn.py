"""US social security numbers and taxpayer numbers of the same form, and UK national insurance numbers."""

from pipelines.mask.recognizers.base import A, Recognizer, Z


class Ssn(Recognizer):
    entity = "SSN"
    gate = r"\d{2}[- .]?\d{2}|(?-i:[A-Z]\d)"
    near = (
        r"ssn|social (?:security|insurance|number)|itin|national insurance|(?<![a-z])(?:nino|ni|pps|ppsn|rvnr)(?![a-z])|sozialversicherung|(?<![a-z])sin"
        r"(?![a-z])|tfn|tax file|社保号|社会安全|社安|国民保险"
    )
    before = 32
    rules = (
        (
            "issued areas",
            r"(?<![0-9A-Za-z-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![0-9A-Za-z]|-\d)",
            0.8,
        ),
        ("same form", r"(?<![0-9A-Za-z-])\d{3}-\d{2}-\d{4}(?![0-9A-Za-z]|-\d)", 0.6),
        ("other separators", rf"{A}\d{{3}}([ .])\d{{2}}\1\d{{4}}{Z}", 0.4),
        (
            "after the word",
            rf"(?<![A-Za-z])(?:ssn|social security|itin|tfn|tax file|sin|social insurance|nino)(?: "
            rf"(?:number|no\.?|num))?(?: is|:)?\s*:?\s*\K\d{{4,9}}{Z}",
            0.75,
        ),
        (
            "last four",
            rf"(?:ssn|social(?: security)?)(?: number)?(?: (?:ends in|ending(?: in)?|last (?:4|four)"
            rf"(?: digits)?))?(?: (?:is|are))? \K\d{{4}}{Z}",
            0.7,
        ),
        ("Canada", rf"{A}\d{{3}}([- ])\d{{3}}\1\d{{3}}{Z}", 0.2),
        ("nine digits", rf"{A}\d{{9}}{Z}", 0.2),
        (
            "Chinese",
            r"(?:社保|医保|社会保障)(?:卡)?(?:号码|号|编号|账号)?[是为:]?\s*:?\s*\K[A-Z]{0,2}\d{8,18}[\dX]?(?![0-9A-Za-z])",
            0.65,
        ),
        (
            "national insurance",
            rf"{A}(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ(?! 12 34 56))[ -]?\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}[ -]?[A-D]{Z}",
            0.7,
        ),
        ("Germany", rf"{A}\d{{2}} \d{{6}} (?-i:[A-Z]) \d{{3}}{Z}", 0.6),
        ("Ireland", rf"{A}(?-i:\d{{7}}[A-W][A-IW]?){Z}", 0.2),
    )
