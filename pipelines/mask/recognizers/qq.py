"""QQ numbers: five to eleven digits, only beside the name of the service."""

from pipelines.mask.recognizers.base import Recognizer, Z

_CUE = r"(?:(?<![A-Za-z])qq?|qq|扣扣|抠抠|蔻蔻|叩叩|企鹅|球球|🐧)\s?(?:号码|账号|帐号|号|群号|群|number|id)?"


class QQ(Recognizer):
    entity = "QQ"
    gate = r"q|群|加|扣扣|抠抠|蔻蔻|叩叩|企鹅|球球|🐧"
    rules = (
        ("after", rf"{_CUE}\s*(?:也?[是为:=]|is|就是|我的是|加)?\s*:?\s*\K[1-9]\d{{4,10}}{Z}(?!@)", 0.85),
        ("group", r"(?:加群|进群|群号)[^0-9A-Za-z。?]{0,3}\K[1-9]\d{5,10}(?![0-9A-Za-z])", 0.7),
        ("added", r"(?:直接|你|我|就|好友)加\s?\K[1-9]\d{6,10}(?![0-9A-Za-z])(?!\s?[元块个件分])", 0.6),
        (
            "before",
            r"(?<![0-9A-Za-z])[1-9]\d{4,10}(?=\s?,?\s?(?:这|那)?(?:个)?是?(?:我的?)?(?:qq|扣扣))",
            0.75,
        ),
    )
