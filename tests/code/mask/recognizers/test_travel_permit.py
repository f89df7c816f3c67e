import pytest

from pipelines.mask.recognizers.travel_permit import TravelPermit


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("回乡证H12345678的", ["H12345678"]),
        ("通行证C12345678", ["C12345678"]),
        ("台胞证是12345678的", ["12345678"]),
        ("往来港澳通行证CA1234567。", ["CA1234567"]),
        ("一共12345678元", []),
        ("LM-H1203", []),
        ("港澳通行证C 1234 5678", ["C 1234 5678"]),
    ],
)
def test_travel_permit(find, text, values):
    assert find(TravelPermit, text) == values
