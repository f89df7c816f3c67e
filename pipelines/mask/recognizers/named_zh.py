"""Which of the persons that the Chinese NER marks is one: brands, heroes of tales and shop names are none."""

from __future__ import annotations

import regex

from pipelines.mask.recognizers.surnames import COMPOUND, NOT_FAMILY, SURNAME
from pipelines.mask.words import words

NOT_PERSONS = frozenset(words("not_persons.zh"))
_MARKED = regex.compile(
    rf"(?!{NOT_FAMILY})[\u3400-\u9fff]{{2,}}?(?:[·•・][\u3400-\u9fff]+)*(?=您好|你好|$"
    rf"|[^\u3400-\u9fff·•・])"
)
_FAMILY_AND_GIVEN = regex.compile(
    rf"(?:{COMPOUND}|{SURNAME}{SURNAME}|{SURNAME})[\u3400-\u9fff]{{1,2}}|[小阿老大][\u3400-\u9fff]{{1,2}}"
    r"|[\u3400-\u9fff]{2}[妈爸姐哥叔姨]"
)
# What follows makes a place or a thing of the shop of a name: 周杰伦演唱会, 纪晓岚故居, 科比同款.
_OF_A_THING = regex.compile(
    r"[^,。!?;\n]{0,2}?(?:同款|代言|联名|演唱会|签名|周边|手办|专场|专辑|直播间|公仔|皮肤|的书|的诗|的歌|的戏|[选全文诗]集|诗选)"
    r"|(?:传(?!真)|故居|纪念馆|陵园|大?剧院|公园|大学|中学|小学|医院|雕像|蜡像|大?酒店|路|街|大道|牌|氏|记|[0-9一二三四五六七]代|剪刀|菜刀"
    r"|球鞋|跑鞋|运动鞋|出行|专卖|旗舰|豆腐|鸡|鸭|鱼|肉|酒|茶|饼|面|麻辣烫|大虾|烧鹅|火锅|烤|奶茶|酱|高科|瓷砖|家居|沙发|床垫|橱柜)"
)
# A shop or a sight that bears a name: 白魁老号饭庄(交道口店), (杨林店), 张坊古战道.
_SHOP = regex.compile(
    r"[\u3400-\u9fff·]{0,6}?(?:\([^()]{1,12}店\)|店\)|饭庄|饭店|餐厅|餐馆|食堂|烤肉|火锅|火烧|一锅|茶馆|酒楼|酒店|奶酪|蛋糕|大舞台|古战道|胡同"
    r"|农园|家庭农场|艺术中心|美食|自助|料理|烧烤|小吃|海鲜|老号|排骨|羊肉|牛肉|私房菜|景区|风景区|博物馆|美术馆|纪念堂)"
)
_FOOD = regex.compile(r".{1,3}[汤茶酒醋面饼鸡鸭糕糖酱粥饭粉肉油虾蟹锅]")
_PLATE = regex.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5}")
_CALLED_UP = regex.compile(rf"[大小老阿]{SURNAME}[来去说那给帮在回打过送修装接问]")
_TITLE_WORK = regex.compile(r"《[^》]*$")
_CUE = regex.compile(
    r"(?:叫|是|找|给|让|请|跟|由|写|填|换成|改成|客服|管家|专员|顾问|师傅|骑手|老公|老婆|儿子|女儿|孩子|宝宝|同学|同事|朋友"
    r"|[一-鿿]人|姓名|名字|名|您好|你好|好的|谢谢|感谢|联系)\s*[:,]?\s*$"
)
_CALLED = regex.compile(r"\s*(?:您好|你好|收(?![一-鿿])|先生|女士|小姐|老师|,?\s*\+?1[3-9]\d{9})")


def person(text: str, start: int, end: int) -> tuple[int, int] | None:
    """[start, end) of the person within what the NER marked; None if it is none."""
    match = _MARKED.search(text, start, end)
    if not match or _TITLE_WORK.search(text, max(0, match.start() - 30), match.start()):
        return None
    cued = _CUE.search(text, max(0, match.start() - 8), match.start()) or _CALLED.match(text, match.end())
    if match.group() in NOT_PERSONS and _OF_A_THING.match(text, match.end()):
        return None
    if not cued and (
        _FOOD.fullmatch(match.group())
        or _is_known(match.group(), text, match.start())
        or _OF_A_THING.match(text, match.end())
        or _SHOP.match(text, match.end())
    ):
        return None
    if _PLATE.match(text, match.end() - 1):
        return None
    if _CALLED_UP.fullmatch(match.group()):
        return match.start(), match.end() - 1
    plain = "·" in match.group() or _FAMILY_AND_GIVEN.fullmatch(match.group())
    alone = len(match.group()) == len(text.strip()) and len(text) <= 4
    return match.span() if cued or plain or alone else None


def is_of_a_thing(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is known as a brand or a figure, or what follows makes a thing of it."""
    return bool(
        _is_known(text[start:end], text, start) or _OF_A_THING.match(text, end) or _SHOP.match(text, end)
    )


def _is_known(value: str, text: str, start: int) -> bool:
    """Of the list, a word of it and what it qualifies (张飞牛肉), or what the NER cuts of it (毛戈|平)."""
    if value in NOT_PERSONS or any(value[:length] in NOT_PERSONS for length in range(2, len(value) - 1)):
        return True
    return any(text[start : start + length] in NOT_PERSONS for length in range(len(value) + 1, 7))
