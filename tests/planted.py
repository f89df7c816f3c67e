"""A log whose every field holds something personal: none of it may be found after a run."""

import json

MESSAGES = {  # what the customer says: the value in it that must not be found
    "我叫诸葛子墨，电话13912345670": ("诸葛子墨", "13912345670"),
    "身份证号110105199003078515": ("110105199003078515",),
    "邮箱zhuge.zimo@example.org谢谢": ("zhuge.zimo@example.org",),
    "卡号6222021234567890128": ("6222021234567890128",),
    "寄到浙江省杭州市西湖区灵溪南路877号9幢1203室": ("灵溪南路877号", "9幢1203室"),
    "车牌浙A8K7Q2": ("浙A8K7Q2",),
    "加我微信zimo_1988x": ("zimo_1988x",),
    "护照号EH7654321": ("EH7654321",),
    "号码１３９１２３４５６７１": ("１３９１２３４５６７１",),
    "再说一遍，一三九一二三四五六七八": ("一三九一二三四五六七八",),
    "my IBAN is GB29 NWBK 6016 1331 9268 19": ("GB29 NWBK 6016 1331 9268 19", "1331 9268 19"),
    "Call me at (415) 555-0132, I'm Zimo Zhugeliang": ("(415) 555-0132", "Zhugeliang"),
}
IN_FIELDS = {
    "customer_id": "C-13912345676",
    "channel": "shop 13912345677",
    "intent": "refund 13912345678",
    "conversation_id": "13912345679",
    "satisfaction": "rated 13912345684",
}
REJECTED = {"role": "robot 13912345681", "sent_at": "at 13912345682"}
FILE_NAME = "chat 13912345680.jsonl"
BROKEN_LINE = '{"text": "13912345683'
PLANTED = (
    *(value for values in MESSAGES.values() for value in values),
    *IN_FIELDS.values(),
    *REJECTED.values(),
    *(f"139123456{n}" for n in range(76, 85)),
)


def plant(folder):
    """Writes the log into a landing zone of the sample's form."""
    rows = [row("planted", text) for text in MESSAGES]
    rows += [row("planted-fields", "运费多少钱") | IN_FIELDS]
    rows += [row("planted-rejected", "你好") | {name: value} for name, value in REJECTED.items()]
    lines = [*(json.dumps(one, ensure_ascii=False) for one in rows), BROKEN_LINE]
    (folder / FILE_NAME).write_text("\n".join(lines) + "\n")


def row(conversation_id, text):
    return {
        "conversation_id": conversation_id,
        "customer_id": "诸葛子墨-13912345676",
        "channel": "web",
        "role": "customer",
        "text": text,
        "sent_at": "2026-10-28T10:00:00+08:00",
    }
