"""Chinese names that a cue or a title gives away, also where the NER does not see them."""

from types import MappingProxyType

from pipelines.mask.presidio import NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.base import A, Recognizer
from pipelines.mask.recognizers.named_zh import NOT_PERSONS
from pipelines.mask.recognizers.surnames import (
    COMPOUND,
    NOT_FAMILY,
    PINYIN,
    PINYIN_CAPITALS,
    SURE_SURNAME,
    SURNAME,
)

_TITLE = (
    r"(?:先生|女士|小姐(?!姐)|太太|夫人|老师|师傅|(?:设计|工程|摄影|化妆|造型|发型|理发|美容|美甲|培训|咨询|营养|药剂|按摩|评估|规划|分析|会计|厨|技|药|导)师|掌柜|督导|辅导员|园长|队长|船长|机长|司机|阿婆|阿公|经理|主管|主任|总监|总经理|总(?=$|[^\u4e00-\u9fff]|您|你|好"
    r"|在|说|让|这|那)|[站店班院校队组科处局所行部村镇会]长|书记|医生|大夫|护士|医师|律师|教授|教练|顾问|助理|秘书|会计"
    r"|老板|同学|同志|警官|导游|阿姨|叔叔|伯伯|大哥|大姐|大爷|大妈|大叔|大娘|奶奶|爷爷|姑娘|小哥|嫂子?|哥(?!们|哥)"
    r"|(?<!姐)姐(?!妹|姐)|叔(?!叔)|姨|婶|工(?=$|[^\u4e00-\u9fff]))"
)
_FIELD = r"(?:收件人|收货人|联系人|收件|收货|寄件人|持卡人|户名|开户名|姓名|名字|真名|全名)(?:姓名|名字)?"
_SAID = rf"(?:我叫|名叫|叫做|{_FIELD}\s*(?:(?:改成|改为|换成|写成|写|填|是|为|叫|:)\s*:?|[\s]+))"
_BARE = rf"(?:本人|{_FIELD})"
_HAN = r"[\u4e00-\u9fff]"
_GIVEN = r"(?:(?![的了是个在和跟与请找让给叫问您你我他她这那有没不就都也位名])[\u4e00-\u9fff])"
_OF_SMALL = r"[米麦白金包车方毛熊牛龙石马花鹿羊时红黄区路店票程件孩家公师板年乡]"
_STOP = (
    r"(?=$|[^\u4e00-\u9fff]|电话|手机|号码|地址|住|的|是|身份|收|行吗|可以|想|要|买|在|联系|这|那|您|你|麻烦"
    r"|谢谢|吧|啊|哈|呢|了|,)"
)
# A name with a dot may hold 买 or 提: only these end it.
_DOT_STOP = (
    r"(?=$|[^\u4e00-\u9fff]|电话|手机|号码|地址|住|的|是|身份|收|在"
    r"|吧|吗|啊|呢|了|哈|这|那|您|你|先生|女士|小姐|挂号|麻烦|谢谢|和|跟|想|要|预订|预约)"
)
_WORKERS = r"(?:护工|月嫂|保姆|阿姨|保洁|客服|管家|顾问|技师|师傅|老师|店长|骑手|司机|教练|医生|护士|主播|导购|前台|业务员|快递员|专员|经理|同事)"
_TWICE = (
    r"([菲佳莉丽娜婷媛圆萌倩晶露琪琳玲芳雯薇蕾莎糖豆朵果优悠笑阳洋涛凯强伟磊鹏浩轩晨辰宁欢静敏珊瑶妍思])\1"
)
_CHAR = r"(?![的了吗是])[\u4e00-\u9fff]"
_KIN_CHARS = "爸妈爷奶姥哥姐弟妹叔伯舅姑婶嫂公婆宝亲"
_NOT_SERVING = (
    r"[\u4e00-\u9fff]{0,2}(?:好|亲|感谢|我们|继续|客服|人工|随时|可以|马上|优先|全程|立即|尽快|服务"
    r"|专员|这边|稍后|无法|再次|能够|就|会|由|已|能|再|先|来|在|很|高兴|竭诚|将)"
)
_GIVEN_PINYIN = r"[A-Z](?:[a-z]{1,11}|[A-Z]{1,11})(?:[ -][A-Z][a-z]{1,5})?"


_LEADS = "找请叫给让问跟的那好和与是为帮我你您姓"  # LAC may join one of these to a family name
_BEFORE_A_WORD = ("holds it", "takes it")  # what begins with a word of LAC is no name there: 海关|要
UNSURE = 0.6  # a rule of at most this score yields to the words of the NER
_TITLE_CHARS = r"[生士姐爸太夫师傅理管任监总长记授练问书计板学志官游姨叔伯哥爷妈娘奶嫂婶工]"


class NameZh(Recognizer):
    """A title stays in the span: `王女士` is one finding."""

    entity = "PERSON"
    needs = MappingProxyType(
        {
            **dict.fromkeys(("said", "field"), _HAN),
            **dict.fromkeys(("title", "compound and title", "rare family name and title"), _TITLE_CHARS),
            **dict.fromkeys(("given name and title",), "[士生]"),
            **dict.fromkeys(("given name and 姐", "worker and given name"), "[姐哥总叔姨嫂]"),
            "family name": "姓",
            "nickname": "[小老阿]",
            "nickname and Latin": "[小老阿][A-Z]",
            "the own character explained": "的",
            "child and parent": "[妈爸爷奶家同小]",
            "birthday": "生日快乐",
            "said twice": _TWICE,
            "taken at the end": "收",
            "said to be one": "名",
            "half hidden": r"[*]",
            "serves you": "为您",
            "holds it": "证|电话|手机|[医社]保",
            "takes it": "收",
            "between numbers": rf"\d[ ,]{{1,2}}{_HAN}",
            "beside a number": rf"{_HAN}[,\s]\s*\+?\d",
            "after a number": rf"\d[,\s]\s?{_HAN}",
            "spaced": rf"{_HAN} {_HAN}",
            "middle dot": r"[·•・]",
        }
    )
    gate = r"[\u4e00-\u9fff]|[A-Z]"
    rules = (
        (
            "beside a number",
            rf"(?:^|(?<=[,;\s]))(?!{NOT_FAMILY}){SURE_SURNAME}{_HAN}{{1,2}}?"
            r"(?=收?[,\s]\s*\+?\d[\d -]{6})",
            0.6,
        ),
        (
            "after a number",
            (rf"(?<=\d{{4}}[,\s])\s?(?!{NOT_FAMILY}){SURE_SURNAME}{_HAN}{{1,2}}(?=$|[,。;\s])"),
            0.55,
        ),
        (
            "between numbers",
            rf"(?<=\d{{4,6}}[ ,]{{1,2}}){SURNAME}{_HAN}{{1,2}}(?=[ ,]{{1,2}}1[3-9]\d)",
            0.7,
        ),
        (
            "title",
            rf"(?<![这那该某各位名谢])(?!{NOT_FAMILY})(?:{SURE_SURNAME}{_GIVEN}{{0,2}}?)(?<!这位|那位"
            rf"|[这那哪]个)(?:{_TITLE})",
            0.6,
        ),
        (
            "rare family name and title",
            r"(?:^|(?<=[,。!:\s])|您好|你好|好的|请|找|是|给|帮|转|喊|问|让|跟|谢谢|感谢|联系|打俾|打给|致电|骑手|司机|快递员|[组科班院部队室])\K"
            r"(?![和都是那有全来可能就在为因与公前但要对老小大女男祝])"
            rf"(?!{NOT_FAMILY}|康师傅){SURNAME}(?:先生|女士|小姐(?!姐)|太太|老师|师傅|主任|经理|医生|教练|律师|教授|爸爸|妈妈|爸|妈|家长|太(?![\u4e00-\u9fff]))(?![们])",
            0.66,
        ),
        (
            "given name and 姐",
            rf"(?:^|(?<=[,。!:\s])|找|谢谢|联系|是|问)\K(?![小大表堂学师帅老的空这那几二三哪个哥姐])(?!{NOT_FAMILY}){_GIVEN}(?:姐|哥|总)"
            r"(?=在|您|你|好|[,!]|$|吗|帮|给|会|已|说|今|明|马|来)",
            0.55,
        ),
        (
            "worker and given name",  # 护工秀姐
            rf"{_WORKERS}\K(?![小大表堂学师帅的空这那几二三哪个哥姐们])(?!{NOT_FAMILY}){_GIVEN}(?:姐(?!姐|妹)|哥(?!哥|们)|叔(?!叔)|姨|嫂)",
            0.65,
        ),
        ("compound and title", rf"{COMPOUND}(?:{_TITLE})", 0.9),
        ("said", rf"{_SAID}\K{SURNAME}\s?{_HAN}(?:\s?{_HAN})??(?! {_HAN}(?!{_HAN})){_STOP}", 0.8),
        ("only the family name", rf"\A(?:你?好?,?我是|我姓)\K{SURNAME}(?=\s*[,。!]?\s*\Z)", 0.7),
        ("Latin and Han", rf"(?-i:{A}[A-Z][a-z]+) ?{SURE_SURNAME}(?!{_HAN})", 0.6),
        (
            "takes it",
            rf"(?:写|填|给|交|寄|^|[,。\s])\K(?!{NOT_FAMILY}){SURNAME}{_GIVEN}{{1,2}}(?=收(?:件|货|就|吧|即可|[,。\s]|$))",
            0.6,
        ),
        (
            "serves you",
            rf"(?:^|[,。!:\s]|我是|客服|专员|助理|管家|顾问)\K(?!{_NOT_SERVING}){_HAN}{{2,3}}(?=,?(?:很?高兴|竭诚|将|来)?为您(?:服务|解答|处理))",
            0.6,
        ),
        (
            "holds it",
            rf"(?:^|[,。、\s和]|帮)\K(?!{NOT_FAMILY}){SURNAME}{_GIVEN}{{1,2}}"
            r"(?=的?(?:通行证|身份证|护照|证件|驾照|手机号|电话号码?|电话\d|医保|社保|准考证))",
            0.6,
        ),
        ("field", rf"{_BARE}\K{SURE_SURNAME}\s?{_HAN}(?:\s?{_HAN})??(?! {_HAN}(?!{_HAN})){_STOP}", 0.7),
        (
            "family name",
            rf"(?<![百同老])(?<!(?<!免)贵)姓氏?(?:是|:)?\s*\K{SURNAME}(?![名氏])(?={_HAN}{{2}}|.?$|.?[^\u4e00-\u9fff])",
            0.7,
        ),
        (
            "nickname",
            rf"(?:我是|叫我|找(?:一?下)?|那个|之前|上次|工号|门卫|保安|邻居|司机|物业|前台|隔壁|被|由|喊|问|谢谢|让|跟|给|联系|师傅|客服|[工员的])\K[小老阿](?!{_OF_SMALL}){SURNAME}"
            r"(?=$|[^\u4e00-\u9fff]|[就的啊哈呢为很不让说在今马给帮来呀吧行没也都是可有签收代接放拿回打开送修转去会要家]|上次|您|你|找)",
            0.65,
        ),
        (
            "given name and title",
            rf"(?:^|[,。!:\s]|您好|你好|好的|那|请问|是)\K(?![老小少青中]|全体|尊敬|亲爱|多数){_GIVEN}{{2}}(?:先生|女士)",
            0.55,
        ),
        (
            "the own character explained",  # 占小牛 占领的占
            rf"(?:^|(?<=[,:\s。])|叫|是|姓|[写填])\K(?![我你您他她它那这姓叫是])({_CHAR})({_CHAR})?({_CHAR})?({_CHAR})?"
            rf"(?=[ ,]{{0,2}}是?(?:那个)?{_HAN}{{0,3}}?(?P<own>\1|\2|\3|\4){_HAN}{{0,3}}?的(?:那个)?(?P=own)(?!{_HAN}{{2}}))",
            0.7,
        ),
        (
            "child and parent",  # 朵朵妈妈
            rf"(?:^|(?<=[,。!:\s])|是|我是|联系|找|和|请)\K(?![{_KIN_CHARS}天个次家常人])({_HAN})\1(?:妈妈?|爸爸?|爷爷|奶奶|家长|同学|小朋友)",
            0.65,
        ),
        (
            "birthday",
            rf"(?:写|祝|[\"“「:,\s]|^)\K(?!.{{0,2}}(?:[{_KIN_CHARS}你您我他她大家朋友]|老[公婆师]))(?![祝写]){_HAN}{{2,3}}(?=(?:小朋友|同学)?(?:\d{{1,3}}岁)?生日快乐)",
            0.65,
        ),
        ("nickname and Latin", r"(?<![大中最])[阿小老][A-Z][a-z]{1,10}(?![A-Za-z])", 0.65),
        (
            "taken at the end",  # 祁连山收, where a form ends
            rf"(?:^|[,\s]|改成|换成|改为|[由写填给])\K(?!{NOT_FAMILY}|明[天早]|后天|周|应该)(?:{COMPOUND}|{SURNAME}){_GIVEN}{{1,2}}(?=收(?:[,。]|\s*$))",
            0.65,
        ),
        (
            "said twice",  # 菲菲
            r"(?:^|(?<=[,。!:\s])|找|叫|是|问|谢谢|联系|客服|顾问|管家|[技老]师)\K"
            rf"{_TWICE}"
            r"(?=$|[^\u4e00-\u9fff]|在|还|说|给|帮|老师|您好|你好|姐|为您)",
            0.62,
        ),
        ("half hidden", rf"(?<!{_HAN}){SURNAME}[*]{{1,2}}{_HAN}?(?!{_HAN})", 0.6),
        (
            "said to be one",
            rf"(?:^|(?<=[,。]))\K{_HAN}{{2,3}}(?=是(?:我|他|她).{{0,3}}的?(?:名字|本名|真名|全名))",
            0.7,
        ),
        ("spaced", rf"(?<!{_HAN}){SURE_SURNAME} {_HAN}(?: {_HAN})?(?=$|[^\u4e00-\u9fff ]|\s*\d)", 0.55),
        (
            "middle dot",
            rf"(?:(?![我你您是叫找给请为的人名者客联系去想到推荐们可以记说吃有楼店轩馆餐酒园菜]){_HAN}){{2,8}}(?:[·•・](?:(?![楼店轩馆餐酒园菜泡驻扒]){_HAN}){{2,8}}?)+(?<!山|园|店|宴){_DOT_STOP}",
            0.75,
        ),
        ("pinyin", rf"{A}(?-i:{PINYIN} {_GIVEN_PINYIN})(?![A-Za-z])", 0.55),
        (
            "pinyin, capitals",
            rf"{A}(?-i:{PINYIN_CAPITALS} [A-Z]{{2,14}})(?![A-Za-z])",
            0.6,
        ),
    )

    def weigh(
        self, text: str, results: list[RecognizerResult], artifacts: NlpArtifacts | None
    ) -> list[RecognizerResult]:
        """What cuts a word of the NER in two is no name: 维修师傅, 主任医师."""
        tokens = artifacts.tokens if artifacts else []
        cut = [token for token in tokens if token.tag != "PER" and text[token.start] not in _LEADS]
        within = {place for token in cut for place in range(token.start + 1, token.end)}
        word_at = {
            token.start
            for token in cut
            if token.end - token.start > 1 and token.tag not in ("nz", "nr", "nw")
        }
        return [
            result
            for result in results
            if result.score > UNSURE
            or (
                result.start not in within
                and (_rule(result) not in _BEFORE_A_WORD or result.start not in word_at)
                and text[result.start : result.end] not in NOT_PERSONS
            )
        ]


def _rule(result: RecognizerResult) -> str:
    why = result.analysis_explanation
    return str(why.pattern_name) if why else ""
