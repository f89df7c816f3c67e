import pytest

from pipelines.mask.recognizers.named_entity import NamedEntity


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Bought it from Sarah Connor Interiors yesterday.", []),
        ("Details: Harpreet Kaur Sandhu, H.No. 88, Phase 2", ["Harpreet Kaur Sandhu"]),
        ("让刘德华来取，谢谢", ["刘德华"]),
        ("包裹是李小红签收的", ["李小红"]),
        ("The parcel was signed for by Sarah Connor yesterday.", ["Sarah Connor"]),
        ("寄到杭州可以吗", []),
        ("小栗在吗", []),
        ("Settings does not open", []),
        ("Do you ship to Singapore?", []),
        ("这款李宁跑鞋有货吗", []),
        ("我叫李宁，电话", ["李宁"]),
        ("《李白诗选》有货吗", []),
        ("科比同款护腕", []),
        ("小红书上看到的", []),
        ("张飞牛肉保质期", []),
        ("胡辣汤多少钱", []),
        ("蒋文博您好", ["蒋文博"]),
    ],
)
def test_named_entity(find, text, values):
    assert find(NamedEntity, text) == values
