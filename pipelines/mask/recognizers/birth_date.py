"""Dates of birth: a date beside a word for birth; every other date stays."""

from pipelines.mask import spoken
from pipelines.mask.recognizers.base import A, Recognizer, Z

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d{2}"
_CN = r"[一二三四五六七八九十〇零]"
_TO_9 = r"[一二三四五六七八九]"
_LUNAR = rf"(?:[正冬腊十]|十?{_TO_9})月(?:初(?:{_TO_9}|十)|[二三]?十{_TO_9}?|廿{_TO_9}?|{_TO_9})[日号]?"


class BirthDate(Recognizer):
    entity = "BIRTH_DATE"
    gate = r"生|属|宝[宝贝]|孩|儿子|女儿|小朋友|患儿|就诊人|被保险人|bir+th|born|dob|d\.o\.b|b-?day|passenger|guest|infant|child|baby|aged|19[2-9]\d|200\d"
    near = (
        r"生日|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]|出生|生于|诞生|[年月日号]生|\n生[的人]"
        r"|bir+th|born|dob|d\.o\.b|b-?day|passenger|guest|infant|child(?!ren)|baby|(?<![a-z])aged?(?![a-z])"
    )
    before, after = 60, 6
    rules = (
        ("Chinese", rf"{A}(?:{_YEAR}|\d{{2}})年{_MONTH}月{_DAY}[日号]?{Z}", 0.3),
        ("month and day", rf"{A}(?:农历|阴历|阳历)?{_MONTH}月{_DAY}[日号]?{Z}", 0.2),
        ("in Chinese numerals", rf"(?:{_CN}{{4}}年)?{_CN}{{1,2}}月(?:{_CN}{{1,3}}|初{_CN})[日号]?", 0.2),
        ("lunar", rf"(?:(?:{_CN}{{2,4}}|(?:19|20)?\d\d)年)?(?:农历|阴历|阳历)?{_LUNAR}", 0.2),
        (
            "year and month",
            rf"{A}{_YEAR}(?:年{_MONTH}月(?!\d)|[-/.]{_MONTH}(?![-/.\d])|(?:0[1-9]|1[0-2]){Z})",
            0.2,
        ),
        ("short year first", rf"{A}\d\d([-/.]){_MONTH}\1{_DAY}{Z}", 0.2),
        (
            "six or four digits",
            rf"(?:生日|出生日期|出生年月)[是为:填的]{{0,3}}\s*\K(?:\d\d)?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){Z}",
            0.6,
        ),
        ("year first", rf"{A}{_YEAR}([-/. ]){_MONTH}\1{_DAY}{Z}", 0.3),
        (
            "long ago",  # what a shop dates so is seldom older
            rf"(?<!(?:since|bought|purchased|founded|established|manufactured|built|dated|invoice"
            rf"|edition|version)[^.?!\n]{{0,20}}){A}"
            rf"(?:(?:19[2-9]\d|200[0-5])([-/.]){_MONTH}\1{_DAY}|{_DAY}([-/.]){_DAY}\2(?:19[2-9]\d"
            rf"|200[0-5])|{_DAY}(?:st|nd|rd|th)?(?: of)? {_MONTHS},? 19[2-9]\d|{_MONTHS} {_DAY}(?:st|nd|rd|th)?,? 19[2-9]\d)"
            rf"{Z}(?![-/.]\d)",
            0.55,
        ),
        ("compact", rf"{A}{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){Z}", 0.25),
        ("year last", rf"{A}{_DAY}([-/. ]){_DAY}\1(?:{_YEAR}|\d{{2}}){Z}", 0.3),
        ("day month", rf"{A}{_DAY}(?:st|nd|rd|th)?(?: of)? {_MONTHS},?(?: {_YEAR})?{Z}", 0.3),
        ("month day", rf"{A}{_MONTHS} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?{Z}", 0.3),
        ("month between dashes", rf"{A}{_DAY}[-/ ]{_MONTHS}[-/ ,]{{1,2}}(?:{_YEAR}|\d{{2}}){Z}", 0.3),
        ("spoken", spoken.DATE.pattern, 0.3),
        (
            "day and month beside the word",
            (
                rf"(?:birthday|d\.?o\.?b\.?|date of birth|born)(?: is| on| was|:)* "
                rf"\K{_DAY}[/.-]{_DAY}{Z}(?![/.-]?\d|%)"
            ),
            0.6,
        ),
        (
            "beside a child",
            rf"(?:宝宝|宝贝|孩子|小孩|儿子|女儿|小朋友|患儿|就诊人|被保险人)(?:叫|是|:)?(?:(?!的)[\u4e00-\u9fff]){{0,4}}[ ,:]{{0,2}}\K"
            rf"{_YEAR}(?:([-/.]){_MONTH}\1{_DAY}|年{_MONTH}月(?:{_DAY}[日号]?)?)(?![0-9])",
            0.6,
        ),
        ("year", rf"{A}{_YEAR}年?(?=出生|生人)", 0.2),
    )
