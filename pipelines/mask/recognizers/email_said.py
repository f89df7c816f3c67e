"""E-mail addresses as Chinese says them: zhao下划线min艾特126点com, lin88，然后圈a，网易163的邮箱."""

from __future__ import annotations

from types import MappingProxyType

from pipelines.mask.recognizers.base import Recognizer, Z

PROVIDER = (
    r"(?:qq|163|126|139|189|188|yeah|tom|21cn|sina|sohu|foxmail|gmail|outlook|hotmail|yahoo|icloud|live|msn|aol"
    r"|aliyun|[幺一]六三|[幺一]二六|扣扣|雅虎|谷歌|阿里云)"
)
_CHAR = r"[0-9A-Za-z零〇一二三四五六七八九幺]"
_NAME = r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?"
_JOINT = r"(?:\s?(?:下划线|[中横短]?[杠线]|减号|加号|点)\s?|[._+-]+)"
LOCAL = rf"(?<![0-9A-Za-z])(?>{_CHAR}{{1,24}}(?:{_JOINT}{_CHAR}{{1,24}}){{0,8}})"
_APART = rf"(?<![0-9A-Za-z])(?>{_CHAR}{{1,24}}(?:(?:{_JOINT}|\s){_CHAR}{{1,24}}){{0,10}})"
_GLUE = r"(?>[\s,、]{0,2}(?:(?:然后|那个|再|加上?|就是|中间是?|接着|后面是?|跟|一个|符号)[\s,]{0,2}){0,2})"
_BRACKETED = r"[(\[【「<\"“]\s?(?:@|at|a|艾特|圈a)\s?[)\]】」>\"”]"
_AT_SAID = rf"(?:艾特|爱特|圈a|a圈|花a|小?老鼠|{_BRACKETED})"
_AT = rf"{_GLUE}(?<![A-Za-z])a ?t(?![A-Za-z]){_GLUE}"
DOT = r"\s?(?:[.。]|点|dot|[(\[【]\s?(?:dot|点|\.)\s?[)\]】])\s?"
_DOT_LOST = rf"(?:{DOT}|\s?[,·•]\s?|\s)"
END = r"(?:com|cn|net|org|edu|gov|cc|vip|top|c ?o ?m|康姆|康母|扣母|扣姆|抗姆|c欧m)"
_OF_A_FIRM = rf"(?:{_NAME}|[\u4e00-\u9fff]{{2,6}}?(?:的?(?:拼音|全拼))?)(?:{DOT}{_NAME}){{0,2}}?{DOT}{END}"
_OF_A_PROVIDER = rf"(?:vip{DOT})?{PROVIDER}{_DOT_LOST}{END}"
DOMAIN = rf"(?:(?:公司)?域名|网易|新浪|搜狐)?\s?(?:{_OF_A_PROVIDER}|{_OF_A_FIRM})(?:{DOT}cn)?"


class EmailSaid(Recognizer):
    entity = "EMAIL"
    gate = rf"@|#|邮|{_AT_SAID}|(?<![A-Za-z])a ?t(?![A-Za-z])[^.]{{0,12}}{PROVIDER}"
    needs = MappingProxyType(
        {
            **dict.fromkeys(("at", "at, the dot said"), r"(?<![A-Za-z])[aA] ?[tT](?![A-Za-z])"),
            **dict.fromkeys(("provider behind the word", "provider's box"), "邮"),
            "said apart": "特|圈|花|鼠|[aA]",
        }
    )
    rules = (
        ("said", rf"{LOCAL}{_GLUE}(?:@|{_AT_SAID}){_GLUE}{DOMAIN}{Z}", 0.9),
        ("said apart", rf"{_APART}{_GLUE}{_AT_SAID}{_GLUE}{DOMAIN}{Z}", 0.9),
        ("hash", rf"{LOCAL}\s?#\s?{_OF_A_PROVIDER}{Z}", 0.8),
        (
            "no ending",
            rf"{LOCAL}{_GLUE}(?:@|{_AT_SAID}){_GLUE}(?:网易)?\s?{PROVIDER}(?![0-9A-Za-z.])(?:的?邮箱)?",
            0.8,
        ),
        ("at", rf"(?=\S{{0,24}}[0-9._-]){LOCAL}{_AT}{_OF_A_PROVIDER}{Z}", 0.85),
        ("at, the dot said", rf"{LOCAL}{_AT}(?:vip\s?点\s?)?{PROVIDER}\s?点\s?{END}{Z}", 0.85),
        (
            "provider behind the word",
            rf"邮箱?(?:地址|账号|名|号)?[\s:]?(?:就|应该)?[是为叫]?[\s:]?\K{LOCAL}[\s,]{{0,2}}(?:后面是?)?(?:网易|新浪)?\s?"
            rf"{PROVIDER}(?=的|邮箱|$|[\s,。])",
            0.8,
        ),
        (
            "provider's box",
            rf"(?!{PROVIDER}(?![0-9A-Za-z]))(?=[0-9A-Za-z._-]{{4}}){LOCAL}\s?(?:的|这个)?\s?"
            r"(?:qq|163|126|网易|新浪|谷歌|gmail|foxmail)\s?邮箱",
            0.7,
        ),
    )
