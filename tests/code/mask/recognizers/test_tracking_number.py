import pytest

from pipelines.mask.recognizers.tracking_number import TrackingNumber


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("DPD 15501 990 4471 28", ["15501 990 4471 28"]),
        ("dhl office 44 71 90", []),
        ("label H00XP A004 1183 7729", ["H00XP A004 1183 7729"]),
        ("cool. wheres TBA402881773914", ["TBA402881773914"]),
        ("room H00XP", []),
        ("快递SF1234567890123到了", ["SF1234567890123"]),
        ("京东JD0012345678901在哪", ["JD0012345678901"]),
        ("中通712345678901234", ["712345678901234"]),
        ("EMS的EA123456789CN呢", ["EA123456789CN"]),
        ("track 1Z999AA10123456784", ["1Z999AA10123456784"]),
        ("DHL单号1234567890呢", ["1234567890"]),
        ("付了1234567890", []),
        ("订单LMJ260915004213", []),
        ("顺丰12元", []),
        ("fedex 7749 1203 8856 is stuck", ["7749 1203 8856"]),
        ("到了 LB 441 822 077 CN 吗", ["LB 441 822 077 CN"]),
        ("track RN 4418 2207 3 GB posted", ["RN 4418 2207 3 GB"]),
        ("1Z 88A 0E7 03 4419 2207 went back", ["1Z 88A 0E7 03 4419 2207"]),
        ("9405 5118 4417 2204 8871 23", ["9405 5118 4417 2204 8871 23"]),
        ("1Z 88A 0E7 03 4419 220", []),
        ("the post says 33XVB0012873 waits", ["33XVB0012873"]),
        ("顺丰SF 1038 2749 5610 3", ["SF 1038 2749 5610 3"]),
        ("EMSEA123456789CN到哪了", ["EA123456789CN"]),
        ("百世557012345678901", ["557012345678901"]),
    ],
)
def test_tracking_number(find, text, values):
    assert find(TrackingNumber, text) == values
