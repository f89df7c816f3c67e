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


def test_a_whole_number_stands_beside_another_answer():
    found = answers("Tamika Goodwin, 07700 204418", ["PERSON", "PHONE"])
    assert found == [(0, 14, "PERSON"), (16, 28, "PHONE")]
