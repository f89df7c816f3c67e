"""Words beside a Chinese name that settle it where the reader only half believes in one: 户名成天朗, 简知行的快递."""

from __future__ import annotations

import regex

from pipelines.mask.recognizers.name_called_zh import TITLE
from pipelines.mask.recognizers.surnames import SURNAME
from pipelines.mask.words import words

ONE = 0.8  # so sure the reader must be of a family name by itself
_BEFORE = regex.compile(
    r"(?:(?:[收寄取联乘入][件货系住机]人|户主?名|实名|真名|本名|全名|姓名|名字|业主|患者|病人|乘客|旅客|考生|学员|学生|法人|房东|租客"
    r"|(?:我|他|她|小孩|孩子|宝宝)叫|我是|名叫|我姓|[刻祝找给寄叫喊问谢]|联系|打给|转给|交给|通知|师傅|骑手|司机|客服|顾问|管家|工程师|同学|同事"
    r"|室友|邻居|闺蜜|老公|老婆|儿子|女儿|孙子|孙女|爸爸|妈妈|爷爷|奶奶|外公|外婆|弟弟|妹妹|哥哥|姐姐|我[弟妹哥姐爸妈爷奶])"
    r"(?:应该|就)?(?:是|叫|填|写|为)?\s?[:\"“「]?|[:\"“「])$"
)
_BEHIND = regex.compile(
    r"的?(?:微信|电话|手机号?|qq|号码|工位|快递|包裹|订单|名字|身份证|账号)|(?:提|签收?|说|订|买|报|下单|付款?|拍|接|寄)的|收(?:$|[,。\s])"
    r"|先生|女士|同学|老师|师傅|[,\s]\s?\+?1[3-9]\d{9}|是我|生日快乐|[\"”」]",
    regex.IGNORECASE,
)
_FAMILY = regex.compile(SURNAME)
_TITLED = regex.compile(SURNAME + TITLE)
_ROLE = regex.compile(
    r"(?:老|小)?(?:先生|女士|小姐姐?|太太|老师|师傅|经理|主任|主管|总监|店长|站长|队长|组长|班长|院长|校长|园长|家长|护士长?|医生|大夫|律师|教授|教练"
    r"|会计|老板娘?|警官|导游|管家|工程师|同学|姑娘|阿姨|叔叔|伯伯|嫂子|大哥|大姐|大爷|大妈|大叔|大娘|奶奶|爷爷|外婆|外公|小哥|宝妈|宝爸|亲们?"
    r"|客服|骑手|快递员|司机|保安|保洁|前台|房东|租客|恩人|妹儿|老妹儿?|[我你他她]?[爸妈哥姐弟妹爷奶]|师|长|傅|工)"
)
_SPOKEN = regex.compile(r"[咗啱冇嘅佢哋唔俾畀嚟喺咁啲嘢]|清清楚楚|呵呵|哈哈|嘻嘻|嘿嘿")
_PLACES = frozenset(
    name for word in words("places.zh") for name in (word, word.rstrip("省市区县")) if name != "-"
)


def is_one(value: str, score: float) -> bool:
    """Whether one character that the reader is sure of can be a family name."""
    return score >= ONE and _FAMILY.fullmatch(value) is not None


def is_settled(text: str, start: int, end: int) -> bool:
    """Whether a word right before or behind [start, end) says that a name stands there."""
    if _TITLED.fullmatch(text, start, end):
        return True
    before = _BEFORE.search(text, max(0, start - 12), start)
    return before is not None or _BEHIND.match(text, end) is not None


def is_no_name(value: str) -> bool:
    """A role, a city or a word of Cantonese."""
    return bool(_ROLE.fullmatch(value) or _SPOKEN.search(value)) or value in _PLACES
