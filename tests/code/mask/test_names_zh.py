"""Chinese names beside other values in an answer."""

import pytest

from pipelines.mask.dialogue.names_zh import beside


def names(text, expected=("PERSON",)):
    return [text[start:end] for start, end, _ in beside(text, expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("773204418846120 练达", ["练达"]),
        ("没受伤 浙C·F2586 池鱼", ["池鱼"]),
        ("濮阳军 苏B·3R908", ["濮阳军"]),
        ("图雅 女 152628199511204418", ["图雅"]),
        ("褚,18120441885", ["褚"]),
        ("我姓褚,18120441885", ["褚"]),
        ("高遥,8613720441854,gaoyao@example.com", ["高遥"]),
        ("禹宏斌\n农业银行福田支行\n6228482460204418816", ["禹宏斌"]),
        ("热依扎·阿里木 13820441885", ["热依扎·阿里木"]),
        ("补寄吧 敬贤 13820441885", ["敬贤"]),
        ("鞠素琴 身份证 210102197408224418", ["鞠素琴"]),
    ],
)
def test_a_name_beside_a_value(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "练达",  # without a value it is answers_zh's
        "身份证210102197408224418",
        "邮箱a204418@example.com备用b@example.com",
        "顾问叫Coco 204418",
        "农商行 6224398204418162540",
        "订单号2044182077",
        "不知道 2044182077",
        "明天下午 13820441885",
        "儿子 13820441885",
        "粤Z·T8344",
    ],
)
def test_what_is_no_name(text):
    assert names(text) == []


def test_nothing_where_no_name_was_asked_for():
    assert names("773204418846120 练达", ["ORDER_NUMBER"]) == []
