import pytest

from pipelines.mask.recognizers.credit_code import CreditCode


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("税号91330106MA2CFLDG4W开票", ["91330106MA2CFLDG4W"]),
        ("代码91110000100000123A", ["91110000100000123A"]),
        ("纳税人识别号：330106123456789", ["330106123456789"]),
        ("tax number is GB123456789", ["GB123456789"]),
        ("统一社会信用代码913301061234567890", ["913301061234567890"]),
        ("订单LMJ260915004213", []),
        ("税号在哪里填", []),
        ("型号ABCDEFGHJKLMNPQRTU", []),
    ],
)
def test_credit_code(find, text, values):
    assert find(CreditCode, text) == values
