"""One-time codes said in the chat."""

from pipelines.mask.recognizers.base import Recognizer

_ZH = r"(?:验证码|校验码|动态码|动态密码|激活码|取件码|提货码|短信码)"
_EN = (
    r"(?<![A-Za-z])(?:otp|one[- ]time (?:code|password|passcode)|(?:verification|confirmation|sms|login|text"
    r"|auth(?:entication)?|access|6[- ]digit|six[- ]digit|the|my|your) code|passcode)"
)


class Otp(Recognizer):
    entity = "OTP"
    gate = r"\d{4}|\d{3}[- ]\d{3}"
    rules = (
        ("Chinese", rf"{_ZH}[^0-9A-Za-z。?]{{0,8}}\K\d{{3}}[- ]?\d{{1,5}}(?![0-9A-Za-z])", 0.8),
        ("before", rf"(?<![0-9A-Za-z])\d{{4,8}}(?=[^0-9A-Za-z。?]{{0,6}}{_ZH})", 0.7),
        ("English", rf"{_EN}(?:\s[a-z]+){{0,5}}\s*[:=]?\s*#?\K\d{{3}}[- ]?\d{{1,5}}(?![0-9A-Za-z])", 0.75),
        ("English before", r"(?<![0-9A-Za-z])\d{4,8}(?= (?:is|was) (?:the|my|your) (?:\w+ )?code)", 0.7),
    )
