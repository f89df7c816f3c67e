import pytest

from pipelines.mask.recognizers.email_said import EmailSaid


@pytest.mark.parametrize(
    "value",
    [
        "yutong_shu at 126 点 com",
        "yutong_shu at vip 点 163 点 com",
        "yutong.shu ＠ 126．com",
        "yutong艾特qq。com",
        "yutong 小老鼠 163 点 com",
        "yutong@163，com",
        "yutong@163·com",
        "yutong@163点康姆",
        "yutong@扣扣点com",
        "yutong 花a 163点com",
        "yutong，然后圈a，然后163.com",
        "yutong【at】163.com",
        "yutong[at]163[dot]com",
        "yu杠tong@outlook点com",
        "y u t o n g 艾特 一六三 点 com",
        "yutong @ 公司域名 hengtai点com点cn",
        "yutong艾特恒泰拼音点com",
        "yutong88#163.com",
        "20488193 at qq.com",
        "yutong 艾特 foxmail",
        "yutong88的qq邮箱",
        "yutong88 163邮箱",
    ],
)
def test_an_address_is_found_whole(find, value):
    assert find(EmailSaid, f"发到，{value}，谢谢") == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("邮箱我说一下 sunlei幺零二四艾特幺六三点com", ["sunlei幺零二四艾特幺六三点com"]),
        ("我邮箱是 lin chen 88 艾特 qq 点 com", ["lin chen 88 艾特 qq 点 com"]),
        ("zhao下划线min艾特126点com", ["zhao下划线min艾特126点com"]),
        ("wuzhenhua(at)vip.sina.com,中间那个是圈a", ["wuzhenhua(at)vip.sina.com"]),
        ("邮箱yutong88，163的", ["yutong88，163"]),
        ("我邮箱是 yutong88 网易163的", ["yutong88 网易163"]),
        ("用qq 163邮箱都行", []),
        ("qq邮箱行吗", []),
        ("look at 163.com 那个页面", []),
        ("进群@小助手 领券", []),
        ("issue#12, net weight", []),
        ("@客服 在吗 at home", []),
        ("一个点 com口坏了", []),
    ],
)
def test_what_is_left_and_how_much(find, text, values):
    assert find(EmailSaid, text) == values
