import pytest

from pipelines.mask.recognizers.iban import Iban


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("转到GB82WEST12345698765432吧", ["GB82WEST12345698765432"]),
        ("IBAN DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"]),
        ("iban GB83WEST12345698765432", ["GB83WEST12345698765432"]),
        ("XX82WEST12345698765432", []),
        ("LM-K1203", []),
        ("GB82", []),
    ],
)
def test_iban(find, text, values):
    assert find(Iban, text) == values
