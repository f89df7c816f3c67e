import pytest

from pipelines.mask.recognizers.driving_licence import DrivingLicence


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("TURVE 061076 K99PX", ["TURVE 061076 K99PX"]),
        ("licence MORGA657054SM9IJ ok", ["MORGA657054SM9IJ"]),
        ("my driver's license number is H3380171", ["H3380171"]),
        ("driving licence, D1234567", ["D1234567"]),
        ("驾驶证号110101199003078515在", ["110101199003078515"]),
        ("驾照怎么上传", []),
        ("software license 2026", []),
        ("LM-D1203", []),
        ("DL no. is MH14 20110062821", ["MH14 20110062821"]),
        ("learner permit is P55018842", ["P55018842"]),
    ],
)
def test_driving_licence(find, text, values):
    assert find(DrivingLicence, text) == values
