import pytest

from pipelines.mask.recognizers.otp import Otp


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("我收到4863,对吗", ["4863"]),
        ("验证码是482913对吗", ["482913"]),
        ("收到482913了", ["482913"]),
        ("482913是验证码", ["482913"]),
        ("your verification code is 4821", ["4821"]),
        ("the code I got was 483 920", ["483 920"]),
        ("验证码收不到", []),
        ("收到100000元", []),
        ("code valid 5 minutes", []),
        ("优惠码满299", []),
        ("verification code: KX4-92P", ["KX4-92P"]),
        ("got the text, says 730118", ["730118"]),
        ("error code 401", []),
        ("校验码30 57 41，快点", ["30 57 41"]),
        ("取件码12-3-4567在哪", ["12-3-4567"]),
    ],
)
def test_otp(find, text, values):
    assert find(Otp, text) == values
