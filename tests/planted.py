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


NAME = DRAW.choice(["诸葛", "欧阳", "上官", "司马"]) + "".join(DRAW.choices("子墨若溪景行思远嘉禾", k=2))
ROAD, FLAT = f"灵溪南路{DRAW.randint(600, 999)}号", f"{DRAW.randint(20, 99)}幢{DRAW.randint(2001, 2999)}室"
IN_TEXT = {  # what is said around the values: the values
    "我叫{}，电话{}": (NAME, mobile()),
    "身份证号{}": (f"11010519900307{digits(4)}",),
    "邮箱{}谢谢": (f"zimo.{digits(6)}@foxmail.com",),
    "卡号{}": (bank_card(),),
    "寄到浙江省杭州市西湖区{}{}": (ROAD, FLAT),
    "车牌{}": (f"浙A{digits(1)}K{digits(1)}Q{digits(1)}",),
    "加我微信{}": (f"zimo_{digits(5)}x",),
    "护照号{}": (f"EH{digits(7)}",),
    "号码{}": (mobile().translate(WIDE),),
    "再说一遍，{}": (mobile().translate(IN_CHINESE),),
    "my IBAN is {}": (iban(),),
    "Call me at {}": (f"(415) {DRAW.randint(600, 999)}-{digits(4)}",),
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
    *(value for values in IN_TEXT.values() for value in values),
    *(value.split()[-1] for value in (*IN_FIELDS.values(), *REJECTED.values())),
    *(IN_FILE_NAME, IN_BROKEN_LINE, IN_EVERY_ID),
)


def plant(folder):
    """Writes the log into a landing zone of the sample's form."""
    rows = [row("planted", said.format(*values)) for said, values in IN_TEXT.items()]
    rows += [row("planted-fields", "运费多少钱") | IN_FIELDS]
    rows += [row("planted-rejected", "你好") | {name: value} for name, value in REJECTED.items()]
    lines = [*(json.dumps(one, ensure_ascii=False) for one in rows), f'{{"text": "{IN_BROKEN_LINE}']
    (folder / f"chat {IN_FILE_NAME}.jsonl").write_text("\n".join(lines) + "\n")


def row(conversation_id, text):
    return {
        "conversation_id": conversation_id,
        "customer_id": f"{NAME}-{IN_EVERY_ID}",
        "channel": "web",
        "role": "customer",
        "text": text,
        "sent_at": "2026-10-28T10:00:00+08:00",
    }
