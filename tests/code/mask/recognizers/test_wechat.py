import pytest

from pipelines.mask.recognizers.wechat import WeChat


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("加微switch-laoduan", ["switch-laoduan"]),
        ("my id wxid_8k2lmq0471", ["wxid_8k2lmq0471"]),
        ("My WeChat is collind354", ["collind354"]),
        ("加我微信xiaoming_88吧", ["xiaoming_88"]),
        ("微信号：lihuahua", ["lihuahua"]),
        ("vx abc12345678", ["abc12345678"]),
        ("my WeChat ID is evanhall", ["evanhall"]),
        ("微信同号13800138000", ["13800138000"]),
        ("lily2020是我的微信", ["lily2020"]),
        ("微信支付失败了", []),
        ("can I use WeChat payment", []),
        ("WeChat is broken", []),
        ("微信付299元", []),
        ("加薇zs12345678", ["zs12345678"]),
        ("➕vlin66886拉我", ["lin66886"]),
        ("+V：abc_1234", ["abc_1234"]),
        ("卫星zhang2020", ["zhang2020"]),
        ("v❤️abc12345", ["abc12345"]),
        ("薇yoyo-chen1995", ["yoyo-chen1995"]),
        ("微信怎么绑定", []),
        ("您搜微信qingdaoxiaohaixian", ["qingdaoxiaohaixian"]),
        ("加我v abc_12345", ["abc_12345"]),
    ],
)
def test_wechat(find, text, values):
    assert find(WeChat, text) == values
