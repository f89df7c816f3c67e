"""What a Chinese answer holds, by what was asked for."""

import pytest

from pipelines.mask.dialogue import answers, asked
from pipelines.mask.dialogue.answers_zh import answers as answers_zh


@pytest.mark.parametrize(
    ("question", "answer", "value", "kind"),
    [
        ("请问您贵姓?", "洪", "洪", "PERSON"),
        ("麻烦留个收件信息", "芦苇苇", "芦苇苇", "PERSON"),
        ("请问您在哪个房间", "1608", "1608", "ADDRESS"),
        ("请问怎么称呼您?", "建国", "建国", "PERSON"),
        ("请问怎么称呼?", "叫我阿杰吧", "阿杰", "PERSON"),
        ("户名是什么?", "欧阳慧敏", "欧阳慧敏", "PERSON"),
        ("您的手机号是多少?", "幺三九", "幺三九", "PHONE"),
        ("手机收到的验证码是多少?", "七 三 零 二 八 五", "七 三 零 二 八 五", "OTP"),
        ("麻烦报一下出生年月日", "八五年腊月十二", "八五年腊月十二", "BIRTH_DATE"),
        ("请问您的生日是?", "三月初七", "三月初七", "BIRTH_DATE"),
        ("您的车牌号是多少?", "就是8F8F8", "8F8F8", "LICENSE_PLATE"),
        ("请核对身份证后四位", "是803X", "803X", "ID_CARD"),
        ("详细地址发一下呢", "锦绣江南", "锦绣江南", "ADDRESS"),
        ("详细地址发一下呢", "滨江花园5-2-1101", "滨江花园5-2-1101", "ADDRESS"),
        ("请问楼栋房号", "我住7-2-1103", "7-2-1103", "ADDRESS"),
        ("请问您的会员昵称?", "月亮不睡我不睡", "月亮不睡我不睡", "USERNAME"),
    ],
)
def test_an_answer_is_found_with_its_type(question, answer, value, kind):
    assert [(answer[start:end], type_) for start, end, type_ in answers(answer, asked(question))] == [
        (value, kind)
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("请问怎么称呼您?", "我是买家"),
        ("请问怎么称呼您?", "问这个干嘛"),
        ("请问您贵姓?", "是"),
        ("请提供收货地址", "默认地址就行"),
        ("请提供收货地址", "等我问下我老婆"),
        ("请提供收货地址", "另外,注册账号"),
        ("您的电话是多少?", "100块能退吗"),
        ("您的电话是多少?", "不方便透露"),
        ("您的昵称是什么?", "算了"),
        ("您的生日是?", "保密"),
        ("车牌多少?", "还没上牌"),
    ],
)
def test_what_is_no_answer_is_not_found(question, answer):
    assert answers(answer, asked(question)) == []


def test_nothing_is_found_where_nothing_was_asked():
    assert answers_zh("张建国", []) == []
