import pytest

from pipelines.mask.recognizers.landline import Landline


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("座机0571-88886666转8012", ["0571-88886666转8012"]),
        ("打(010)66668888吧", ["(010)66668888"]),
        ("打02088886666吧", ["02088886666"]),
        ("公司电话是8888 6666谢谢", ["8888 6666"]),
        ("+86 10 6666 8888", ["+86 10 6666 8888"]),
        ("付了88886666元", []),
        ("热线400-820-6655", []),
        ("0571-188", []),
        ("订单号是2026091512", []),
    ],
)
def test_landline(find, text, values):
    assert find(Landline, text) == values
