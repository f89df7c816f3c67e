import pytest

from pipelines.mask.recognizers import cues_en
from pipelines.mask.recognizers.cued_en import named, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reset token K4X-9QT is dead", [("OTP", "K4X-9QT")]),
        ("passed your WeChat on to our Dutch-speaking colleague", []),
        ("my husband qq 640-118-927", [("QQ", "640-118-927")]),
        ("add me on qq for photos of the damage 588 204 731", [("QQ", "588 204 731")]),
        ("home return card H0471-8826", [("TRAVEL_PERMIT", "H0471-8826")]),
        ("Aus licence no. 21 448 903", [("DRIVING_LICENCE", "21 448 903")]),
        ("my ticket INC0447182 was closed", [("ORDER_NUMBER", "INC0447182")]),
        ("just in case 087442 comes", []),
        ("ticket number is 4471902", [("ORDER_NUMBER", "4471902")]),
        ("my Taiwan compatriot permit for Xiamen? Number is 05938274", [("TRAVEL_PERMIT", "05938274")]),
        ("is qq login gone?? my progress is on 71014419", [("QQ", "71014419")]),
        ("home visit permit H 1029 4837 01", [("TRAVEL_PERMIT", "H 1029 4837 01")]),
        ("NIN is 40718826395", [("ID_CARD", "40718826395")]),
        ("Passport K 44 71 093 B, Malaysian", [("PASSPORT", "K 44 71 093 B")]),
        ("qq coins cost £120000", []),
        ("qq login fails with error since update 20240913, sorry", []),
        ("4821 is the code I got", [("OTP", "4821")]),
        ("otp not coming... ok now came 772046", [("OTP", "772046")]),
        ("recovery code 7F2K-QQ81-09XM was used", [("OTP", "7F2K-QQ81-09XM")]),
        ("code is seven three nine one", [("OTP", "seven three nine one")]),
        ("confirmation 2209.884.117, we need a cot", [("ORDER_NUMBER", "2209.884.117")]),
        ("is it order 112-3344556-7788990 or 112-3344556-7788991?",
         [("ORDER_NUMBER", "112-3344556-7788990"), ("ORDER_NUMBER", "112-3344556-7788991")]),
        ("2 fedex parcels 612948827710 and 612948827721", [("TRACKING_NUMBER", "612948827710"),
         ("TRACKING_NUMBER", "612948827721")]),
        ("rego 1QK 4TB is mine", [("LICENSE_PLATE", "1QK 4TB")]),
        ("my DL F25592150094 (Michigan)", [("DRIVING_LICENCE", "F25592150094")]),
        ("passport number is invalid. It's N8471220", [("PASSPORT", "N8471220")]),
        ("a temporary password for you: qL3-vv8-Tzp", [("PASSWORD", "qL3-vv8-Tzp")]),
        ("password is sunflower", [("PASSWORD", "sunflower")]),
        ("gate code one nine seven seven star", [("PASSWORD", "one nine seven seven star")]),
        ("account name guitar_hank", [("USERNAME", "guitar_hank")]),
        ("reddit user u/quietbeaver here", [("USERNAME", "u/quietbeaver")]),
        ("add me on wechat? lucy_tran0812", [("WECHAT", "lucy_tran0812")]),
        ("login with QQ (2210967340)", [("QQ", "2210967340")]),
        ("password: hunter2", [("PASSWORD", "hunter2")]),
        ("my password is Hunter_22.", [("PASSWORD", "Hunter_22")]),
        ("gate code 4471#", [("PASSWORD", "4471#")]),
        ("3 digit code is 917", [("PASSWORD", "917")]),
        ("pw R3p0rts#2024. Refused", [("PASSWORD", "R3p0rts#2024")]),
        ("my postcode V6B 4N6", [("ZIP", "V6B 4N6")]),
        ("the wifi password on the back of the router is kq4hzm9t", [("PASSWORD", "kq4hzm9t")]),
        ("the code in the text message is G-204918", [("OTP", "G-204918")]),
        ("she asked for the OTP, I told her 481936", [("OTP", "481936")]),
        ("flight cancelled, code QX7M3L", [("ORDER_NUMBER", "QX7M3L")]),
        ("the lockbox has a code 3090", [("PASSWORD", "3090")]),
        ("username's jdoe here", [("USERNAME", "jdoe")]),
        ("user id fmensah, starts today", [("USERNAME", "fmensah")]),
        ("domain login is CORP\\jhalloran, locked", [("USERNAME", "jhalloran")]),
        ("UPI id is rahul.k@okaxis", [("USERNAME", "rahul.k@okaxis")]),
        ("my no is 7009418826", [("PHONE", "7009418826")]),
        ("please hp 9668 3012", [("PHONE", "9668 3012")]),
        ("tax file number on the account should be 318 442 907", [("SSN", "318 442 907")]),
        ("passport old is PA8817204, need PB0441936 on it",
         [("PASSPORT", "PA8817204"), ("PASSPORT", "PB0441936")]),
        ("policy HP-8830217", [("ORDER_NUMBER", "HP-8830217")]),
        ("return authorisation RMA-55201", [("ORDER_NUMBER", "RMA-55201")]),
        ('pass phrase: "green otter canoe"', [("PASSWORD", '"green otter canoe')]),
    ],
)  # fmt: skip
def test_what_a_cue_names(text, expected):
    assert [(v.kind, text[v.start : v.end]) for v in values(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "my password is wrong and my pin is not working",
        "you need a password to join the wifi",
        "error code 401 on the order page",
        "my order, model WH1000XM4",
        "my order is 3 weeks late",
        "order 3 items for 12.50",
        "ordered on 2024-03-12, order came 12/03/2024",
        "booking for flight BA117",
        "my login is blocked",
        "username taken, please choose another",
        "call 1-800-275-2273",
        "text me when the 2 boxes are here",
        "sign in as usual",
        "user experience is bad",
        "the combination of 2 offers",
        "",
    ],
)
def test_what_it_does_not(text):
    assert list(values(text)) == []


def test_named_tells_types_that_have_a_shape():
    assert named("What is your order number and postcode?") == ["ORDER_NUMBER", "ZIP"]
    assert named("What flight is it?") == []


def test_every_shape_has_its_cue():
    assert set(cues_en.STRONG) <= set(cues_en.CUES)
    assert set(cues_en.PLAIN) | set(cues_en.SAID) <= set(cues_en.STRONG)
