import pytest

from pipelines.mask.recognizers.license_plate import LicensePlate


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("车牌浙A12345停门口", ["浙A12345"]),
        ("我是沪AD12345的车", ["沪AD12345"]),
        ("京A·F1234", ["京A·F1234"]),
        ("粤B12345D新能源", ["粤B12345D"]),
        ("粤Z1234港进来", ["粤Z1234港"]),
        ("苏e5g7h8在门口", ["苏e5g7h8"]),
        ("新A款", []),
        ("云ABCDEF", []),
        ("贵APP不好用", []),
        ("新能源粤BD38261ETC装不上", ["粤BD38261"]),
        ("车牌浙a8k88k", ["浙a8k88k"]),
    ],
)
def test_license_plate(find, text, values):
    assert find(LicensePlate, text) == values
