"""Chinese mobile numbers: with +86, separators, half hidden by stars, or digit by digit in Chinese."""

from pipelines.mask.recognizers.base import Recognizer

_START = r"(?<![0-9])(?:(?:\+|00)?86[- ]?)?"
_END = r"(?![0-9])"


class Mobile(Recognizer):
    entity = "PHONE"
    gate = r"1[ -]?[3-9]|[一幺1][三四五六七八九]"
    rules = (
        ("plain", rf"{_START}1[3-9]\d{{9}}{_END}", 0.85),
        ("3-4-4", rf"{_START}1[3-9]\d[-. ]{{1,2}}\d{{4}}[-. ]{{1,2}}\d{{4}}{_END}", 0.85),
        ("3-3-5", rf"{_START}1[3-9]\d[-. ]\d{{3}}[-. ]\d{{5}}{_END}", 0.75),
        ("4-3-4", rf"{_START}1[3-9]\d{{2}}[-. ]\d{{3}}[-. ]\d{{4}}{_END}", 0.75),
        (
            "two parts",
            rf"{_START}1[3-9](?:\d{{5}}[-. ]\d{{4}}|\d[-. ]\d{{8}}|\d{{3}}[-. ]\d{{6}}){_END}",
            0.7,
        ),
        ("spelled", rf"{_START}1([-. ])[3-9](?:\1\d){{9}}{_END}", 0.75),
        ("stars", rf"{_START}1[3-9]\d\*{{3,5}}\d{{3,4}}{_END}", 0.6),
        (
            "partly in Chinese",
            rf"(?<![0-9])[1一幺](?=[0-9 -]*[零〇一二三四五六七八九幺])[3-9三四五六七八九]"
            rf"(?:[ -]?[0-9零〇一二三四五六七八九幺]){{9}}{_END}",
            0.8,
        ),
        ("in Chinese", r"[一幺][三四五六七八九](?:[ ,、-]?[零〇一二三四五六七八九幺]){9}", 0.85),
    )
