import pytest

from pipelines.mask.recognizers.phone_abroad import PhoneAbroad


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4155550132", ["4155550132"]),
        ("call (415) 555-0132 now", ["(415) 555-0132"]),
        ("电话415-555-0132谢谢", ["415-555-0132"]),
        ("+1 415 555 0132", ["+1 415 555 0132"]),
        ("001-415-555-0132x123", ["001-415-555-0132x123"]),
        ("my phone is 4155550132", ["4155550132"]),
        ("+44 7700 900123", ["+44 7700 900123"]),
        ("打07700 900123吧", ["07700 900123"]),
        ("电话+852 5123 4567找我", ["+852 5123 4567"]),
        ("热线400-820-6655", []),
        ("order 4155550132", []),
        ("299-399 yuan", []),
        ("10:00-22:00", []),
    ],
)
def test_phone_abroad(find, text, values):
    assert find(PhoneAbroad, text) == values
