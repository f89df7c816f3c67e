"""Dialogue context, repetition and numbering; the texts' own findings come from the real engine."""

import pytest

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.labels import Finding
from pipelines.mask.pii_file import read_policy
from pipelines.mask.placeholders import Numbering
from pipelines.mask.workers import Workers
from tests.conftest import ROOT

POLICY = read_policy(ROOT / "data/knowledge/pii.yaml", 0.5)


def mask(*messages, keep=()):
    with Workers(POLICY, 1, 64) as workers:
        known = workers.find(text for _, text in messages)
    return mask_conversation(messages, known, POLICY.keeping(keep)).texts


def dialogue(*messages):
    """What the dialogue alone shows, in messages whose texts show nothing."""
    return mask_conversation(messages, {}, POLICY).texts


@pytest.mark.parametrize(
    ("question", "answer", "masked"),
    [
        ("What is your name?", "viswa", "<NAME_1>"),
        ("Is there a case number?", "K2025 1184", "<ORDER_NUMBER_1>"),
        ("And the order number?", "7714 0029 3381 5560", "<ORDER_NUMBER_1>"),
        ("May I have your full name please", "sure, it's beema rnio.", "sure, it's <NAME_1>."),
        ("请问怎么称呼您?", "张建国", "<姓名1>"),
        ("请问您贵姓?", "我姓洪", "我姓<姓名1>"),
        ("您的电话是多少?", "1380013", "<手机号1>"),
        ("Can you share your phone number?", "it is 555 0132", "it is <PHONE_1>"),
        ("请提供一下收货地址", "翠苑小区3幢502", "<地址1>"),
        ("What's your shipping address?", "12 rose ln leeds", "<ADDRESS_1>"),
        ("Please tell me the code we sent", "it's 4821", "it's <OTP_1>"),
        ("您的用户名是什么?", "momo_88", "<用户名1>"),
        ("麻烦留个微信", "momoshop94989", "<微信号1>"),
        ("请报一下订单号", "260915004213", "<订单号1>"),
        ("What's the vehicle registration?", "191-D-40287", "<LICENSE_PLATE_1>"),
        ("Your phone number so I can find the order?", "555 0132", "<PHONE_1>"),
        ("I've sent a one-time passcode to your e-mail.", "7714", "<OTP_1>"),
        ("What is the memorable word?", "should be lighthouse", "should be <PASSWORD_1>"),
        ("What's your in-game name?", "FrostyPenguin", "<USERNAME_1>"),
        ("What is the order number?", "48213 ?", "<ORDER_NUMBER_1> ?"),
        ("your username please", "frostypenguin?", "<USERNAME_1>?"),
        ("Which property is it for?", "Wynnum QLD 4178", "<ADDRESS_1>"),
    ],
)
def test_a_bare_answer_is_masked(question, answer, masked):
    assert dialogue(("agent", question), ("customer", answer))[1] == masked


def test_a_number_goes_on_in_the_next_turn():
    told = dialogue(("agent", "Hello."), ("customer", "my num is 93 8810"), ("customer", "4417"))
    assert told[1:] == ["my num is <PHONE_1>", "<PHONE_2>"]


def test_a_number_or_an_address_that_lacks_its_end_goes_on_in_the_next_turn():
    for first, kind, then in (
        ("0161 496", "PHONE", "0448"),
        ("77 High Row", "ADDRESS", "Grantham, NG31 8BQ"),
    ):
        turns = [("customer", first), ("customer", then), ("agent", "Thanks")]
        known = {first: [Finding(0, len(first), kind, 0.7, "")]}
        assert mask_conversation(turns, known).texts[1] == f"<{kind}_2>"


def test_digits_that_nothing_follows_are_no_number():
    told = dialogue(("agent", "Hello."), ("customer", "my num is 93 8810"), ("agent", "Thanks."))
    assert told[1] == "my num is 93 8810"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is your name?", "why do you need it?"),
        ("What is your name?", "no thanks"),
        ("请问怎么称呼您?", "转人工"),
        ("请问怎么称呼您?", "好的"),
        ("您的电话是多少?", "不方便说"),
        ("您的用户名是什么?", "忘了"),
        ("Your parcel has shipped.", "viswa"),
        ("电话已登记。", "3"),
        ("请提供一下收货地址", "就是上次的"),
        ("What is your password?", "understood"),
        ("What's your username?", "finally. 3rd time is the charm"),
        ("And the username please?", "played 12 minutes, 34.99"),
        ("Is it the Fibre 500 package you have?", "yes the 500 one"),
        ("Is this the right address?", "yes. between 8 and 10 pls"),
        ("your username please", "why?"),
        ("请问怎么称呼您?", "什么?"),
    ],
)
def test_what_is_no_answer_stays(question, answer):
    assert dialogue(("agent", question), ("customer", answer))[1] == answer


def test_the_agent_is_not_asked():
    assert dialogue(("agent", "What is your name?"), ("agent", "viswa"))[1] == "viswa"


def test_a_bot_asks_too_and_its_notices_do_not():
    assert dialogue(("system", "请问您怎么称呼"), ("customer", "洪"))[1] == "<姓名1>"
    assert (
        dialogue(("agent", "请问您怎么称呼"), ("system", "对方正在输入"), ("customer", "洪"))[2] == "<姓名1>"
    )
    told = dialogue(("system", "Customer came from the order page"), ("customer", "The code 086434 fails"))
    assert "ORDER_NUMBER" not in told[1]


def test_a_value_split_over_two_turns():
    texts = dialogue(("agent", "您的手机号是多少?"), ("customer", "1380013"), ("customer", "8000"))
    assert texts[1:] == ["<手机号1>", "<手机号2>"]
    assert dialogue(("customer", "my number is"), ("customer", "555 0132"))[1] == "<PHONE_1>"
    assert dialogue(("customer", "我的电话是"), ("customer", "1380013"))[1] == "<手机号1>"


def test_a_domain_that_was_found_does_not_hide_the_rest_of_the_address():
    told = mask(("agent", "请提供邮箱"), ("customer", "lin88 后面是foxmail点com"))
    assert told[1] == "<邮箱1>"


def test_a_number_goes_on_after_the_agent_has_only_nodded():
    texts = dialogue(
        ("agent", "请问您本机号码是?"), ("customer", "嗯是幺三九"), ("agent", "嗯"), ("customer", "幺二三四")
    )
    assert texts[1:] == ["嗯是<手机号1>", "嗯", "<手机号2>"]


def test_one_value_one_number_in_the_language_of_the_conversation():
    texts = mask(
        ("customer", "１３８００１３８０００"),
        ("customer", "or call +86 138-0013-8000, not 13900139000"),
        ("agent", "好的,138 0013 8000"),
    )
    assert texts == ["<手机号1>", "or call <手机号1>, not <手机号2>", "好的,<手机号1>"]


def test_the_log_may_say_which_language_a_conversation_is_in():
    talk = [("customer", "13800138000 王"), ("agent", "ok")]
    known = {talk[0][1]: [Finding(0, 11, "PHONE", 0.9, "x")]}
    masked = {
        said: mask_conversation(talk, known, POLICY, language=said).texts[0] for said in ("zh", "en", "mixed")
    }
    assert masked == {"zh": "<手机号1> 王", "en": "<PHONE_1> 王", "mixed": "<手机号1> 王"}


def test_a_name_found_once_is_masked_in_every_turn():
    texts = mask(("customer", "我叫殷志强"), ("agent", "殷志强,请稍等"), ("customer", "殷志强的件到了没"))
    assert not any("殷志强" in text for text in texts)
    assert texts[1] == "<姓名1>,请稍等"


def test_kept_types_stay_and_the_rest_goes():
    texts = mask(("customer", "订单LMJ260915004213,电话13800138000"), keep=("ORDER_NUMBER",))
    assert texts == ["订单LMJ260915004213,电话<手机号1>"]


def test_masking_a_masked_conversation_changes_nothing():
    once = mask(("agent", "请问怎么称呼?"), ("customer", "张建国,电话13800138000,住文三路477号3幢502"))
    assert mask(("agent", once[0]), ("customer", once[1])) == once


@pytest.mark.parametrize(
    "text",
    [
        "LM-K1203多少钱,299元买3件包邮吗",
        "热线400-820-6655几点上班,9:00到22:00吗",
        "发到杭州要几天,2026年9月15日能到吗",
        "小栗在吗,栗木集的电饭煲2.5L有货吗",
        "Hi Xiaoli, is LM-B2041 in stock at 499 yuan?",
        "I want a refund of 120.50, it has been 3 days",
        "Do you deliver to Singapore or Kuala Lumpur?",
        "请提供姓名和电话,我们24小时内回复",
        "100积分抵1元,满99减10",
        "",
    ],
)
def test_what_is_not_personal_stays(text):
    assert mask(("customer", text)) == [text]


def test_new_numbers_begin_above_those_that_the_text_holds():
    assert mask(("agent", "您好<姓名1>,<姓名12>"), ("customer", "我叫殷志强"))[1] == "我叫<姓名13>"
    assert Numbering(texts=["<NAME_3> <PHONE_2>"]).number("PERSON", "殷志强") == 4


@pytest.mark.parametrize("typed", ["我的验证码是<验证码4821>", "我的密码是!@#$%^&*"])
def test_what_is_typed_like_a_placeholder_or_of_signs_alone_is_masked(typed):
    [masked] = mask(("customer", typed))
    assert "4821" not in masked and "!@#" not in masked


def test_numbers_count_by_type_and_value():
    numbering = Numbering()
    assert [numbering.number("PHONE", v) for v in ("138-0013-8000", "13800138000", "0571-88886666")] == [
        1,
        1,
        2,
    ]
    assert numbering.number("QQ", "13800138000") == 1
