"""Values whose word stands in a turn before."""

import pytest

from pipelines.mask.dialogue.topics import BACK, on_topic


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (["fast by WeChat", "mine's grainOfBergen"], [(1, "WECHAT", "grainOfBergen")]),
        (["send my passport?", "No.", "too late: YB4417620"], [(2, "PASSPORT", "YB4417620")]),
        (["passport or licence?", "booking ref YB4417620"], []),
        (["seller wants to be paid by wechat", "Which id?", "lin_bags_hk2"], [(2, "WECHAT", "lin_bags_hk2")]),
        (["taiwan compatriot permit, which number?", "The 8 digits.", "3817 0294 then"],
         [(2, "TRAVEL_PERMIT", "3817 0294")]),
        (["台胞证买票", "请输入号码", "号码03728164格式错误"], [(2, "TRAVEL_PERMIT", "03728164")]),
        (["加我微信", "momo_0417"], [(1, "WECHAT", "momo_0417")]),
        (["加我微信", "please hurry"], []),
        (["hello", "lin_bags_hk2"], []),
        (["permit H 1029 4837 01", "and your phone?", "6277 4410"], []),
        (["可以用微信支付吗", "可以的亲", "iphone15pro 还有货"], []),
        (["请提供回乡证号码", "稍等", "我20240913入住"], []),
        (["wechat?", *["ok"] * BACK, "lin_bags_hk2"], []),
    ],
)  # fmt: skip
def test_on_topic(turns, expected):
    found = [(index, kind, turns[index][start:end]) for index, start, end, kind in on_topic(turns)]
    assert found == expected
