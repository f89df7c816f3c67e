import pytest

from pipelines.mask.recognizers.passport import Passport


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("护照E12345678请登记", ["E12345678"]),
        ("护照号EA1234567", ["EA1234567"]),
        ("passport number 123456789", ["123456789"]),
        ("护照是K1234567的", ["K1234567"]),
        ("型号K1234567", []),
        ("LM-K1203", []),
        ("E1234567890", []),
        ("my passport number on the booking, I typed PA4418820", ["PA4418820"]),
        ("护照号是E 1234 5678", ["E 1234 5678"]),
    ],
)
def test_passport(find, text, values):
    assert find(Passport, text) == values
