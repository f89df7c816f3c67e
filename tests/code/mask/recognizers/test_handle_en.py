import pytest

from pipelines.mask.recognizers.handle_en import HandleEn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("my guild leader MamaBearTank left", ["MamaBearTank"]),
        ("report NotAndy2 in ranked", ["NotAndy2"]),
        ("my profile on YouTube", []),
        ("guild of McDonald", []),
        ("MamaBearTank", []),
        ("hello, streamer zeldafan_tina here", ["zeldafan_tina"]),
        ("i want capt_flint_83", ["capt_flint_83"]),
        ("merge a and alexk_2.", ["alexk_2"]),
        ("我的kestrel_jo登不上", ["kestrel_jo"]),
        ("is order_id required", []),
        ("ERR_CONNECTION_RESET", []),
        ("open report_final2.pdf", []),
        ("img_2041 is blurred", []),
        ("x@zeldafan_tina.com", []),
        ("?utm_source=mail_7", []),
        ("<PHONE_2>", []),
        ("WiFi名是Hotel_5F", []),
        ("no joint here", []),
    ],
)
def test_handle_en(text, values):
    found = HandleEn().analyze(text, ["USERNAME"])
    assert [text[result.start : result.end] for result in found] == values
