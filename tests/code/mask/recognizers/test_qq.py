import pytest

from pipelines.mask.recognizers.qq import QQ


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("QQ12345678加我", ["12345678"]),
        ("我的qq号是：87654321", ["87654321"]),
        ("扣扣号码 1234567890", ["1234567890"]),
        ("12345678是我QQ", ["12345678"]),
        ("加群123456789领券", ["123456789"]),
        ("QQ登录不了", []),
        ("QQ邮箱收不到", []),
        ("12345678件", []),
    ],
)
def test_qq(find, text, values):
    assert find(QQ, text) == values
