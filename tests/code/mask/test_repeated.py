"""A value that one turn shows is found, under one type, in every turn that echoes it."""

import pytest

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.labels import LABELS, Finding
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.mask.repeated import LEAST


def echo(value, type_, text, policy=DEFAULT):
    """`text` masked, in a talk that shows `value` and nothing else."""
    known = {value: [Finding(0, len(value), type_, 0.8, "x")]}
    return mask_conversation([("customer", value), ("system", text)], known, policy, language="en").texts[1]


@pytest.mark.parametrize(
    ("type_", "value", "text", "masked"),
    [
        ("BIRTH_DATE", "2021年3月5日", "2021年3月5日,好的已登记", "<BIRTH_DATE_1>,好的已登记"),
        ("PASSWORD", "4821", "ok, 4821 confirmed", "ok, <PASSWORD_1> confirmed"),
        ("PASSWORD", "!@#$%^&*", "!@#$%^&*收到", "<PASSWORD_1>收到"),
        ("PASSWORD", "Sun$hine!", "SUN$HINE! it is", "<PASSWORD_1> it is"),
        ("SSN", "3101234567", "好的,3101234567已登记", "好的,<SSN_1>已登记"),
        ("SSN", "3101234567", "so 310-123-4567?", "so <SSN_1>?"),
        ("BANK_ACCOUNT", "12345678", "12345678对,12345678", "<BANK_ACCOUNT_1>对,<BANK_ACCOUNT_1>"),
        ("ORDER_NUMBER", "48213", "ok ４８２１３", "ok <ORDER_NUMBER_1>"),
        ("MEMBER", "a1b2", "A1B2", "<MEMBER_1>"),
        ("USERNAME", "frostypenguin", "thanks FrostyPenguin", "thanks <USERNAME_1>"),
        ("PERSON", "viswa", "so viswa your order", "so <NAME_1> your order"),
        ("PERSON", "mary o'neil", "thank you mary", "thank you <NAME_2>"),
        ("PERSON", "mary o'neil", "MARY ONEIL", "<NAME_1>"),
        ("PERSON", "Will", "Thanks, Will.", "Thanks, <NAME_1>."),
        ("PERSON", "殷志强", "殷志强的件", "<NAME_1>的件"),
    ],
)
def test_an_echo_is_masked(type_, value, text, masked):
    policy = Policy(own_labels=(("MEMBER", ("会员号", "MEMBER")),))
    assert echo(value, type_, text, policy) == masked


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("PASSWORD", "4821", "it costs $4821 or 4821元, 4821 yuan, 4821.50, 4,821, LM-4821, x4821, 148210"),
        ("PASSWORD", "2021", "2021年的, since 2021, 2021-03-05"),
        ("OTP", "123", "123 ok"),
        ("BIRTH_DATE", "3月5日", "3月5日发货"),
        ("PERSON", "洪", "洪水"),
        ("PERSON", "Will", "Will it ship, and will you call?"),
        ("PERSON", "Rose West", "a rose from the west"),
        ("PERSON", "thank you", "thanks"),
        ("PASSWORD", "pizza", "a pizza"),
        ("ADDRESS", "leeds road", "on leeds road"),
        ("PASSWORD", "48213", "<PASSWORD_4> and <ORDER_NUMBER_48>"),
    ],
)
def test_what_may_be_something_else_stays(type_, value, text):
    assert echo(value, type_, text) == text


def test_every_type_says_how_long_a_value_must_be():
    assert LEAST.keys() == LABELS.keys()


def test_the_surest_occurrence_gives_all_their_type():
    talk = [("customer", "档案编号是440301123456"), ("agent", "440301123456对吗")]
    known = {
        talk[0][1]: [Finding(5, 17, "DRIVING_LICENCE", 0.9, "a")],
        talk[1][1]: [Finding(0, 12, "ORDER_NUMBER", 0.5, "b")],
    }
    masked = mask_conversation(talk, known).texts
    assert masked == ["档案编号是<驾驶证号1>", "<驾驶证号1>对吗"]
    off = Policy().keeping(["ORDER_NUMBER"])
    assert mask_conversation(talk, known, off).texts == masked
    off = Policy().keeping(["DRIVING_LICENCE"])
    assert mask_conversation(talk, known, off).texts == [text for _, text in talk]
