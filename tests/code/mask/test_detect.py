import json

import pytest

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.detect import find_simple
from pipelines.mask.policy import Policy
from pipelines.mask.surrogates import Surrogates
from pipelines.mask.surrogates.draw import Draw
from pipelines.mask.workers import Workers
from tests.conftest import ROOT

FORMS = [
    ("电话13800138000谢谢", ["PHONE"]),
    ("１３８ ００１３ ８０００", ["PHONE"]),
    ("座机0571-88886666", ["PHONE"]),
    ("call (415) 555-0132", ["PHONE"]),
    ("身份证11010119900307851X的", ["ID_CARD"]),
    ("卡4111 1111 1111 1111", ["BANK_CARD"]),
    ("ssn 123-45-6789", ["SSN"]),
    ("邮箱abc@qq.com谢谢,还有d@e.cn", ["EMAIL", "EMAIL"]),
    ("邮箱是lihua88@qqcom呀", ["EMAIL"]),
    ("邮箱lihua88 @163 com", ["EMAIL"]),
    ("邮箱lihua88＠gmail。com", ["EMAIL"]),
    ("it's ann.lee at gmail dot com", ["EMAIL"]),
    ("电话1-3-8-0-0-1-3-8-0-0-0哦", ["PHONE"]),
    ("电话1380 013 8000哦", ["PHONE"]),
    ("我的号一三八零零一三八零零零记一下", ["PHONE"]),
    ("幺三八 零零一三 八零零零", ["PHONE"]),
    ("138零零一三八零零零", ["PHONE"]),
    ("身份证一一零一零一一九九零零三零七八五一三", ["ID_CARD"]),
    ("身份证110101 19900307 8513", ["ID_CARD"]),
    ("付到GB82 WEST 1234 5698 7654 32谢谢", ["IBAN"]),
    ("iban DE89370400440532013000.", ["IBAN"]),
    ("税号91350100M000100Y43开票", ["CREDIT_CODE"]),
    ("车牌浙A12345停门口", ["LICENSE_PLATE"]),
    ("新能源粤B·D12345", ["LICENSE_PLATE"]),
    ("我微信号是li_hua88加我", ["WECHAT"]),
    ("加vx:wxid2024abc", ["WECHAT"]),
    ("my WeChat is lihua_1988", ["WECHAT"]),
    ("QQ号：１２３４５６７８", ["QQ"]),
    ("护照号EH8334034,清关", ["PASSPORT"]),
    ("passport no. E12345678", ["PASSPORT"]),
    ("快递电话13812345678", ["PHONE"]),
    ("订单备注身份证110105199003071234", ["ID_CARD"]),
    ("order phone: 212-555-0132", ["PHONE"]),
    ("运单寄到13812345678这个手机", ["PHONE"]),
]


@pytest.mark.parametrize(("text", "types"), FORMS)
def test_finds_what_may_not_leave(text, types, policy):
    assert find_simple(text, policy) == types == find_simple(text)


@pytest.mark.parametrize("text", ["is it 800-233-4455?", "ring 1-888-552-1682", "(877) 552-1682"])
def test_a_firms_toll_free_number_stops_no_run(text):
    assert find_simple(text) == []
    assert find_simple(text.replace("8", "3", 1)) == ["PHONE"]


@pytest.mark.parametrize(
    "text",
    [
        "我的15412345678和194 1234 5678,座机026-81234567",
        "call (415) 555-0132 or +1 212-555-0199",
        "身份证39010119900307851X",
        "tina@example.com, abc@shop.example",
    ],
)
def test_what_nobody_can_hold_counts_unless_surrogates_stand_there(text):
    assert find_simple(text) and not find_simple(text, Policy(surrogates=True))


@pytest.mark.parametrize(
    ("type_", "said", "value"),
    [
        ("LICENSE_PLATE", "车牌{}停门口", "浙A12345"),
        ("LICENSE_PLATE", "新能源{}", "粤B·D12345"),
        ("WECHAT", "加vx:{}", "wxid2024abc"),
        ("USERNAME", "加vx:{}", "Lily2024abc"),
        ("QQ", "QQ号：{}", "１２３４５６７８"),
        ("PASSPORT", "护照号{},清关", "EH8334034"),
        ("EMAIL", "QQ {}", "12345678@qq.com"),
    ],
)
def test_a_surrogate_that_the_stage_put_in_is_told_from_what_a_customer_said(type_, said, value):
    natural = Policy(surrogates=True)
    assert find_simple(said.format(value), natural)
    for scope in "abcdefgh":
        put_in = Surrogates(Draw(b"k" * 32, scope), [(type_, value, "")])(type_, value, False)
        assert find_simple(said.format(put_in), natural) == [], put_in


def test_what_only_resembles_a_surrogate_counts():
    natural = Policy(surrogates=True)
    assert find_simple("call (415) 555-0232, 15512345678", natural) == ["PHONE", "PHONE"]
    assert find_simple("a@myexample.com b@example.com.cn", natural) == ["EMAIL", "EMAIL"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<手机号1>和<ID_CARD_2>",
        "热线400-820-6655",
        "写信到service@limuji.example",
        "订单LMJ260915004213",
        "订单号4111111111111111",
        "order number 415-555-0132",
        "订单编号是:4111111111111111",
        "tracking no. is 415-555-0132",
        "快递 单号：13800138000",
        "快递13800138000123",
        "SF1380013800012",
        "299元,9:00-22:00,2026-09-15",
        "4111111111111112",
        "GB82 WEST 1234 5698 7654 33",
        "91350100M000100Y44",
        "微信支付和wechat payment都行",
        "加微信<微信号1>,QQ<QQ号1>",
        "QQ群和微信小程序",
        "全新A12345S和新款X2000",
        "一二三四五六七八九十",
        "尺码13 14 15 16 17 18",
        "新品BX-2000,云南A1展位",
        "see you at gmail",
        "@客服 在吗",
        "二〇二六年九月一十五日",
    ],
)
def test_leaves_the_rest(text, policy):
    assert find_simple(text, policy) == []


def test_never_gives_the_value_back():
    assert not any("138" in found for found in find_simple("13800138000"))


def test_what_it_knows_is_masked_by_the_recognizers_too(policy):
    """A form that only the second detector knew would end every run that meets it."""
    texts = [text for text, _ in FORMS]
    with Workers(policy, 1, 64) as workers:
        found = workers.find(texts)
    masked = [mask_conversation([("customer", text)], found, policy).texts[0] for text in texts]
    assert [text for text in masked if find_simple(text, policy)] == []


def test_a_week_of_the_sample_is_clean_once_masked(policy):
    rows = map(json.loads, (ROOT / "data/raw/2026-W37.jsonl").read_text().splitlines())
    talks = {}
    for row in rows:
        talks.setdefault(row["conversation_id"], []).append((row["role"], row["text"]))
    with Workers(policy, 1, 64) as workers:
        found = workers.find(text for talk in talks.values() for _, text in talk)
    masked = {name: mask_conversation(talk, found, policy).texts for name, talk in talks.items()}
    assert {
        name: f for name, texts in masked.items() for text in texts if (f := find_simple(text, policy))
    } == {}
    assert sum(len(find_simple(text)) for talk in talks.values() for _, text in talk) > 30
