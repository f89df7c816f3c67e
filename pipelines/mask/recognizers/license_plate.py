"""Chinese licence plates: five characters, or six for new-energy cars; police, trailers, Hong Kong, Macau."""

from pipelines.mask.recognizers.base import Recognizer, Z

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_HEAD = rf"{_PROVINCE}[A-HJ-NP-Z][·•・. -]?"
_ONE = r"[A-HJ-NP-Z0-9]"


class LicensePlate(Recognizer):
    entity = "LICENSE_PLATE"
    gate = rf"{_PROVINCE} ?[A-Z]"
    rules = (
        ("five", rf"{_HEAD}(?={_ONE}*\d){_ONE}{{4}}[A-HJ-NP-Z0-9挂学警港澳]{Z}", 0.85),
        ("spelled", rf"{_PROVINCE} ?[A-HJ-NP-Z](?: {_ONE}){{5,6}}{Z}", 0.85),
        ("new energy", rf"{_HEAD}(?:[A-HJK]{_ONE}\d{{4}}(?!\d)|\d{{5}}[A-HJK]{Z})", 0.9),
    )
