import pytest

from pipelines.mask.detect import find_simple


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("电话13800138000谢谢", ["PHONE"]),
        ("１３８ ００１３ ８０００", ["PHONE"]),
        ("座机0571-88886666", ["PHONE"]),
        ("call (415) 623-0132", ["PHONE"]),
        ("身份证11010119900307851X的", ["ID_CARD"]),
        ("call (415) 555-0232", ["PHONE"]),
        ("15512345678和15412345678", ["PHONE"]),
        ("a@myexample.com b@example.com.cn", ["EMAIL", "EMAIL"]),
        ("卡4111 1111 1111 1111", ["BANK_CARD"]),
        ("ssn 123-45-6789", ["SSN"]),
        ("邮箱abc@qq.com谢谢,还有d@e.cn", ["EMAIL", "EMAIL"]),
    ],
)
def test_finds_what_may_not_leave(text, types):
    assert find_simple(text) == types


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
        "快递13800138000123",
        "SF1380013800012",
        "299元,9:00-22:00,2026-09-15",
        "4111111111111112",
        "我的15412345678和194 1234 5678,座机026-81234567",
        "call (415) 555-0132 or +1 212-555-0199",
        "身份证39010119900307851X",
        "tina@example.com, abc@shop.example",
    ],
)
def test_leaves_the_rest(text):
    assert find_simple(text) == []


def test_never_gives_the_value_back():
    assert not any("138" in found for found in find_simple("13800138000"))
