"""One-time codes said in the chat."""

from pipelines.mask.recognizers.base import Recognizer

_ZH = r"(?:验[证正]码|校验码|动态码|动态密码|激活码|取件码|提货码|短信码)"
_EN = (
    r"(?<![A-Za-z])(?:otp|one[- ]time (?:code|password|passcode)|(?:verification|confirmation|sms|login|text"
    r"|auth(?:entication)?|access|6[- ]digit|six[- ]digit|the|my|your) code|passcode)"
)

_RECEIVED = (
    r"(?:收到(?:的?是|的|了)?|输入?(?:的?是|的|了)?|(?<![A-Za-z])(?:(?:it|text|sms|message|e-?mail|app|which) (?:just )?(?:says?|said|reads?)|,? (?:says|said)|(?:i )?(?:just )?(?:got|received"
    r"|entered|typed|put in|tried)))\s*"
)


_END = r"(?![0-9A-Za-z])"


class Otp(Recognizer):
    entity = "OTP"
    gate = r"\d{4}|\d{3}[- ]\d{3}|\d\d[- ]\d\d[- ]\d\d|[货件]码|code|otp"
    rules = (
        ("Chinese", rf"{_ZH}[^0-9A-Za-z。?]{{0,8}}\K\d{{3}}[- ]?\d{{1,5}}(?![0-9A-Za-z])", 0.8),
        ("Chinese in pairs", rf"{_ZH}[^0-9A-Za-z。?]{{0,8}}\K\d\d[- ]\d\d[- ]\d\d{_END}", 0.8),
        (
            "shelf",
            rf"(?:取件码|提货码|取货码)[^0-9A-Za-z。?]{{0,6}}\K[A-Z\d]{{1,3}}-\d{{1,4}}(?:-\d{{1,5}})?{_END}",
            0.8,
        ),
        (
            "code received",
            rf"(?:短信|收到)[^0-9A-Za-z。?,]{{0,4}}码[^0-9A-Za-z。?,]{{0,4}}\K\d{{4,8}}{_END}",
            0.7,
        ),
        ("before", rf"(?<![0-9A-Za-z])\d{{4,8}}(?=[^0-9A-Za-z。?]{{0,6}}{_ZH})", 0.7),
        (
            "received, in doubt",
            (
                rf"{_RECEIVED}\K\d{{4,8}}(?=[, ]{{0,2}}(?:对吗|对不对|不对|用不了|无效|is (?:wrong|invalid"
                rf"|not)))"
            ),
            0.6,
        ),
        ("received", rf"{_RECEIVED}\K\d{{6}}(?![0-9A-Za-z]|\s?(?:元|块|个|件|分|yuan|points))", 0.6),
        ("English", rf"{_EN}(?:\s[a-z]+){{0,5}}\s*[:=]?\s*#?\K\d{{3}}[- ]?\d{{1,5}}(?![0-9A-Za-z])", 0.75),
        (
            "with letters",
            r"(?<![A-Za-z])(?:otp|passcode|code)(?:\s(?:is|was"
            r"|says))?\s*[:=]?\s*\K(?=[A-Z-]*\d)(?-i:[A-Z0-9]{1,4}-[A-Z0-9]{2,6}|\d[A-Z]\d{2}"
            r"|[A-Z0-9]{6})"
            r"(?![0-9A-Za-z-])",
            0.6,
        ),
        ("English before", r"(?<![0-9A-Za-z])\d{4,8}(?= (?:is|was) (?:the|my|your) (?:\w+ )?code)", 0.7),
    )
