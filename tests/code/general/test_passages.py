"""General text: both languages, each passage once, held out apart from what may be trained on."""

import re

import pytest

from pipelines.general.passages import LANGUAGES, held_out, passages, replayed

CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sixty_of_each(language):
    found = passages(language)
    assert len(found) == len(set(found)) == 60
    assert all((CHINESE.search(text) is not None) == (language == "zh") for text in found)
    assert all(20 <= len(text) <= 160 for text in found)


def test_held_out_is_a_third_and_never_trained_on():
    assert len(held_out()) == 40 and len(replayed()) == 80
    assert not set(held_out()) & set(replayed())
    assert set(held_out()) | set(replayed()) == {*passages("zh"), *passages("en")}


def test_languages_come_in_turn():
    for texts in (held_out(), replayed()):
        assert [CHINESE.search(text) is not None for text in texts] == [True, False] * (len(texts) // 2)


def test_nothing_in_it_is_personal_or_of_a_shop():
    for text in held_out() + replayed():
        assert not re.search(r"\d{3,}|@|http|订单|快递|order number", text)
