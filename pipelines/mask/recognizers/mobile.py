"""Mobile numbers of the mainland and Taiwan: with +86, separators, half hidden, or with a digit too few."""

from pipelines.mask.recognizers.base import Recognizer

_S = r"(?:[-. /,_·、*]| - |, |  )"
_CUE = r"(?:手机|电话|号码|联系|致电|拨打|tel|phone|mobile)"
_START = r"(?<![0-9])(?:(?:\+|00)?86[- ]?)?"
_END = r"(?![0-9])"


class Mobile(Recognizer):
    entity = "PHONE"
    gate = r"1[ -]?[3-9]|[一幺1壹][三四五六七八九]|一百[三五七八九]十|09"
    rules = (
        ("plain", rf"{_START}1[3-9]\d{{9}}{_END}", 0.85),
        ("3-4-4", rf"{_START}1[3-9]\d{_S}\d{{4}}{_S}\d{{4}}{_END}", 0.85),
        ("3-3-5", rf"{_START}1[3-9]\d[-. ]\d{{3}}[-. ]\d{{5}}{_END}", 0.75),
        ("4-3-4", rf"{_START}1[3-9]\d{{2}}[-. ]\d{{3}}[-. ]\d{{4}}{_END}", 0.75),
        (
            "two parts",
            rf"{_START}1[3-9](?:\d{{5}}[-. ]\d{{4}}|\d[-. ]\d{{8}}|\d{{3}}[-. ]\d{{6}}){_END}",
            0.7,
        ),
        ("spelled", rf"{_START}1([-. ])[3-9](?:\1\d){{9}}{_END}", 0.75),
        ("stars", rf"{_START}1[3-9]\d[ -]?[*xX#·]{{3,5}}[ -]?\d{{3,4}}{_END}", 0.6),
        ("hundreds", rf"一百[三五七八九]十[一二三四五六七八九]?{_S}?\d{{4}}{_S}?\d{{4}}{_END}", 0.7),
        (
            "a letter for a digit",
            r"(?<![0-9A-Za-z])(?=\d*[OolI])(?=(?:[OolI]*\d){8})[1lI][3-9][0-9OolI]{9}(?![0-9A-Za-z])",
            0.65,
        ),
        (
            "eleven digits in any groups",
            rf"(?!1[- ]8(?:00|33|44|55|66|77|88)[- ]){_START}1[ -]?[3-9](?:[ -]?\d){{9}}{_END}",
            0.65,
        ),
        (
            "ten or twelve digits",
            rf"{_CUE}[^0-9A-Za-z。;?\n]{{0,6}}\K{_START}1[3-9](?:[- ]?\d){{8}}(?:[- ]?\d\d)?{_END}",
            0.6,
        ),
        ("one digit short", r"(?<![0-9A-Za-z-])1[3-9]\d[- ]\d{4}[- ]\d{3}(?![0-9A-Za-z-])", 0.55),
        ("Taiwan", r"(?<![0-9A-Za-z-])09\d\d([- ]?)\d{3}\1\d{3}(?![0-9A-Za-z-])", 0.6),
    )
