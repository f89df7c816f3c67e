import pytest

from pipelines.curate import rules
from pipelines.curate.match import Match
from pipelines.curate.rules import RULES, Case, fault, question_fault
from pipelines.curate.turns import Turn

RETURNS = "return_policy.zh"  # 7 days
GOOD = [
    "签收后7天内，没用过、包装完好都可以无理由退货。",
    "您好，七天内未使用可以退。",
    "You can return it within 7 days, unused and in its packaging.",
    "付款可以用微信支付或支付宝，请您放心。",
    "请您拍照发给我们，我们免费补发。",
]
BAD = {
    "no_answer": [
        "",
        "稍等，正在核实。",
        "好的，请稍等，我帮您查一下。",
        "麻烦提供一下订单号。",
        "One moment please, I'm checking.",
    ],
    "placeholder_only": ["<姓名1>", "<NAME_1>，<手机号1>！"],
    "greets_only": ["您好，请问有什么可以帮您？", "不客气，祝您生活愉快！", "You're welcome!"],
    "too_short": ["可以", "no."],
    "too_long": ["退" * 401],
    "insult": ["你自己不会看吗，页面都写了", "爱买不买，随便您", "Are you stupid? It is on the page."],
    "off_platform_contact": [
        "这个加我微信<微信号1>说吧，给您便宜点",
        "平台上说不清，打我手机",
        "Add me on WhatsApp and I'll give you a discount.",
    ],
    "forbidden_word": ["亲，七天内可以退货哦", "Obviously you can return it within 7 days."],
    "unfinished": ["关于这个问题，我们的规定是", "好的，我先", "You can return it within 7 days if"],
    "wrong_language": ["You can return it within 7 days of delivery."],
    "contradicts_policy": ["30天内都可以无理由退货，请放心。", "签收后两天内可以退货的。"],
    "personal_detail": ["7天内可以退，寄给<姓名1>，电话<手机号1>。"],
    "misses_facts": ["取件地址告诉我，我安排快递上门。"],
    "low_satisfaction": ["签收后7天内，没用过可以退货。"],
}


@pytest.fixture
def case(faq, brand, params):
    entry = next(entry for entry in faq if entry.faq_id == RETURNS)

    def make(reply, language="zh", satisfaction=None, match=None):
        turn = Turn("c", 0, "能无理由退吗", reply, language, satisfaction=satisfaction)
        return Case(turn, match or Match(entry, 0.9, entry.intent, 1.0), brand, params.curate)

    return make


@pytest.mark.parametrize(
    ("code", "reply"), [(code, reply) for code, replies in BAD.items() for reply in replies]
)
def test_each_bad_reply_gets_its_code(case, code, reply):
    english = reply.isascii() and code != "wrong_language"
    rating = 1 if code == "low_satisfaction" else None
    assert fault(case(reply, "en" if english and reply else "zh", rating)) == code


@pytest.mark.parametrize("reply", GOOD)
def test_a_good_reply_breaks_no_rule(case, reply):
    bare = case(reply, "en" if reply.isascii() else "zh", satisfaction=2)
    assert fault(Case(bare.turn, None, bare.brand, bare.limits)) is None


def test_every_rule_is_in_the_table():
    assert {rule.__name__ for rule in RULES} == set(BAD)
    assert all(rule is getattr(rules, rule.__name__) for rule in RULES)


def test_a_placeholder_that_the_customer_gave_may_be_repeated(case):
    asked = case("订单<订单号1>7天内可以退。")
    turn = Turn("c", 0, "订单<订单号1>能退吗", asked.turn.reply, "zh")
    assert not rules.personal_detail(Case(turn, None, asked.brand, asked.limits))


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("？", "too_short"),
        ("嗨", "too_short"),
        ("", "too_short"),
        ("<手机号1>", "placeholder_only"),
        ("订单号<订单号1>", "placeholder_only"),
        ("My order number is <ORDER_NUMBER_1>", "placeholder_only"),
        ("好的，谢谢", "no_question"),
        ("在吗？", "no_question"),
        ("ok, got it. thank you!", "no_question"),
        ("怎么退货", None),
        ("退货", None),
        ("<订单号1>到哪了", None),
        ("Is it ok to wash it?", None),
    ],
)
def test_questions_that_ask_nothing(params, question, code):
    assert question_fault(question, params.curate) == code


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "too_short"),
        ("<手机号1>", "placeholder_only"),
        ("好的，谢谢你了。", "no_question"),
        ("好评！", "no_question"),
        ("Okay, got it..", "no_question"),
        ("您好", "no_question"),
        ("\n".join(["hi", "i want a pizza", "large", "no", "cash please"]), "many_messages"),
        ("\n".join(["hi", "i want a pizza", "large", "no"]), None),
        ("怎么退货", None),
        ("好评怎么写", None),
    ],
)
def test_each_question_that_teaches_nothing_gets_its_code(params, question, code):
    assert question_fault(question, params.curate) == code
