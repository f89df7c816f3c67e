"""E-mail addresses, with the dodges people use to write one."""

from types import MappingProxyType

from pipelines.mask import spoken
from pipelines.mask.recognizers.base import Recognizer, Z

_LOCAL = r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z_](?:[0-9A-Za-z._%+-]*[0-9A-Za-z_+-])?"
_NAME = r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?"
_SPELLED = r"(?<![0-9A-Za-z])[0-9A-Za-z](?: [0-9A-Za-z._-]){2,}"
_KNOWN = r"(?:qq|163|126|139|189|sina|sohu|foxmail|gmail|outlook|hotmail|yahoo|icloud|live|msn|aol)"
_DOT_ZH = r"\s?(?:点|[.。])\s?"
_APART = r"(?:[0-9A-Za-z] )+(?:\. ?|点 ?)c ?(?:o ?m|n)"  # every letter on its own, to the end
_SAID_KNOWN = rf"(?:{_KNOWN}|幺六三|一六三|幺二六|一二六|扣扣)"


class Email(Recognizer):
    entity = "EMAIL"
    gate = (
        r"@|(?:mail|yahoo|outlook|live|net|me|icloud|proton|aol)\s?(?:com|\bnet|\borg)|\bdot\b|艾特|\bat\b"
        r"|\(at\)|#|圈a|邮|爱特|小老鼠|后面|后缀"
    )
    needs = MappingProxyType(
        {
            "local part": "前面|前缀|邮箱名",
            "domain": "后面|后缀",
        }
    )
    rules = (
        ("plain", rf"{_LOCAL}@{_NAME}(?:\.{_NAME})*\.[A-Za-z]{{2,}}{Z}", 0.95),
        ("spaced", rf"{_LOCAL}\s?@\s?{_NAME}(?:\s?[.。]\s?(?:com|cn|net|org|edu|co|uk))+{Z}", 0.85),
        (
            "spaced, any ending",
            rf"{_LOCAL}(?:\s@\s?|@\s)(?=[0-9-]*[A-Za-z]){_NAME}(?:\.{_NAME})*\.[a-z]{{2,6}}{Z}",
            0.8,
        ),
        ("dot lost", rf"{_LOCAL}\s?@\s?{_KNOWN}[\s,。点]{{0,2}}(?:com|cn|net){Z}", 0.8),
        (
            "spelled",
            rf"{_SPELLED}\s?(?:@|艾特|圈a|小老鼠|at)\s?{_NAME}\s?(?:\.|点|dot)\s?(?:com|cn|net|org)(?:\.cn)?{Z}",
            0.85,
        ),
        ("apart", rf"{_SPELLED} ?@ ?{_APART}{Z}", 0.85),
        (
            "at lost behind the word",
            rf"邮箱(?:号|地址)?[\s:是为]{{0,3}}\K[0-9A-Za-z][0-9A-Za-z._-]{{2,24}} {{1,2}}{_KNOWN} ?[.点] ?(?:com|cn|net){Z}",
            0.75,
        ),
        (
            "in pieces behind the word",
            rf"邮箱(?:号"
            rf"|地址)?[\s:是为改成]*\K[0-9A-Za-z._-]+(?: [0-9A-Za-z._-]+){{1,6}}"
            rf"\s?@\s?{_NAME}(?:\s?[.点]\s?[a-z]{{2,3}})+{Z}",
            0.85,
        ),
        (
            "Chinese domain",
            rf"{_LOCAL}@[\u4e00-\u9fff]{{2,12}}\.(?:com|cn|net|中国|公司)(?:\.cn)?{Z}",
            0.8,
        ),
        (
            "local part",
            r"(?:前面|前缀|邮箱名)\s?(?:就|也)?(?:是|为|:)?\s?\K[0-9A-Za-z][0-9A-Za-z._-]{2,30}(?=[ ,]{0,2}(?:后面|后缀|然后))",
            0.75,
        ),
        (
            "domain",
            rf"(?:后面|后缀)\s?(?:就|也)?(?:是|为|:)?\s?\K@?(?:{_SAID_KNOWN}|{_NAME}){_DOT_ZH}(?:com|cn|net){Z}",
            0.75,
        ),
        (
            "box at a provider",
            rf"邮箱(?:号|地址)?\s?[是为:]?\s?\K[0-9A-Za-z][0-9A-Za-z._-]{{2,24}} at {_KNOWN}(?![0-9A-Za-z.])",
            0.75,
        ),
        ("no ending", rf"{_LOCAL}@{_KNOWN}(?![0-9A-Za-z.])", 0.7),
        ("dot in words", rf"{_LOCAL}\s?@\s?{_NAME}(?:\s?(?:点|dot|。)\s?(?:com|cn|net|org))+{Z}", 0.85),
        (
            "box of a provider",
            r"(?:qq|163|126)邮箱(?:号|账号)?\s*[是为:]?\s*\K[0-9A-Za-z][0-9A-Za-z._-]{4,24}(?![@0-9A-Za-z._-])",
            0.75,
        ),
        (
            "at",
            rf"(?:(?<![0-9A-Za-z._-])[0-9A-Za-z_-]+点)*{_LOCAL}\s?(?:[(\[](?:at|@)[)\]]|艾特|圈a|小老鼠|#)\s?{_NAME}(?:\s?(?:\.|点|dot)\s?(?:com|cn|net"
            rf"|org))+{Z}",
            0.8,
        ),
        (
            "at, dot",
            rf"{_LOCAL}(?:\s+\(?(?:dot|underscore|dash|hyphen)\)?\s+[0-9A-Za-z]+"
            rf"|\s+{spoken.NUMBER}){{0,8}}\s+\(?at\)?\s+{_NAME}"
            rf"(?:\s+\(?dot\)?\s+[a-z]{{2,4}}){{1,3}}{Z}",
            0.8,
        ),
        (
            "punctuation lost",
            rf"(?<![0-9A-Za-z])(?:(?!(?:is|id|my|mail|email|address|and|the|its"
            rf"|at)\s)[a-z][0-9a-z._-]{{1,20}}\s(?=\d))?(?:\d{{1,4}}\s)?"
            rf"(?:(?!(?:in|to|on|is|my|mail|email|id)\s)[0-9a-z._-]{{2,30}}\s?)?(?<![0-9a-z]e)(?:gmail"
            rf"|gmial|gamil|yahoo|hotmail|outlook|icloud|ymail|rediffmail|(?<=[a-z0-9])mail)"
            rf"\s?com{Z}",
            0.75,
        ),
    )
