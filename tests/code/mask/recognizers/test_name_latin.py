import pytest

from pipelines.mask.recognizers.name_latin import NameLatin


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("乘客姓名 lin xiaoyu", ["lin xiaoyu"]),
        ("Diarra大夫出诊吗", ["Diarra大夫"]),
        ("我是Jennifer Lau，卡被拒了", ["Jennifer Lau"]),
        ("好的Kevin，今天发您", ["Kevin"]),
        ("名字拼音ZHANG/LIHONG，帮我值机", ["ZHANG/LIHONG"]),
        ("收款人Stefan Krüger", ["Stefan Krüger"]),
        ("客人name KIM MINJUN谢谢", ["KIM MINJUN"]),
        ("叫我tony就行", ["tony"]),
        ("Lily女士您好", ["Lily"]),
        ("我是tina，之前加过群", ["tina"]),
        ("找momo要链接", ["momo"]),
        ("我是app下的单", []),
        ("我是summer款", []),
        ("我是VIP会员", []),
        ("您好，iPhone有货吗", []),
        ("好的Zoom会议见", []),
        ("型号RTX/GTX都行", []),
        ("值机了没 QU/JINGYI 票号", ["QU/JINGYI"]),
    ],
)
def test_name_latin(find, text, values):
    found = find(NameLatin, text)
    assert [value.removesuffix("女士") for value in found] == values
