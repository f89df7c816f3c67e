from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.detect import is_reserved
from pipelines.mask.surrogates.phones import MOBILE, phone

seeds = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("value", "chinese", "form"),
    [
        ("13812345678", True, r"1[59]4\d{8}"),
        ("138-1234-5678", True, r"1[59]4-\d{4}-\d{4}"),
        ("138 123 45678", True, r"1[59]4 \d{3} \d{5}"),
        ("+86 138 1234 5678", False, r"\+86 1[59]4 \d{4} \d{4}"),
        ("8613812345678", True, r"861[59]4\d{8}"),
        ("138****5678", True, r"1[59]4\*\*\*\*\d{4}"),
        ("1381234", True, r"1[59]4\d{4}"),
        ("一三八零零一三八零零零", True, r"一[五九]四[零一二三四五六七八九]{8}"),
        ("幺三八〇〇幺三八〇〇〇", True, r"幺[五九]四[〇幺二三四五六七八九]{8}"),
        ("0571-88886666", True, r"060\d-[2-8]\d{7}"),
        ("0571-88886666", False, r"060\d-[2-8]\d{7}"),
        ("(010) 8888 6666", True, r"\(026\) [2-8]\d{3} \d{4}"),
        ("02188886666转801", True, r"026[2-8]\d{7}转[1-9]\d\d"),
        ("+86 571 8888 6666", False, r"\+86 60\d [2-8]\d{3} \d{4}"),
        ("88886666", True, r"9[0-4]\d{6}"),
        ("(415) 623-0132", False, r"\(\d{3}\) 555-01\d\d"),
        ("+1 415.623.0132 ext 42", False, r"\+1 \d{3}\.555\.01\d\d ext [1-9]\d"),
        ("1-415-623-0132", False, r"1-\d{3}-555-01\d\d"),
        ("4156230132", False, r"\d{3}55501\d\d"),
        ("623-0132", False, r"555-01\d\d"),
        ("07911 123456", False, r"07700 900\d{3}"),
        ("020 7123 4567", False, r"020 7946 0\d{3}"),
        ("+44 7911 123456", False, r"\+44 7700 900\d{3}"),
        ("+44 20 7123 4567", False, r"\+44 20 7946 0\d{3}"),
        ("01632 123456", False, r"01632 960\d{3}"),
        ("8000", True, r"[1-9]\d{3}"),
    ],
)
def test_a_number_keeps_its_kind_and_how_it_is_written(value, chinese, form):
    import re

    for seed in range(20):
        assert re.fullmatch(form, phone(value, Random(seed), chinese))


@given(
    seeds,
    st.sampled_from(["13812345678", "+86 138 1234 5678", "0571-88886666", "010 88886666", "+86 10 88886666"]),
)
def test_a_chinese_number_is_of_no_subscriber(seed, value):
    new = phone(value, Random(seed), True)
    assert not phonenumbers.is_valid_number(phonenumbers.parse(new, "CN"))


@given(
    seeds,
    st.sampled_from(
        ["+65 9123 4567", "+852 6123 4567", "+60 12-345 6789", "+39 06 1234 5678", "0061 412 345 678"]
    ),
)
def test_a_number_abroad_is_of_no_subscriber_and_keeps_its_country(seed, value):
    new = phone(value, Random(seed), False)
    old, parsed = (
        phonenumbers.parse(number.replace("00", "+", 1) if number[0] == "0" else number)
        for number in (value, new)
    )
    assert parsed.country_code == old.country_code and not phonenumbers.is_valid_number(parsed)
    assert len(new) == len(value)


@given(seeds, st.sampled_from(["13812345678", "0571-88886666", "(415) 623-0132"]))
def test_the_second_detector_knows_them(seed, value):
    assert not is_reserved("PHONE", value) and is_reserved("PHONE", phone(value, Random(seed), True))


def test_the_pinned_numbering_plan_still_leaves_the_mobile_prefixes_free():
    for prefix in MOBILE:
        for rest in range(0, 10**8, 999_983):
            number = phonenumbers.PhoneNumber(country_code=86, national_number=int(f"{prefix}{rest:08d}"))
            assert not phonenumbers.is_valid_number(number)
