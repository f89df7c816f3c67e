"""Phone numbers outside the mainland: North America, the UK, and any in international form."""

from pipelines.mask import spoken
from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.base import A, Recognizer, Z
from pipelines.mask.recognizers.firm_number import is_a_firms

_EXT = r"(?:\s?(?:x|ext\.?|extension|#)\s?\d{1,6})?"
_US = r"(?!400|8(?:00|33|44|55|66|77|88))[2-9]\d{2}"  # no toll-free numbers: those are a firm's
_FIRMS = r"0800|0808|0845|0870|03\d\d \d{3} \d{4}"


class PhoneAbroad(Recognizer):
    entity = "PHONE"
    gate = (
        r"\d{3}|\d\d[ .-]\d\d|\d \d \d \d|(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|double) (?:oh|zero"
        r"|one|two|three|four|five|six|seven|eight|nine|double) "
    )
    near = (
        r"phone|call|cell|mobile|tel|contact|whatsapp|reach me|text me|(?:number|num|no|no\.) is|number:|ring|area code"
        r"|手机|电话|号码"
    )
    before = 24
    after = 14
    rules = (
        ("alone in the message", r"\A\s*\K(?:[2-9]\d{9}|0[1-9]\d{8,9})(?=\s*[.,!]?\s*\Z)", 0.5),
        ("eight alone in the message", r"\A\s*\K[3689]\d{3} \d{4}(?=\s*[.,!]?\s*\Z)", 0.5),
        ("whatsapp", rf"(?<![a-z])whats ?app[^.\d\n]{{0,40}}\K\d{{4}} ?\d{{4}}{Z}", 0.65),
        ("US", rf"{A}(?:(?:\+|00)?1[-. ]?)?(?:\({_US}\)\s?|{_US}[-. ])\d{{3}}[-. ]\d{{4}}{_EXT}{Z}", 0.75),
        ("US joined", rf"{A}(?:\+1|001)[-. ]?{_US}\d{{7}}{_EXT}{Z}", 0.75),
        ("ten digits", rf"{A}{_US}\d{{7}}{_EXT}{Z}", 0.3),
        (
            "international",
            rf"(?<![0-9A-Za-z+])(?=\+|(?:[-. ()]{{0,2}}\d){{10}})(?=(?:[-+. ()]{{0,2}}\d){{8}})"
            rf"(?:\+|00[ -]?)[1-9]\d{{0,2}}(?:[-. ]?\(?\d{{1,5}}\)?){{2,6}}{_EXT}{Z}",
            0.7,
        ),
        (
            "UK",
            rf"{A}(?!{_FIRMS})\(?0(?:7\d{{3}}|1\d{{2,4}}|20|2[389])\)?[- ]?\d{{3,4}}[- ]?\d{{3,4}}{_EXT}{Z}",
            0.6,
        ),
        ("UK mobile", rf"{A}07\d{{3}}[- ]?\d{{3}}[- ]?\d{{3}}{Z}", 0.75),
        ("in pairs", rf"{A}0[1-9](?:([ .-])\d{{2}})(?:\1\d{{2}}){{3}}{Z}", 0.65),
        ("area in brackets", r"(?<![0-9A-Za-z(])\(0\d{1,3}\)\s?\d{3,4}[- ]?\d{3,4}(?![0-9A-Za-z])", 0.7),
        (
            "with the trunk zero, in groups",
            rf"{A}(?!{_FIRMS})"
            rf"(?=(?:[- ]?\d){{9,11}}{Z}(?![- ]\d))"
            rf"0[1-9]\d{{0,3}}(?:[ -]\d{{2,4}}){{2,4}}{Z}",
            0.65,
        ),
        ("digit by digit", rf"(?<!\d ){A}(?:\d ){{9,10}}\d{Z}(?! \d)", 0.6),
        (
            "eight to be called",
            rf"(?<![a-z])(?:call|ring|text|contact|reach|message|whatsapp)(?= )[^.?!\n\d]{{1,60}}\K(?<!\d[ -])[235689]\d{{3}} \d{{4}}{Z}(?![ -]?\d)",
            0.6,
        ),
        ("Ireland", rf"{A}08[35679][- ]\d{{3}}[- ]\d{{4}}{Z}", 0.65),
        ("Australia", rf"{A}(?!{_FIRMS})0[2-478](?:\d{{2}} \d{{3}} \d{{3}}| \d{{4}} \d{{4}}){Z}", 0.7),
        ("India", rf"{A}(?:0|\+?91[- ]?)?[6-9]\d{{4}}[- ]\d{{5}}{Z}", 0.7),
        ("Europe", rf"{A}0\d{{2,4}}[ /-]\d{{3,8}}(?:[ -]\d{{2,4}})?{Z}", 0.2),
        (
            "without the plus",
            rf"{A}(?:880|971|966|974|65|61|44|91)\d{{3,4}}[ -]\d{{3,4}}[ -]\d{{3,4}}{Z}",
            0.6,
        ),
        (
            "after the word",
            rf"(?<![A-Za-z])(?:phone|ph|cell|mobile|mob|tel|telephone|whatsapp|contact|call me (?:on|at)"
            rf"|ring me on|text)(?: (?:number|no\.?|num))?"
            rf"(?: is)?[.:]? ?\K(?=(?:\D{{0,3}}\d){{7}})(?!8(?:00|33|44|55|66|77|88)[ -])\+?\(?\d{{2,5}}\)?"
            rf"(?:[ .-]?\d{{2,5}}){{1,4}}{Z}",
            0.6,
        ),
        ("joined", rf"(?<![A-Za-z])(?:num(?:ber)?|no|nbr)\.?:? \K0[1-9]\d{{8,9}}{Z}", 0.6),
        (
            "spoken",
            rf"(?:phone|mobile|cell|number|call me on|reach me at)(?: number)?(?: is"
            rf"| it's)? \K{spoken.NUMBER}(?:[ ,-]{{1,2}}{spoken.NUMBER}){{5,12}}(?![A-Za-z])",
            0.7,
        ),
        ("seven or eight digits", rf"(?<!\d[-. )]){A}\d{{3,4}}[- ]\d{{4}}{Z}", 0.2),
    )

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        return is_a_firms(text, result.start, result.end)
