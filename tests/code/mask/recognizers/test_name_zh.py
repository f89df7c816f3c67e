import pytest

from pipelines.mask.recognizers.name_zh import NameZh


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("我叫张伟，电话", ["张伟"]),
        ("收件人：欧阳娜娜", ["欧阳娜娜"]),
        ("收件人改成余海燕行吗", ["余海燕"]),
        ("请王女士接电话", ["王女士"]),
        ("免贵姓陈。", ["陈"]),
        ("姓名张 伟", ["张 伟"]),
        ("联系阿依古丽·买买提吧", ["阿依古丽·买买提"]),
        ("收货人ZHANG WEI", ["ZHANG WEI"]),
        ("这位女士您好", []),
        ("谢谢小姐姐", []),
        ("请提供姓名和电话", []),
        ("运费总共多少", []),
        ("约安装师傅上门", []),
        ("小栗您好", []),
    ],
)
def test_name_zh(find, text, values):
    assert find(NameZh, text) == values
