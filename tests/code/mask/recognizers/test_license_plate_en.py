import pytest

from pipelines.mask.recognizers.license_plate_en import LicensePlateEn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("driver for RTX 4070 crashed", []),
        ("number plate of the driver SLK 4417 B", ["SLK 4417 B"]),
        ("SLK 4417 B", []),
        ("My reg is KV19 ZTO and", ["KV19 ZTO"]),
        ("the other car was BD67SMR", ["BD67SMR"]),
        ("charged twice for plate KA 05 MJ 4471 at", ["KA 05 MJ 4471"]),
        ("vehicle no TN09BX2217, twice", ["TN09BX2217"]),
        ("my rego is DXK 71M", ["DXK 71M"]),
        ("车牌plate 8KJT502谢谢", ["8KJT502"]),
        ("191-D-40287", ["191-D-40287"]),
        ("我的车是KV19 ZTO停在门口", ["KV19 ZTO"]),
        ("印度车牌TN09BX2217被拍了", ["TN09BX2217"]),
        ("型号KV190有货吗", []),
        ("wattage of LG 43UR7800", []),
        ("the plate is chipped", []),
        ("set of 6 plates", []),
        ("model KV190 in stock", []),
    ],
)
def test_license_plate_en(find, text, values):
    assert find(LicensePlateEn, text) == values
