"""Names that stand after a word which says that a name follows: 收件人, 姓名, 我叫, 患者, 我老公.

The NER knows the frequent names; a field of a form or 我叫 makes one of 江山, 方圆 or 扎西次仁 too. Its words
show where the name ends; after a name come the further ones of a list.
"""

from __future__ import annotations

from enum import IntEnum

import regex

from pipelines.mask.lac import Token
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.named_zh import NOT_PERSONS
from pipelines.mask.recognizers.surnames import COMPOUND, NOT_FAMILY, SURE_SURNAME, SURNAME
from pipelines.mask.words import words


class Cue(IntEnum):
    KIN = 0  # 我老公, 客服: a frequent family name must follow, in words that LAC does not take for others
    FIELD = 1  # 收件人, 师傅叫: a family name must follow
    FORM = 2  # 收件人:, 我叫: anything may follow that is no sentence


_FIELD = (
    r"(?:(?:收件|收货|联系|取件|寄件|发件|签收|代收|提货|付款|收款|汇款|持卡|开户|负责|经办|担保|借款|申请|投保|被保险|被保|受益"
    r"|登记|预约|报修|入住|乘机|乘车|出行|就诊|订票|预订|下单|购票|报名|监护|挂号|报案|订餐|订房|承租|出租|委托|代办|举报|投诉|参会|参赛|参保|领取|中奖|获奖|办理|接收|发货|送货|开票|收票|陪护|陪同|经手|邀请|法定代表|转账|推荐|法)人(?!均|员|数|群)|[户业房车机卡]主"
    r"|旅客|乘客|患者|病人|学员|考生|住客|户名|开户名|账户名|真实姓名|姓名|真名|本名|全名|署名|落款)"
)
_LINK = (
    r"(?:的?(?:姓名|名字))?(?:应该|就|都|一般)?(?P<link>改成|改为|换成|写成|写的?是?|填的?是?|留的?是?"
    r"|名?叫|是|为|:|\s){0,3}\s?"
)
_CALLED = (
    r"(?P<self>我|俺|名字|本人|全名|名)?(?:名叫|叫做|叫)(?!号|醒|什么|我|你|您|他|她|做|个|车|外卖|好"
    r"|停|一|几|人)\s?"
)
_KIN = (
    r"(?:老公|老婆|爱人|配偶|丈夫|妻子|儿子|女儿|孩子|宝宝|爸爸|妈妈|父亲|母亲|爷爷|奶奶|外公|外婆|哥哥|姐姐|弟弟|妹妹|同事"
    r"|朋友|室友|邻居|闺蜜|学生|客户|业务员|快递员|派件员|配送员|维修工|安装师傅|维修师傅|客服|顾问|管家|销售|专员|助理|主播)"
)
_MY = (
    r"我(?:妈|爸|爷|奶|姥姥|哥|姐|弟|妹|儿|闺女|媳妇|对象|男朋?友|女朋?友|家人|姨|舅|叔|姑|婆婆|岳父"
    r"|岳母|丈母娘)"
)
_CUES = (
    regex.compile(rf"{_FIELD}{_LINK}"),
    regex.compile(_CALLED),
    regex.compile(
        r"(?:名字|抬头)(?P<link>改成|[写填留](?![错了过完在成])的?|是|:|叫){1,2}\s?|(?P<self>留的名字?|本名)"
    ),
    regex.compile(rf"(?P<kin>我是|这是|户主是?|{_MY}|{_KIN}(?:是|叫|:)?)\s?"),
)
_LIST = regex.compile(r"\s?[、,/和跟与及]\s?|\s")
_HAN = regex.compile(r"[\u3400-\u9fff]{1,16}(?:[·•・][\u3400-\u9fff]{1,10})*")
_FIRM = regex.compile(
    r"公司|有限|集团|工厂|商行|经营部|工作室|中心|学校|医院|银行|超市|酒店|政府|协会|[店厂社所馆铺行]$|百货|科技|商贸|贸易"
)
_THING = regex.compile(
    r"[^,。!?;\n]{1,16}?的?(?:景点|景区|餐馆|餐厅|酒店|宾馆|饭店|火锅|美食|地方|店|公园|游戏|电影|歌|产品|软件|活动|项目|功能|[(])"
)
_MASKED = regex.compile(
    r"[\u3400-\u9fff][*xX]{1,2}[\u3400-\u9fff]?|[*]{1,2}[\u3400-\u9fff]{1,2}(?![\u3400-\u9fff])|[*]{1,2}[\u3400-\u9fff]"
)
_FULL = regex.compile(rf"(?!{NOT_FAMILY})(?:{COMPOUND}|{SURNAME})[\u3400-\u9fff]{{1,2}}")
_SURE = regex.compile(rf"(?!{NOT_FAMILY}){SURE_SURNAME}[\u3400-\u9fff]{{1,2}}")
_SURNAME = regex.compile(rf"(?!{NOT_FAMILY}){SURNAME}")
_NICK = regex.compile(rf"[小老阿]{SURNAME}")
# No name ends so: 李娜的, 王芳想.
_TAIL = regex.compile(
    r"(?:的|和|跟|与|及|在|想|要|吗|呢|吧|啊|哈|了|已|也|都|就|还|可|不|没|您|你|我|她|他|这|那|收|寄|买|说|先生|女士|小姐|电|住|女|男"
    r"|手机|电话|地址|身份证?|号码|联系|谢谢|麻烦|是|给|帮|来|去|到|请|写|改|,)+$"
)
_SENTENCE = regex.compile(r"[的了吗呢是不在有我你您他她这那什么怎请和与或及]")
_NOT = frozenset(words("not_answers.zh")) | frozenset(words("not_names.zh"))
_NO_NOUN = frozenset(["v", "d", "p", "c", "u", "r", "m", "q", "xc", "TIME", "f"])
_NO_NAME = _NO_NOUN | frozenset(["vn", "LOC", "ORG", "a", "ad", "t", "s"])
_NAME_LIKE = frozenset(["PER", "nz", "nr", "nw", "LOC"])


class NameCued(LocalRecognizer):
    languages = ("zh", "mixed")
    searches = tuple(cue.pattern for cue in _CUES)

    def __init__(self, language: str = "zh") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        tokens = nlp_artifacts.tokens if nlp_artifacts else []
        spans = [
            span
            for cue in _CUES
            for match in cue.finditer(text)
            for span in _names(text, tokens, match.end(), _grade(match))
        ]
        return [RecognizerResult("PERSON", start, end, 0.7) for start, end in dict.fromkeys(spans)]


def _grade(match: regex.Match[str]) -> Cue:
    groups = match.groupdict()
    if groups.get("kin"):
        return Cue.KIN
    return Cue.FORM if groups.get("link") or groups.get("self") else Cue.FIELD


def _names(text: str, tokens: list[Token], start: int, cue: Cue) -> list[tuple[int, int]]:
    """The spans of the name that begins at `start` and of those that follow it in a list."""
    found = []
    while (end := _name_end(text, tokens, start, cue)) is not None:
        found.append((start, end))
        after = _LIST.match(text, end)
        if not after:
            break
        joined = after.group().strip() in ("、", "和", "跟", "与", "及")
        start, cue = after.end(), min(cue, Cue.FIELD) if joined else Cue.KIN
    return found


def _name_end(text: str, tokens: list[Token], start: int, cue: Cue) -> int | None:
    if masked := _MASKED.match(text, start):
        return masked.end()
    run = _HAN.match(text, start)
    if not run or _FIRM.search(run.group()):
        return None
    if cue is Cue.FORM and _THING.match(text, start):
        return None
    if "·" in run.group():
        return start + len(run.group().partition("的")[0])
    end = run.end() if len(run.group()) <= 4 else _boundary(tokens, start)
    tail = _TAIL.search(text[start:end], 1)
    value = text[start : start + tail.start()] if tail else text[start:end]
    if len(value) < 2 or value in _NOT:
        return None
    whole = cue is not Cue.KIN and end == run.end()
    return (
        start + len(value)
        if _is_name(value, start, tokens, cue, end == run.end() and not tail)
        or (whole and _is_given(value, start, tokens, cue))
        else None
    )


def _boundary(tokens: list[Token], start: int) -> int:
    """The last end of a word within three characters of `start`."""
    return max((token.end for token in tokens if start + 2 <= token.end <= start + 3), default=start + 3)


def _splits(value: str, start: int, tokens: list[Token]) -> bool:
    """Whether LAC's words end behind the family name, and what follows is no word of grammar: 苟|有福."""
    inside = [token for token in tokens if start <= token.start < start + len(value)]
    family = bool(inside) and inside[0].end == start + 1 and inside[0].tag not in ("c", "p", "u", "r", "d")
    return family and all(token.tag not in ("u", "xc", "r", "p", "c", "m", "q", "f") for token in inside[1:])


def _is_name(value: str, start: int, tokens: list[Token], cue: Cue, whole: bool = False) -> bool:
    if _NICK.fullmatch(value):
        return any(token.end == start + len(value) for token in tokens)
    if (
        cue is not Cue.FORM
        and whole
        and len(value) == 3
        and _SURNAME.match(value)
        and _splits(value, start, tokens)
    ):
        return True
    one = next((token for token in tokens if (token.start, token.end) == (start, start + len(value))), None)
    if cue is Cue.FIELD and one and one.tag in ("LOC", "ORG", "TIME", "v", "vn"):
        return False
    if cue is Cue.FORM or (cue is Cue.FIELD and _SURE.fullmatch(value)):
        return _FULL.fullmatch(value) is not None
    first = next((token for token in tokens if token.start == start), None)
    if (
        cue is Cue.KIN
        and first
        and first.tag in ("n", "TIME", "v")
        and start + 1 < first.end < start + len(value)
    ):
        return False  # 班级|三
    if (cue is Cue.KIN and value in NOT_PERSONS) or not (_FULL if cue is Cue.FIELD else _SURE).fullmatch(
        value
    ):
        return False
    return not any(token.tag in _NO_NAME for token in _words(tokens, start, start + len(value)))


def _words(tokens: list[Token], start: int, end: int) -> list[Token]:
    """The words of a name, without a family name by itself: LAC calls it what it would be alone."""
    inside = [token for token in tokens if start <= token.start < end]
    lone = len(inside) > 1 and inside[0].end == start + 1 and inside[0].tag not in ("c", "p", "u", "r")
    return inside[1:] if lone else inside


def _is_given(value: str, start: int, tokens: list[Token], cue: Cue) -> bool:
    """Two to four characters that are no sentence and no noun of the trade: 扎西次仁, 晓晓妈, not 前台."""
    inside = [token for token in tokens if start <= token.start < start + len(value)]
    if not inside or len(value) > 4 or _SENTENCE.search(value):
        return False
    if cue is Cue.FIELD:
        if inside[0].tag == "PER" and value[-1] in "一二三郎子美":
            return True  # 佐藤健|一
        return len(inside) == 1 and len(value) > 2 and inside[0].tag in ("v", "nz", "nr", "PER")
    if len(inside) == 1:
        return inside[0].tag in _NAME_LIKE or (len(value) > 2 and inside[0].tag != "n")
    return not any(token.tag in _NO_NOUN for token in inside) and any(token.tag != "n" for token in inside)
