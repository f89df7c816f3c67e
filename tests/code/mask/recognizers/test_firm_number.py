import pytest

from pipelines.mask.recognizers.firm_number import is_a_firms


def is_one(text, number):
    start = text.index(number)
    return is_a_firms(text, start, start + len(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Our toll free number is 1800 209 4477, 24x7", "1800 209 4477"),
        ("Groups book by phone on 0113 243 1200.", "0113 243 1200"),
        ("send it to us by WhatsApp on 9000 111 222", "9000 111 222"),
        ("call 0800 204 418 straight away", "0800 204 418"),
        ("pay by phone on 0330 204 4182", "0330 204 4182"),
        ("+44 113 204 0418 from abroad", "+44 113 204 0418"),
        ("020 7204 4182, lines are open 8 to 8", "020 7204 4182"),
        ("report it to the council's noise team on 020 7204 4182", "020 7204 4182"),
        ("lost property 020 7204 4182", "020 7204 4182"),
        ("最近的支行,电话0571-62044182", "0571-62044182"),
        ("客服电话是0571-62044182", "0571-62044182"),
    ],
)
def test_a_firms(text, number):
    assert is_one(text, number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my number is 020 7204 4182", "020 7204 4182"),
        ("i'm on the front desk, 020 7204 4182", "020 7204 4182"),
        ("call 07700 204 418 after 5", "07700 204 418"),
        ("my line 020 7204 4182, open 9 to 5", "020 7204 4182"),
        ("03001234567", "03001234567"),
        ("我在前台0571-62044182", "0571-62044182"),
        ("总机0571-62044182", "0571-62044182"),
    ],
)
def test_somebodys(text, number):
    assert not is_one(text, number)
