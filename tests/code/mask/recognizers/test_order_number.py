import pytest

from pipelines.mask.recognizers.order_number import OrderNumber


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("订单LMJ260915004213到哪了", ["LMJ260915004213"]),
        ("订单号：123456789012", ["123456789012"]),
        ("my order number is 123-4567890-1234567", ["123-4567890-1234567"]),
        ("order #2026091500 please", ["2026091500"]),
        ("ＬＭＪ２６０９１５００４２１３", ["ＬＭＪ２６０９１５００４２１３"]),
        ("订单3件", []),
        ("快递SF1234567890123", []),
        ("LM-K1203", []),
        ("in order to pay 299", []),
        ("工单号20240115000123查一下", []),
        ("投诉工单WO202405130087", []),
        ("充值单GPA.3382-1947-5520-71836", ["GPA.3382-1947-5520-71836"]),
        ("电子票号784-2938471056", ["784-2938471056"]),
        ("3862910475528316604这个单子", ["3862910475528316604"]),
        ("my booking LQ6N8D is gone", ["LQ6N8D"]),
        ("ref: 88-30217", ["88-30217"]),
        ("confirmation number is h 2 d 7 x 6", ["h 2 d 7 x 6"]),
        ("订单reference 6YHT3P谢谢", ["6YHT3P"]),
        ("order 3 items", []),
        ("the PS5 DISC edition", []),
    ],
)
def test_order_number(find, text, values):
    assert find(OrderNumber, text) == values
