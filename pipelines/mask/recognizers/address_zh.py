"""Chinese addresses from the province down to the room as one span.

A regular expression finds what only an address has (a numbered house, building, unit or room, a village below
its county); from there the span grows to the left over the places that LAC names and what stands between
them, and to the right over further buildings, units, rooms and a short remark (`旁边`, `菜鸟驿站`). A city,
a district or a landmark alone is no address.
"""

from __future__ import annotations

import regex

from pipelines.mask.lac import Token
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult

_HAN = r"[\u4e00-\u9fff]"
_CN = r"[一二三四五六七八九十百零〇幺两壹贰叁肆伍陆柒捌玖拾佰]"
_NUMBER = r"(?:\d{1,5}[A-Za-z]?|[A-Za-z]\d{0,4})"
_N = rf"(?:{_NUMBER}|{_CN}{{1,5}}|[东南西北甲乙丙丁])"
_UNIT = (
    r"(?:号楼|号院|号门|号库|号|弄|栋|幢|座|单元|梯|楼层|层|楼|室|房间|房|户|门(?!岗)|组团|组|队|区|期|支弄|库(?!存)|委(?!员|托|会)"
    r"|舍|床|排|巷|馆|塔|铺|档)"
)
_STREET = r"(?:路|街|大道|道|巷|弄|胡同|里|街道|大街|横街|坊|桥头|[东西南北]线|国道|省道|公路)"
_VILLAGE = r"(?:村|屯|庄|寨|社区|居委会|大队|嘎查|镇|乡|苏木)"
_ESTATE = (
    r"(?:小区|花园|花苑|公寓|大厦|广场|家园|新村|新城|名城|国际|中心|商务楼|写字楼|宿舍楼?|公馆|山庄|豪庭|园区|校区|院区"
    r"|软件园|科技园|科学园|产业园|工业园|创意园|家属院|大院|苑|园|府|庭|轩|阁|居|邸|湾|城|台|薹|里|坊|世家|名邸|别墅|社区"
    r"|大学|学院|学校|中学|邨|小学|幼儿园|医院|酒店|宾馆|江南|春江|香榭|半岛|国贸|soho|商厦|商城|市场|工厂|厂|基地|楼盘|雅居"
    r"|住院部|门诊部|教学楼|实验楼|办公楼|主楼|宿舍区)"
)
_NO_COUNT = (
    r"(?![\d]|\s?(?:元|个|件|块|天|点|月|日|年|只|套|份|斤|公斤|分|岁|米|期|码|寸|万|%|ml|kg|[:.]\d|-\d{5}))"
)
_SECTION = r"(?:[一二三四五六七八九东南西北中]段)?"
# No part of an address: it ends the growth to either side.
_STOP = (
    r"我|你|您|他|她|它|的|了|吗|呢|吧|啊|请|谢|送|寄|收|电话|手机|联系|麻烦|改|快递|帮|叫|是|把|给|不|这|号码|订单|邮编|姓|怎么"
    r"|什么|要|想|还|也|就|都|能|可以|到|发货|包邮|多|几|没|有"
)
# These characters stand in names of places too: 都市森林, 理想城, 能源路.
_STOP = (
    _STOP.replace("|都|", r"|都(?![市会城汇荟江匀昌安兰])(?<![成首新花江丰于宜武]都)|")
    .replace("|想|", r"|想(?<![理梦联思]想)|")
    .replace("|吧|", r"|吧(?<![酒网]吧)|")
    .replace("|谢|", r"|谢(?![家岗村])|")
    .replace("|能|", r"|能(?![源达建])(?<![智新]能)|")
    .replace("|多|", r"|多(?!伦)|")
)
STOP = regex.compile(_STOP)
_WORD = rf"(?:(?!{_STOP})[\u4e00-\u9fffA-Za-z])"
_PLAIN = rf"(?:(?!{_STOP})[\u4e00-\u9fffA-Za-z0-9])"
_BRIDGE_STOP = (
    r"周边|景点|价格|营业|有|离|我|你|您|的|了|吗|呢|吧|请|送|寄|收|电话|手机|联系|快递|发货|发到"
    r"|去|是"
)
_NAMED = rf"(?:(?!{_BRIDGE_STOP})[\u4e00-\u9fffA-Za-z])"
_NO_TAIL = r"装|修|漏|取|查|办|换|退|补|充|开|今|明|后天|上午|下午|晚|周|星期|放|等|先生|女士|小姐"
_TAIL = rf"(?<=[号路街层院段心厦场店])(?:(?!{_STOP}|{_NO_TAIL}){_HAN}){{1,8}}(?=$|[^\u4e00-\u9fff])"
_REMARK = (
    r"(?:旁边?|对面|附近|隔壁|楼下|门口|后面|前台|保安室|保安亭|门卫室?|传达室|收发室|驿站|快递柜|丰巢柜?|护士站|大厅|大堂|架空层|物业|门岗|岗亭|(?:地下)?(?:停车场|车库)|地库|自提点|代收点|超市|便利店|小卖部|卫生队"
    r"|(?:东|南|西|北|正|后|侧|大)门|[东南西北]侧|首层)"
)
# The part that only an address has.
_ANCHOR = regex.compile(
    rf"(?:{_STREET}{_SECTION}[ ]?(?:\d{{1,5}}(?:-\d{{1,4}})?|{_CN}{{1,4}})[ ]?(?:号|弄|巷)"
    rf"|{_ESTATE}[ ,]?(?:[一二三四五六七八九十东南西北A-Za-z]区|[一二三四五六\d]期|{_CN}组团)?[ ,]?"
    rf"{_N}[ ]?(?:-{_N})*(?:号楼|栋|幢|座|单元|号|楼|室|层|舍|床)"
    rf"|{_ESTATE}[ ,]?[A-Za-z]?\d{{1,3}}-\d{{1,3}}(?:-\d{{1,4}})?(?![0-9A-Za-z-])"
    rf"|(?<=[期区座])[A-Za-z]?\d{{1,3}}-\d{{1,2}}-(?!(?:19|20)\d\d)\d{{3,4}}(?![0-9A-Za-z-])"
    rf"|^\d{{1,2}}-\d{{1,2}}-(?!(?:19|20)\d\d)\d{{3,4}}(?={_HAN}|[ ,。]|$)"
    rf"|(?<![0-9A-Za-z])(?:[A-Z东南西北]|{_CN}{{1,3}}|\d)区\s?(?:\d{{1,3}}|{_CN}{{1,4}})(?:号楼|栋|幢|座)"
    r"|(?:市场|商城|商厦|广场|大厦|国际城|商贸城)[A-Za-z]\d{3,4}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z]){_N}\s?(?:栋|幢|号楼)\s?(?:{_N}\s?单元)?\s?{_N}{_NO_COUNT}"
    rf"|(?<![0-9A-Za-z]){_NUMBER}\s?座\s?\d{{3,4}}{_NO_COUNT}|{_CN}舍\s?\d{{3}}(?!\d)|[一二三四五六\d]期\d{{1,2}}层"
    rf"|{_N}\s?单元\s?{_N}"
    rf"|(?:村|屯|镇|乡)\s?(?:\d{{1,3}}|{_CN}{{1,3}})\s?(?:组|队|号|社)"
    rf"|(?<=[区县市旗州])(?P<town>(?:(?![的家下面去人种里到和是]){_HAN}){{1,7}}(?<![城家老故])(?:镇|乡|苏木)(?:{_HAN}{{1,7}}(?:村|屯|庄|寨|社区|大队|嘎查))?)"
    rf"|(?<=镇|乡|街道|街办|办事处)[ ]?{_HAN}{{1,7}}(?:村|屯|庄|寨|社区)(?!口|民|里)"
    rf"|(?<=区|县|市|镇|乡|街道)(?:(?![的了是城里]){_HAN}){{1,7}}(?:路|街|大道|巷|弄|胡同|大街)(?:[东西南北中]段)?(?=$|[^\u4e00-\u9fff0-9]|的|附近)"
    rf"|(?<=区|县|市|镇|乡|街道){_HAN}{{1,9}}(?:{_ESTATE})\d{{1,4}}{_NO_COUNT}"
    rf"|(?:(?![就是在到我的往]){_HAN}){{1,6}}(?:路|街|大道)[和与]?{_HAN}{{1,6}}(?:路|街|大道)(?:交叉|路)口(?:[往向]?[东南西北]{{1,2}}\d{{1,4}}米)?(?:路[东南西北])?"
    rf"|国道{_HAN}{{0,6}}?\d{{1,4}}号|(?:酒店|宾馆|公寓|大厦|宿舍){_NUMBER}(?<=\d{{3,4}}){_NO_COUNT}"
    rf"|(?<=[区县])(?:(?!{_STOP}){_HAN}){{2,10}}\d{{1,3}}(?:楼|层|号)"
    r"|\d{1,3}号(?:宿舍楼?|公寓楼?|教学楼|实验楼|办公楼|厂房|仓库|车间|商铺|铺面)"
    r"|\d{1,3}(?:号楼|栋|幢)(?=大厅|大堂|门口|楼下|前台|架空层|丰巢|快递柜|自提柜|驿站|门卫|保安)"
    rf"|(?:{_CN}区|花园|家园|公寓|苑)(?:菜鸟)?(?:驿站|快递柜|丰巢柜?)"
    rf"|(?<={_HAN}|[A-Za-z])(?:(?<!\d)\d{{3,4}}|\d{{1,2}}-\d{{2,4}})(?:室|房(?![间型价产租]))|(?:室"
    rf"|楼|层|房间|房号|宿舍)[ ]?(?<!\d)\d{{2,5}}(?:室|号|房(?![间型价产租]))"
    rf"|(?:路|街|巷|弄|胡同|里)(?:(?![上有的在和边口走去到买这那就第]){_HAN}){{0,4}}[甲乙丙]?\d{{1,4}}号(?!线|色|码|机|链|店|{_CN})"
    rf"|(?:[社组街屯庄寨堡坪坝湾沟岭岗桥邨])[ ]?\d{{1,4}}号(?!线)"
    rf"|(?:医院|[一二三四五六附]院|门诊部?|住院部|写字楼|图书馆|教学楼|办公楼|宿舍楼?){_HAN}{{0,3}}?(?:\d{{1,2}}|{_CN}{{1,3}})(?:楼|层)"
    rf"|(?<={_HAN})[A-Za-z\d]{{1,3}}[ ]?(?:座|栋|幢|号楼)[ ]?(?:\d{{1,2}}|{_CN}{{1,3}})(?:楼|层"
    rf"|F(?![A-Za-z]))"
    rf"|(?:塔|座|栋|幢)[ ]?[A-Za-z\d][ ]\d{{3,4}}{_NO_COUNT}"
    r"|(?<=我住|住在|入住|住的)\d{3,4}(?=$|[,。房室的])"
    r"|\d{5}部队)",
    regex.IGNORECASE,
)
_RIGHT = regex.compile(
    rf"{_UNIT}?(?:[ ,-]{{0,2}}[第附]?{_N}[ ]?{_UNIT}(?!\d*元)"
    rf"|[ ]?\d{{1,3}}-[A-Za-z]?\d{{2,4}}(?![\d-])|[A-Z]\d{{0,4}}(?![0-9A-Za-z-])|[ ]?(?:[A-Z]\d{{1,3}}(?:-\d{{1,4}}){{1,3}}|\d{{1,3}}(?:-\d{{1,4}}){{2,3}})(?![\d-])"
    r"|(?<=[东南西北中])[边手侧]?[户面](?![\u4e00-\u9fff])"
    rf"|[ -]?\d{{2,5}}[A-Za-z]?{_NO_COUNT}|[ -]{{0,2}}\d{{1,3}}(?=-\d{{1,4}}(?![\d-]))|-{_NUMBER}(?!\d)"
    rf"|{_CN}{{2,4}}(?={_STOP}|$|[^\u4e00-\u9fff])"
    rf"|[ ,]?{_NAMED}{{0,12}}?{_ESTATE}(?=[ ,]?第?{_N}|$|[^\u4e00-\u9fff]|{_STOP}|{_WORD}{{0,6}}{_REMARK})"
    rf"|{_PLAIN}{{1,8}}?(?:栋|幢|号楼|单元|大厦|公寓)"
    rf"|{_WORD}{{1,8}}?{_STREET}(?=\d|{_CN}+[号弄幢栋])"
    rf"|(?<=村|庄|屯|号|楼|层|院){_WORD}{{1,6}}(?:组|站|部|科|室|店|队|厅)(?=$|[^\u4e00-\u9fff])"
    rf"|{_WORD}{{0,8}}?{_REMARK}|[*]{{2,}}"
    rf"|[之附]\d{{1,3}}|[底顶]楼|[ ,]?{_WORD}{{0,12}}?(?:社|组|队|街|巷|楼|馆|舍|部|苑"
    rf"|店)[ ]?\d{{1,4}}(?:-\d{{1,4}}){{0,2}}{_NO_COUNT}(?:号|室|房|分队)?"
    rf"|[东南西北左右中](?:手|侧)?(?:边|户|面|首|手){{0,2}}(?=$|[^\u4e00-\u9fff]|{_STOP})"
    rf"|(?:(?!{_NO_TAIL}){_WORD}){{1,12}}?(?:客栈|民宿|店|超市|公司|餐厅|科|室|部|厅|台|处|中心|局|医院|院|所|队|厂|库|学校|幼儿园)"
    rf"(?=$|[^\u4e00-\u9fff]|{_STOP}))*(?:{_TAIL}(?:{_NUMBER}{_UNIT})*)?(?:[(][^()]{{1,14}}[)])?",
    regex.IGNORECASE,
)
# Words at the left end that are no part of an address though LAC may tag them so.
_LEAD = regex.compile(
    r"(?:.*?(?:地址|住址|寄到|送到|发到|寄往|寄给|送至|寄至|改到|改成|改为|改派到|换成|换到|位于|家住|搬到|搬去|收货|邮寄|配送|住在|家在"
    r"|[:]))?(?:就?[在到是为往给至放送寄住]|公司|新的|还是)*[\s:]*",
    regex.DOTALL,
)
# What leads from a word for an address to the found part: 安装地址就在 + 朝阳大悦城后面那个.
_LED = regex.compile(
    r"(?:地址|住址|[寄送发派改搬配](?:送|货|件)?到|送至|寄至|寄往|住在|我住|家住|家在|位于|(?<=还是|直接|就|请|请问|,|^)[送寄放](?![到货达件给]))(?:就?[在是为到]|改成|改为|换成|填|写)*\s?:?\s?"
    r"(?P<gap>[\u4e00-\u9fffA-Za-z0-9 ]{1,16})$"
)
_DEVELOPER = regex.compile(
    r"(?:招商|万科|绿地|保利|中海|龙湖|恒大|融创|华润|绿城|金地|世茂|远洋|首创|金科|旭辉|富力|雅居乐|中南|建业|正荣"
    r"|万达|金茂|中梁|荣盛|卓越|越秀|佳兆业|中建|中铁|电建|城投)$"
)
# A place without a number, where a word says that something is sent or somebody lives there.
_SENT_TO = regex.compile(
    r"(?:地址(?:是|:|为|在)*|住址(?:是|:)?|[寄送发配](?:送|货|件)?[到至往]|放(?:到|在)?|我?(?:家?住|家)在?|改到|搬到)\s?"
    rf"(?P<place>{_PLAIN}{{2,24}}?(?:路口|街口|巷口|村口|桥头|对面|旁边?|后面|隔壁|楼上|楼下|门口|[东西南北]门|驿站|快递柜"
    rf"|便利店|卫生[院室所]|[村居]委会|家属院|宿舍|大院|铁门|[一二三四五六七八九]号|家园|花园|花苑|公寓)"
    rf"(?:(?!{_STOP}|{_NO_TAIL})[\u4e00-\u9fffA-Za-z0-9]){{0,10}}(?:[(]{_PLAIN}{{2,16}}[)])?)(?=$|[^\u4e00-\u9fff]|{_STOP})"
)
_GENERIC = regex.compile(
    r"小区|单位|公司|学校|宿舍|公寓|家里?|楼[上下]|门口|[大东西南北前后正]门|前台|菜鸟|丰巢|兔喜|妈妈|驿站|快递柜|便利店|超市|门卫|保安|物业|旁边?|对面"
    r"|后面|隔壁|最近|附近|原来|老|新|代收点?|自提点?|隔|客户|医院|酒店|店|附|一楼|单元|花园|路口|村口|上|下|在|到|去"
)
_REGION = regex.compile(r"[省市区县州旗镇乡]")
_LONG_NUMBER = regex.compile(r"\d{6}")
_PLACE = regex.compile(
    rf"{_HAN}*(?:[省市区县旗州盟镇乡村]|街道|自治区|地区|{_STREET}|{_ESTATE})$|{_N}?{_UNIT}$"
)
_TAGS = {"LOC", "ORG", "nz", "ns", "nt", "s", "m", "f"}
_NEVER = {"v", "p", "c", "r", "u", "d", "vd", "xc", "t", "TIME"}
MAX_GAP = 8  # characters between two places of one address that LAC does not know


class AddressZh(LocalRecognizer):
    def __init__(self, language: str = "zh") -> None:
        super().__init__(["ADDRESS"], name=type(self).__name__, supported_language=language)

    languages = ("zh", "mixed")
    searches = (_ANCHOR.pattern,)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        tokens = nlp_artifacts.tokens if nlp_artifacts else []
        results: list[RecognizerResult] = []
        end = 0
        for anchor in _ANCHOR.finditer(text):
            if anchor.end() <= end:
                continue
            start = grow_left(text, tokens, anchor.start(), end)
            if anchor["town"] and not _in_a_region(tokens, start, anchor.start()):
                continue
            match = _RIGHT.match(text, anchor.end())
            end = max(anchor.end(), match.end() if match else 0)
            end = start + len(text[start:end].rstrip(" ,-"))
            results.append(RecognizerResult("ADDRESS", start, end, _score(text[start:end])))
        results += _sent_to(text, results)
        return _joined(sorted(results, key=lambda result: result.start), text)


def _sent_to(text: str, found: list[RecognizerResult]) -> list[RecognizerResult]:
    """`送到老街口卫生院对面蓝色铁门`: named by more than words for any place."""
    places = [match.span("place") for match in _SENT_TO.finditer(text)]
    return [
        RecognizerResult("ADDRESS", start, end, 0.6)
        for start, end in places
        if len(_GENERIC.sub("", text[start:end])) > 1
        and not any(start < other.end and other.start < end for other in found)
    ]


def _in_a_region(tokens: list[Token], start: int, town: int) -> bool:
    """Whether LAC names a place before the town: a town is an address only below its county."""
    return any(token.tag == "LOC" and start <= token.start < town for token in tokens)


_MOBILE = regex.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")


def grow_left(text: str, tokens: list[Token], anchor: int, floor: int) -> int:
    """Where the address that holds `anchor` begins: over LAC's words that name places, not before `floor`."""
    start = anchor
    for token in reversed([token for token in tokens if floor <= token.start < anchor]):
        word = text[token.start : min(token.end, anchor)]
        gap = text[token.end : start]
        named = token.tag in ("LOC", "ORG") and _bridges(gap)
        if named or (token.end >= start and _belongs(word, token, anchor)):
            start = token.start
        elif start - token.start > MAX_GAP + 6:
            break
    if developer := _DEVELOPER.search(text, floor, start):
        start = developer.start()
    return _trimmed(text, start, anchor, floor)


def _bridges(gap: str) -> bool:
    """Whether `gap` between two places is part of the address: 多来特巴格, and not `寄到`."""
    return len(gap) <= MAX_GAP and not regex.search(
        rf"[^\u4e00-\u9fffA-Za-z0-9 -]|\d{{6}}|{_BRIDGE_STOP}", gap
    )


def _belongs(word: str, token: Token, anchor: int) -> bool:
    if token.end > anchor:  # the word that the anchor cuts
        return token.tag not in ("p", "r", "u", "c")
    if word in (" ", "-") or _LONG_NUMBER.search(word):
        return word in (" ", "-")
    if token.end == anchor and token.tag in ("a", "n", "nw", "PER", "an") and not STOP.search(word):
        return True  # 幸福 + 小区
    return token.tag in _TAGS or (token.tag not in _NEVER and _PLACE.match(word) is not None)


def _trimmed(text: str, start: int, anchor: int, floor: int) -> int:
    """`start` without a leading `寄到`, or moved back to where a word for an address leads."""
    led = _LED.search(text, floor, start)
    if led and not STOP.search(led["gap"].replace("的", "").replace("后面那个", "")):
        start = led.start("gap")
    region = _REGION.search(text, start, anchor)
    lead = _LEAD.match(text, start, min(anchor, region.start() if region else anchor))
    start = lead.end() if lead else start
    phone = _MOBILE.match(text, start, anchor)
    start = phone.end() if phone else start
    while start < anchor and text[start] in " ,:-\n":
        start += 1
    return start


def _score(value: str) -> float:
    return 0.9 if len(value) >= 8 else 0.7


def _joined(results: list[RecognizerResult], text: str) -> list[RecognizerResult]:
    """Neighbours with nothing but a comma, a space or a place between them are one address."""
    joined: list[RecognizerResult] = []
    for result in results:
        gap = text[joined[-1].end : result.start].strip(" ,") if joined else ""
        if joined and _bridges(gap) and not STOP.search(gap):
            joined[-1].end, joined[-1].score = result.end, max(joined[-1].score, result.score)
        else:
            joined.append(result)
    return joined
