import pytest

from pipelines.mask.recognizers.ssn import Ssn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("德国的65 170792 Z 014", ["65 170792 Z 014"]),
        ("NI号QQ 48 27 16 C", ["QQ 48 27 16 C"]),
        ("社安号338 71 9046", ["338 71 9046"]),
        ("my ssn is 123-45-6789", ["123-45-6789"]),
        ("社保号123-45-6789的", ["123-45-6789"]),
        ("social security number 123456789", ["123456789"]),
        ("it was 000-12-3456", ["000-12-3456"]),
        ("NI number QQ 12 34 56 C", []),
        ("NI number AB 12 34 56 C", ["AB 12 34 56 C"]),
        ("123456789", []),
        ("123-45-67890", []),
        ("1123-45-6789", []),
        ("社保号1234567890", ["1234567890"]),
        ("TFN 478991433", ["478991433"]),
        ("last 4 of ssn is 5667", ["5667"]),
    ],
)
def test_ssn(find, text, values):
    assert find(Ssn, text) == values
