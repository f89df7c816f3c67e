"""Check digits against published numbers and against the standards' own verification rule."""

import re
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sample import identifiers as ids

SEEDS = st.integers(0, 2**32)


def id_valid(number):
    weights = [2**i % 11 for i in range(17, -1, -1)]
    return sum((10 if c == "X" else int(c)) * w for c, w in zip(number, weights, strict=True)) % 11 == 1


def luhn_valid(number):
    return sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(number))) % 10 == 0


def credit_valid(code):
    return sum(ids.CREDIT_ALPHABET.index(c) * 3**i for i, c in enumerate(code[:17])) % 31 == (
        -ids.CREDIT_ALPHABET.index(code[17]) % 31
    )


def iban_valid(number):
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def test_published_numbers():
    assert ids.id_check("11010519491231002") == "X"  # GB 11643's example
    assert ids.luhn_check("7992739871") == "3"
    assert ids.credit_check("91350100M000100Y4") == "3"  # GB 32100's example
    assert ids.iban_check("GB", "WEST12345698765432") == "82"


@pytest.mark.parametrize(
    ("build", "check"),
    [
        (ids.resident_id, id_valid),
        (ids.bank_card, luhn_valid),
        (ids.credit_code, credit_valid),
        (ids.iban, iban_valid),
    ],
)
@given(seed=SEEDS)
def test_valid_passes_and_invalid_fails_with_the_same_form(build, check, seed):
    right, wrong = build(Random(seed)), build(Random(seed), valid=False)
    assert check(right)
    assert not check(wrong)
    assert re.sub("[0-9X]", "0", right[:6]) == re.sub("[0-9X]", "0", wrong[:6])
    assert len(right) == len(wrong)


@given(seed=SEEDS, born=st.dates(date(1940, 1, 1), date(2007, 12, 31)))
def test_resident_id_carries_area_and_birth(seed, born):
    new, old = (f(Random(seed), "440305", born) for f in (ids.resident_id, ids.resident_id_15))
    assert re.fullmatch(r"440305\d{11}[\dX]", new)
    assert new[6:14] == f"{born:%Y%m%d}"
    assert re.fullmatch(r"440305\d{9}", old)
    assert old[6:12] == f"{born:%y%m%d}"


@pytest.mark.parametrize(
    ("build", "form"),
    [
        (ids.mobile, r"1[3-9]\d{9}"),
        (ids.landline, r"0571-[2-8]\d{7}"),
        (ids.passport, r"E(\d{8}|[A-H]\d{7})"),
        (ids.home_return_permit, r"[HM]\d{8}"),
        (ids.exit_permit, r"C(\d{8}|[A-F]\d{7})"),
        (ids.taiwan_permit, r"[1-9]\d{7}"),
        (ids.licence_plate, r"浙A([DF]\d{5}|[A-HJ-NP-Z0-9]{2}\d{3})"),
        (ids.tracking_number, r"SF\d{13}|7\d{14}|JD\d{13}"),
        (ids.dhl_number, r"[1-9]\d{9}"),
        (ids.ssn, r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}"),
    ],
)
@given(seed=SEEDS)
def test_forms(build, form, seed):
    assert re.fullmatch(form, build(Random(seed)))


@given(seed=SEEDS, born=st.dates(date(1990, 1, 1), date(2000, 1, 1)))
def test_order_number_carries_its_day(seed, born):
    assert re.fullmatch(rf"LMJ{born:%y%m%d}\d{{6}}", ids.order_number(Random(seed), born))
