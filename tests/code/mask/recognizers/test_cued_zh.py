import pytest

from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.cued_zh import CuedZh
from pipelines.mask.recognizers.cues_zh import ALSO, CUE, FORMS, KINDS, SPELLED


def found(text: str) -> list[tuple[str, str]]:
    """(type, value) of what the recognizer finds, in order."""
    results: list[RecognizerResult] = CuedZh("zh").analyze(text, [])
    return [(result.entity_type, text[result.start : result.end]) for result in results]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("QQ 310944872是我的", [("QQ", "310944872")]),
        ("回乡证号H1 0386 4725本人", [("TRAVEL_PERMIT", "H1 0386 4725")]),
        ("台胞证83 160 274办卡", [("TRAVEL_PERMIT", "83 160 274")]),
        ("驾照档案号3205 0048 1736", [("DRIVING_LICENCE", "3205 0048 1736")]),
        ("单号9820 4471 6335 8 到哪了", [("ORDER_NUMBER", "9820 4471 6335 8")]),
        ("社安号338 71 9046", [("SSN", "338 71 9046")]),
        ("里程卡号MU 6402 1793 558", [("USERNAME", "MU 6402 1793 558")]),
        ("回执SZJF2024-0067319", [("ORDER_NUMBER", "SZJF2024-0067319")]),
        ("我微信号换了,原来那个登不上,新的是JQ-0917-hz", [("WECHAT", "JQ-0917-hz")]),
        ("预订号HX8K2P帮我取消", [("ORDER_NUMBER", "HX8K2P")]),
        ("流水号20240511093827461没到账", [("ORDER_NUMBER", "20240511093827461")]),
        ("PNR是KXQWTR改签明天", [("ORDER_NUMBER", "KXQWTR")]),
        ("301928475566这单系统显示", [("ORDER_NUMBER", "301928475566")]),
        ("订单号3920 1847 5610 2938 475,装上", [("ORDER_NUMBER", "3920 1847 5610 2938 475")]),
        ("483920这个验证码不对", [("OTP", "483920")]),
        ("码是294038快点", [("OTP", "294038")]),
        ("动态口令10293847一直说不对", [("OTP", "10293847")]),
        ("wifi密码hello2024连不上", [("PASSWORD", "hello2024")]),
        ("门的密码2 5 8 0 #,上三楼", [("PASSWORD", "2 5 8 0 #")]),
        ("密码是lovecat", [("PASSWORD", "lovecat")]),
        ("密码admin不对,我改过lzy2012也不对", [("PASSWORD", "lzy2012")]),
        ("发到6228-01-040018273这个折子上", [("BANK_ACCOUNT", "6228-01-040018273")]),
        ("税务登记号440106728391047是老的", [("CREDIT_CODE", "440106728391047")]),
        ("驾照档案编号320500192837", [("DRIVING_LICENCE", "320500192837")]),
        ("大通证L29381746", [("TRAVEL_PERMIT", "L29381746")]),
        ("证件号C45831399过期没", [("TRAVEL_PERMIT", "C45831399")]),
        ("固话05328 2910 374", [("PHONE", "05328 2910 374")]),
        ("我QQ是123 456 789", [("QQ", "123 456 789")]),
        ("登录名lily_wang密码忘了", [("USERNAME", "lily_wang")]),
        ("账号chenyl_1989密码Chen@8910", [("USERNAME", "chenyl_1989"), ("PASSWORD", "Chen@8910")]),
    ],
)
def test_the_nearest_word_gives_the_type(text, values):
    assert found(text) == values


def test_a_list_and_a_correction_keep_the_type():
    assert found("单号20193847561029、20193847561030还有20193847561041") == [
        ("ORDER_NUMBER", "20193847561029"),
        ("ORDER_NUMBER", "20193847561030"),
        ("ORDER_NUMBER", "20193847561041"),
    ]
    assert found("邮编是020020吗,不对,石家庄的是050011") == [("ZIP", "020020"), ("ZIP", "050011")]


def test_a_long_number_without_a_name_is_taken_for_an_order():
    assert found("帮我看下1938472650192837465颜色拍错了") == [("ORDER_NUMBER", "1938472650192837465")]


@pytest.mark.parametrize(
    "text",
    [
        "工单号20240115000123",
        "服务单号AF20240603-5521",
        "条码6901234567892",
        "订单满300元减50",
        "订单2024-06-01发货",
        "拍了2件一共399元",
        "客服热线400-820-6655",
        "打10086问问",
        "WiFi名是Hotel_5F",
        "型号XR-20398",
        "密码是什么",
        "电话13800138000",
        "12306的订单号",
        "自增id `AUTO_INCREMENT`",
        "你好",
    ],
)
def test_things_of_the_shop_stay(text):
    assert found(text) == []


def test_every_cue_has_a_form():
    assert set(FORMS) == set(KINDS) >= {*SPELLED, *ALSO, *(kind for kinds in ALSO.values() for kind in kinds)}
    assert set(CUE.groupindex) == {*KINDS, "NONE"}
