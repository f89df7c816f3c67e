import pytest

from pipelines.mask.recognizers.zip_code import ZipCode


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("rural postcodes? mine's 4871", ["4871"]),
        ("邮编310012谢谢", ["310012"]),
        ("zip code is 94105", ["94105"]),
        ("postcode LS1 4AP please", ["LS1 4AP"]),
        ("Austin, TX 73301", ["73301"]),
        ("94105-1234", ["94105-1234"]),
        ("我在BS1 5TR这里", ["BS1 5TR"]),
        ("一共310012元", []),
        ("sent in 94105 boxes", []),
        ("LM-K1203", []),
        ("zip code? its 11215", ["11215"]),
        ("we are in postcode 3056, sir", ["3056"]),
        ("邮编写518057，地址在深圳", ["518057"]),
        ("邮政编码不是200000是201203", ["200000", "201203"]),
        ("错误码10086-4401", []),
        ("PLZ 8004 Zürich", ["8004"]),
        ("do you guys service 78704?", ["78704"]),
        ("plz 80045 it", []),
        ("we ship 20000 boxes", []),
    ],
)
def test_zip_code(find, text, values):
    assert find(ZipCode, text) == values
