"""WeChat ids: a letter and 5 to 19 letters, digits, `-` or `_`, only beside the name of the service."""

from pipelines.mask.recognizers.base import Recognizer, Z

_CUE = (
    r"(?:微信|[威薇葳卫维]信|卫星|[微威薇]\s?❤|绿泡泡|绿色软件|[加➕+]\s?[微薇威]|(?<![一-鿿])薇"
    r"|(?<![A-Za-z])(?:wechat|weixin|wx|vx|v信|v\s?❤|v\s?[:]|[加➕+]\s?v))"
)
_ID = r"[A-Za-z_][-_.A-Za-z0-9]{4,18}[-_A-Za-z0-9]"
_DIGIT = r"(?=[-_.A-Za-z0-9]*[0-9_])"


class WeChat(Recognizer):
    entity = "WECHAT"
    gate = r"微|信|薇|威|卫星|绿|vx|wx|v信|v\s?[:❤]|[加➕+].{0,3}v|wechat|weixin"
    rules = (
        (
            "named",
            rf"{_CUE}\s?(?:号码?|账号|帐号|id|号|account)\s*(?:[是为:=]|is|叫|也是)?\s*:?\s*\K{_ID}{Z}",
            0.85,
        ),
        ("said in Chinese", rf"微信\s?(?:[是为:=]|叫)\s*\K{_ID}{Z}", 0.8),
        ("with digits", rf"{_CUE}[^0-9A-Za-z,。;!?]{{0,6}}(?:is\s)?[\s是:]*\K{_DIGIT}{_ID}{Z}", 0.8),
        (
            "before",
            rf"(?<![0-9A-Za-z_.-]){_DIGIT}{_ID}(?=\s?,?\s?(?:这|那)?个?是?(?:我的?)?(?:微信|vx))",
            0.7,
        ),
        ("v and it", rf"加(?:我|你|他|她|一下|下|个|好友|\s)*v\s?[:]?\s?\K{_DIGIT}{_ID}{Z}", 0.75),
        (
            "looked up",
            rf"(?:[搜加查]|我的?|是)(?:一?下|个)?(?:微信|vx|wx)\s?(?!pay|support|team|work|app|web|mini)\K{_ID}{Z}",
            0.7,
        ),
        ("behind a colon", rf"(?<![A-Za-z])(?:vx|wx|v)\s?:\s?\K{_ID}{Z}", 0.75),
        ("added", rf"加\s?[微薇威]信?\s?[:]?\s?\K{_ID}{Z}", 0.75),
        ("made by the service", rf"(?<![0-9A-Za-z_-])wxid_[a-z0-9]{{6,24}}{Z}", 0.9),
        ("a number", rf"{_CUE}\s?(?:号码?|id|同号)?\s*(?:[是为:=]|is)?\s*:?\s*\K1[3-9]\d{{9}}{Z}", 0.9),
    )
