"""A log whose every field holds something personal, drawn anew each session: none of it may be found later.

Drawn, since a value that stood in this file would stand in the repository.
"""

import json
import random

DRAW = random.SystemRandom()
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
IN_CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")


def digits(count):
    return "".join(DRAW.choices("0123456789", k=count))


def mobile():
    return f"139{digits(8)}"


def bank_card():
    body = f"622202{digits(12)}"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return f"{body}{-sum(n - 9 * (n > 9) for n in doubled) % 10}"


def iban():
    account = digits(14)
    check = 98 - int(f"{int('N', 36)}{int('W', 36)}{int('B', 36)}{int('K', 36)}{account}161100") % 97
    plain = f"GB{check:02}NWBK{account}"
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def name(family):
    return DRAW.choice(family) + "".join(DRAW.choices("子墨若溪景行思远嘉禾", k=2))


def id_card():
    return f"11010519{DRAW.randint(60, 99)}0307{digits(4)}"


def mail():
    return f"zimo.{digits(6)}@foxmail.com"


NAME = name(["诸葛", "欧阳", "上官", "司马"])
ROAD, FLAT = f"灵溪南路{DRAW.randint(600, 999)}号", f"{DRAW.randint(20, 99)}幢{DRAW.randint(2001, 2999)}室"
IN_TEXT = {  # what is said around the values: the values
    "我叫{}，电话{}": (NAME, mobile()),
    "身份证号{}": (id_card(),),
    "邮箱{}谢谢": (mail(),),
    "卡号{}": (bank_card(),),
    "寄到浙江省杭州市西湖区{}{}": (ROAD, FLAT),
    "车牌{}": (f"浙A{digits(1)}K{digits(1)}Q{digits(1)}",),
    "加我微信{}": (f"zimo_{digits(5)}x",),
    "护照号{}": (f"EH{digits(7)}",),
    "号码{}": (mobile().translate(WIDE),),
    "再说一遍，{}": (mobile().translate(IN_CHINESE),),
    "my IBAN is {}": (iban(),),
    "Call me at {}": (f"(415) {DRAW.randint(600, 999)}-{digits(4)}",),
    "我的QQ号是{}": (f"{DRAW.randint(2, 9)}{digits(9)}",),
    "登录密码是{}": (f"Zimo{digits(5)}!k",),
    "the verification code is {}": (f"K{digits(1)}Q{digits(1)}-{digits(3)}Z{digits(2)}",),
    "订单号{}什么时候发货": (f"LMJ26{digits(10)}",),
    "快递单号{}": (f"SF{digits(13)}",),
    "我的出生日期是{}": (f"19{DRAW.randint(31, 49)}年{DRAW.randint(10, 12)}月{DRAW.randint(10, 28)}日",),
    "回乡证号{}": (f"H{digits(10)}",),
    "my SSN is {}": (f"{DRAW.randint(200, 600)}-{DRAW.randint(10, 99)}-{DRAW.randint(1000, 9999)}",),
    "my driving licence is {}": (f"ZIMOX{digits(6)}SM9IJ",),
    "银行账号{}": (f"3301{digits(12)}",),
}
MOBILE, ID_CARD, MAIL = mobile(), id_card(), mail()
SPACED = f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}"
SECOND = name(["东方", "皇甫", "令狐", "慕容"])
ASKED = (  # what the agent's question alone makes personal, and what speaks for itself
    ("agent", "请问怎么称呼您", ()),
    ("customer", "{}", (name(["尉迟", "公孙", "夏侯", "宇文"]),)),
    ("agent", "麻烦留一下手机号", ()),
    ("customer", "{}", (mobile(),)),
    ("customer", "{}", (id_card(),)),
    ("customer", "{}", (mail(),)),
    ("customer", "{}", (bank_card(),)),
)
IN_PIECES = (
    ("customer", "身份证号是110105", ()),
    ("agent", "嗯您继续", ()),
    ("customer", "{}", (id_card()[6:],)),
    ("customer", "卡号622848", ()),
    ("customer", "等一下", ()),
    ("customer", "{}", (f"0402{digits(9)}",)),
    ("agent", "邮箱多少", ()),
    ("customer", "{}", (f"zimo.{digits(8)}",)),
    ("customer", "@foxmail.com", ()),
)
ECHOED = (
    ("customer", "我叫{}，手机号{}", (SECOND, MOBILE)),
    ("agent", "{}，{}，对吧", (SECOND, SPACED)),
    ("customer", "对，身份证号{}，邮箱{}", (ID_CARD, MAIL)),
    ("agent", "{}，{}，收到", (ID_CARD, MAIL)),
    ("agent", "请{}稍等", (SECOND,)),
)
TALKS = {  # conversation: (who, what is said around the values, values)
    "planted": tuple(("customer", said, values) for said, values in IN_TEXT.items()),
    "planted-asked": ASKED,
    "planted-in-pieces": IN_PIECES,
    "planted-echoed": ECHOED,
}
IN_FIELDS = {
    "customer_id": f"C-{mobile()}",
    "channel": f"shop {mobile()}",
    "intent": f"refund {mobile()}",
    "conversation_id": mobile(),
    "satisfaction": f"rated {mobile()}",
}
REJECTED = {"role": f"robot {mobile()}", "sent_at": f"at {mobile()}"}
IN_FILE_NAME, IN_BROKEN_LINE, IN_EVERY_ID = mobile(), mobile(), mobile()
PLANTED = (
    *(value for talk in TALKS.values() for _, _, values in talk for value in values),
    *(value.split()[-1] for value in (*IN_FIELDS.values(), *REJECTED.values())),
    *(IN_FILE_NAME, IN_BROKEN_LINE, IN_EVERY_ID),
)


def plant(folder):
    """Writes the log into a landing zone of the sample's form."""
    rows = [row(one, said.format(*v), role) for one, talk in TALKS.items() for role, said, v in talk]
    rows += [row("planted-fields", "运费多少钱") | IN_FIELDS]
    rows += [row("planted-rejected", "你好") | {name: value} for name, value in REJECTED.items()]
    lines = [*(json.dumps(one, ensure_ascii=False) for one in rows), f'{{"text": "{IN_BROKEN_LINE}']
    (folder / f"chat {IN_FILE_NAME}.jsonl").write_text("\n".join(lines) + "\n")


def row(conversation_id, text, role="customer"):
    return {
        "conversation_id": conversation_id,
        "customer_id": f"{NAME}-{IN_EVERY_ID}",
        "channel": "web",
        "role": role,
        "text": text,
        "sent_at": "2026-10-28T10:00:00+08:00",
    }
