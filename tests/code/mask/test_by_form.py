"""Bare answers by their form."""

import pytest

from pipelines.mask.dialogue import answers, by_form


@pytest.mark.parametrize(
    ("text", "expected", "span"),
    [
        ("2044182077", ["ORDER_NUMBER"], (0, 10, "ORDER_NUMBER")),
        ("yeah from 14 march, £34.99", ["ORDER_NUMBER"], None),
        ("34.99", ["ORDER_NUMBER"], None),
        ("2044", ["PHONE"], (0, 4, "PHONE")),
    ],
)
def test_numbers(text, expected, span):
    assert by_form.number(text, expected) == span


@pytest.mark.parametrize(
    ("text", "expected", "span"),
    [
        ("moonpie", ["USERNAME"], (0, 7, "USERNAME")),
        ("no i'm in ohio", ["USERNAME"], None),
        ("it was £34.99", ["ORDER_NUMBER"], None),
        ("KX2044", ["ORDER_NUMBER"], (0, 6, "ORDER_NUMBER")),
    ],
)
def test_codes_and_words(text, expected, span):
    assert by_form.mixed(text, expected) == span


def test_a_name_beside_a_providers_name_is_found():
    assert answers("oh yeah, tom hardy", ["PERSON", "EMAIL"]) == [(9, 18, "PERSON")]


def test_a_whole_number_stands_beside_another_answer():
    found = answers("Tamika Goodwin, 07700 204418", ["PERSON", "PHONE"])
    assert found == [(0, 14, "PERSON"), (16, 28, "PHONE")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("chenxi gmail", "chenxi gmail"),
        ("384756192加qq.com", "384756192加qq.com"),
        ("chenxi88 163.com", "chenxi88 163.com"),
        ("liming88 后面是foxmail点com", "liming88 后面是foxmail点com"),
        ("liming.163.com", "liming.163.com"),
        ("163邮箱 liming_88", "liming_88"),
        ("用qq 163邮箱都行", ""),
        ("13800138000 qq 20488193", ""),
        ("没有邮箱", ""),
        ("sure yeah", ""),
        ("oh yeah, tom hardy", ""),
        ("hi yeah its wanjiku otieno", ""),
        ("the site is live now", ""),
        ("my flat is 163 Camden Road", ""),
        ("wanjiku yeah.net", "wanjiku yeah.net"),
    ],
)
def test_what_stands_for_a_mail_address(text, value):
    span = by_form.mail(text, ["EMAIL"])
    assert (text[span[0] : span[1]] if span else "") == value
    assert by_form.mail(text, ["PHONE"]) is None
