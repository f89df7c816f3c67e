"""User names and social accounts, beside the word that says so."""

from pipelines.mask.recognizers.base import Recognizer, Z

_ID = r"[A-Za-z_@][-_.A-Za-z0-9]{2,29}(?<![-.])"
_MARKED = r"[-.@A-Za-z0-9]*(?:[0-9_]|[.][a-z])|(?-i:[a-z]+[A-Z][a-z]*[A-Z])"
_DIGIT = r"(?=[-_.@A-Za-z0-9]*[0-9_])"
_ZH = (
    r"(?:用户名|登录名|登陆名|会员名|昵称|账号名?|帐号名?|账户名|旺旺(?:号|名)?|淘宝(?:号|名)|用户id|会员id)"
)
_SOCIAL = (
    r"(?:微博|抖音|小红书|快手|b站|知乎|支付宝|telegram|whatsapp|skype|instagram"
    r"|insta|ins|twitter|facebook|line)"
)


_HAN_NAME = r"[一-鿿A-Za-z0-9_·丶ゞ.~-]{2,16}"
_END_NAME = r"(?=$|[\s,。!;:?]|就是我|是我|的)"
_NO_NAME = (
    r"(?![^\s,。!;:?]{0,14}(?:登[不录陆]|密码|怎么|忘|无法|不了|异常))(?!长度|最长|最短|起的|限制|本名|真名|怎么|如何|可以|不|能|在|显示|改|换|是什么|叫什么|多少|什么|哪|被|登|忘|已|没|有|和|或|密码|注册|绑定|无法|异常|里|上|下|封"
    r"|名字|昵称|账号|后面|错|与|及|也|要|一直|一样|的|吗|请|认证|粉丝|直播|平台|官方)"
)
_SERVICE = (
    r"(?:抖音|小红书|快手|b站|微博|知乎|游戏|角色|会员|用户|玩家|淘宝|钉钉|飞书|陌陌|支付宝"
    r"|(?<![A-Za-z])(?:uid|steam))"
)


class Username(Recognizer):
    entity = "USERNAME"
    gate = (
        r"名|号|称|id|@|旺|user|student|staff|emp|loyalty|member|customer|client|library|reward|flyer|log|sign|regist|profile|handle|account"
        r"|live:|gamer|acct|acco|game|player|pubg|mlbb|legends|fire|genshin|uid|from|server|steam|character|summoner|guild|[a-z]/|insta|telegram|skype|instagram|twitter|facebook"
    )
    rules = (
        ("Chinese", rf"{_ZH}\s*(?:[是为:=]|叫|就是)?\s*:?\s*\K(?!qq|vip|app|asap){_ID}{Z}(?!@)", 0.75),
        (
            "English",
            r"(?<![A-Za-z])(?:user\s?n[a-z]{2,3}|user id|gamer ?tag|login(?: name| id)?|account name"
            r"|screen name|handle"
            r"|nickname)"
            rf"\s*(?:[:=]|is|on (?:the )?(?:site|shop|app) is)\s*:?\s*['\"]?\K(?!(?:not|wrong|the|my"
            rf"|a|same|correct)(?![.A-Za-z0-9])){_ID}{Z}(?![@\\])",
            0.75,
        ),
        ("account, digits", rf"(?<![A-Za-z])account\s*(?:[:=]|is)\s*\K{_DIGIT}{_ID}{Z}(?!@)", 0.7),
        (
            "account, a point",
            rf"(?<![A-Za-z])(?:acc(?:oun)?t|log-?in|user(?: ?name)?|profile)\s*(?:[:=]|is|was|name)\s*:?\s*"
            rf"\K[a-z][a-z0-9]*\.(?!com|co|net|org|io|uk|app)[a-z0-9]{{2,20}}{Z}(?![@.])",
            0.7,
        ),
        ("Steam", r"(?<![0-9A-Za-z])STEAM_[0-5]:[01]:\d{4,12}(?!\d)", 0.9),
        (
            "social",
            rf"{_SOCIAL}\s?(?:账号|帐号|id|号|名字|昵称|account|handle)\s*(?:[是为:=]|is|叫)?\s*\K"
            rf"(?!(?:is|was|not|with|shows?|has|and|that|for|the|but|does|doesn|can|from|when|to|in|it|on"
            rf"|or|got)(?![A-Za-z])){_ID}{Z}",
            0.75,
        ),
        (
            "log in as",
            rf"(?:(?:log(?:ged)? in|sign(?:ed)? in|registered) (?:as|with)|(?:login|account"
            rf"|profile) of) \K{_DIGIT}{_ID}{Z}(?!@)",
            0.7,
        ),
        (
            "name in Chinese",
            r"(?:游戏id|角色名|昵称|会员名|用户名|网名|旺旺名?|id名|(?:抖音|快手|小红书)[号名]|微博(?:名|昵称|id))\s?(?:改成|改为|叫做?|是|:)?"
            rf"\s?:?\s?@?\K{_NO_NAME}{_HAN_NAME}{_END_NAME}",
            0.65,
        ),
        ("at sign", rf"(?:微博|抖音|小红书|b站|快手|博主|号)[^,。@]{{0,4}}@\K{_HAN_NAME}{_END_NAME}", 0.75),
        (
            "number of an account",
            rf"{_SERVICE}[^0-9A-Za-z。?]{{0,8}}(?:(?<=号|账号|:|是)|(?:id|uid|(?<=uid))[是:]?)\s?\K\d{{5,12}}{Z}",
            0.7,
        ),
        ("is now", rf"(?:昵称|用户名|网名)[^。?\n]{{0,16}}(?:现在|原来|之前|以前)(?:是|叫)\K{_ID}{Z}", 0.7),
        (
            "number of a member",
            r"(?<![A-Za-z])(?:student|staff|employee|emp|loyalty|member(?:ship)?|customer|client|payroll|library|subscriber"
            r"|frequent flyer|rewards?|user|player|game|server|character|summoner|guild)(?: card)? ?(?:id|no\.?|num(?:ber)?|#)(?: is| was|:)* ?#?"
            rf"\K(?-i:[A-Z]{{0,3}})-?\d{{4,12}}{Z}(?![@-])",
            0.7,
        ),
        (
            "number of a player",
            rf"(?<![A-Za-z])(?:pubg|mlbb|mobile legends|free ?fire|genshin|uid|(?:game|player|character)(?: user)? id)"
            rf"[^.\n\d]{{0,36}}\K\d{{8,12}}{Z}",
            0.75,
        ),
        ("user", rf"(?<![A-Za-z])user:? \K{_DIGIT}{_ID}{Z}(?!@)", 0.65),
        (
            "English next",
            rf"(?<![A-Za-z])(?:user ?name|gamer ?tag|handle|screen name|login|user id)[ :]\s*\K"
            rf"(?={_MARKED}){_ID}{Z}(?!@)",
            0.7,
        ),
        (
            "changed from",
            rf"(?:chang\w+|renam\w+|switch\w*)(?: (?:it|that|this|mine|me|my [a-z ]{{2,20}}))? from \K"
            rf"(?=[.A-Za-z]*[0-9_]){_ID}{Z}(?!@)",
            0.65,
        ),
        (
            "one or the other",
            rf"@[A-Za-z0-9_.]{{3,29}} (?:or|and) @?\K(?=[A-Za-z]+[\d_.]){_ID}{Z}(?![@.])",
            0.65,
        ),
        ("from and to", rf"user ?name from \K{_ID}{Z}(?!@)", 0.7),
        ("to the new one", rf"user ?name from {_ID} to \K{_ID}{Z}(?!@)", 0.7),
        (
            "address of a profile",
            r"(?<![A-Za-z])(?:twitch\.tv|(?:instagram|facebook|fb|twitter|x|tiktok|youtube|linkedin|github|soundcloud"
            r"|pinterest|snapchat|depop|etsy|poshmark|ebay|reddit)\.com|t\.me|wa\.me|fb\.me|linktr\.ee)"
            r"/(?:in/|u/|user/|c/|shop/|add/|usr/)?@?\K[A-Za-z0-9_.-]{3,40}(?<![.-])(?![0-9A-Za-z/?])",
            0.7,
        ),
        (
            "at sign",
            r"(?<![0-9A-Za-z@._-])@(?=[a-z0-9._]*[a-z])[A-Za-z0-9_.]{3,29}(?<![.])(?![0-9A-Za-z@])",
            0.65,
        ),
        ("Skype", r"live:[.A-Za-z0-9_-]{3,32}(?<![.])", 0.85),
    )
