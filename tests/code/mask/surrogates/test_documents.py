import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.surrogates import documents
from pipelines.mask.surrogates.documents import luhn, mod31, mod97
from pipelines.sample import identifiers as ids

seeds = st.integers(0, 10**6).map(Random)


@given(seeds, st.integers(-180, 180).filter(bool))
def test_a_resident_id_is_of_no_province_and_keeps_sex_and_about_the_age(rng, days):
    old = ids.resident_id(rng)
    new = documents.id_card(old, rng, days)
    assert re.fullmatch(r"[3-6]9\d{4}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", new)
    assert new[17] == ids.id_check(new[:17]) and int(new[16]) % 2 == int(old[16]) % 2
    assert new[6:14] != old[6:14] and abs(int(new[6:10]) - int(old[6:10])) <= 1


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("11010119900307851x", r"[3-6]9\d{15}[\dx]"),
        ("110101 19900307 8513", r"[3-6]9\d{4} \d{8} \d{3}[\dX]"),
        ("110101900307851", r"[3-6]9\d{13}"),
        ("110***********8513", r"[3-6]9\d\*{11}\d{4}"),
        ("１１０１０１１９９００３０７８５１３", r"[３-６]９[０-９]{15}[０-９X]"),
    ],
)
def test_a_resident_id_keeps_how_it_is_written(value, form):
    for seed in range(20):
        assert re.fullmatch(form, documents.id_card(value, Random(seed), 60))


@given(
    seeds,
    st.sampled_from(["6222021234567890123", "4111 1111 1111 1111", "371449635398431", "5105-1051-0510-5100"]),
)
def test_a_card_keeps_its_scheme_and_groups_and_fails_its_check(rng, value):
    new = documents.bank_card(value, rng)
    assert re.sub(r"\d", "9", new) == re.sub(r"\d", "9", value)
    assert new[0] == value[0] and (value[:2] != "62" or new[:2] == "62")
    assert not luhn(new)


def test_the_last_digits_of_a_card_are_drawn_anew():
    assert all(re.fullmatch(r"\d{4}", documents.bank_card("8000", Random(seed))) for seed in range(20))


@given(seeds)
def test_tax_numbers_and_ibans_fail_their_checks(rng):
    code, account = ids.credit_code(rng), ids.iban(rng)
    new = documents.credit_code(code, rng)
    assert mod31(code) and not mod31(new) and new[:2] == code[:2] and len(new) == 18
    new = documents.iban(account, rng)
    assert mod97(account) and not mod97(new) and new[:2] == account[:2] and len(new) == len(account)


@given(seeds)
def test_an_ssn_is_neither_issued_nor_an_itin(rng):
    assert re.fullmatch(r"9\d\d-(?:0[1-9]|[1-4]\d)-(?!0000)\d{4}", documents.ssn("123-45-6789", rng))


@given(seeds)
def test_a_national_insurance_number_has_a_prefix_that_is_not_allocated(rng):
    assert re.fullmatch(r"(?:BG|GB|KN|NK|NT|TN|ZZ) \d\d \d\d \d\d C", documents.ssn("AB 12 34 56 C", rng))


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("浙A·12B45", r"[^浙A-Z][A-HJ-NP-Z]·\d\d[A-HJ-NP-Z]\d\d|.[A-HJ-NP-Z]·\d\d[A-HJ-NP-Z]\d\d"),
        ("浙AD12345", r".[A-HJ-NP-Z]D\d{5}"),
        ("京A1234学", r".[A-HJ-NP-Z]\d{4}学"),
    ],
)
def test_a_plate_keeps_its_class(value, form):
    for seed in range(20):
        assert re.fullmatch(form, documents.plate(value, Random(seed)))


@pytest.mark.parametrize(
    ("value", "form"),
    [("LMJ260915004213", r"LMJ\d{12}"), ("SF1380013800012", r"SF\d{13}"), ("E12345678", r"E\d{8}"),
     ("1Z999AA10123456784", r"1Z\d{3}[A-Z]{2}\d{11}")],
)  # fmt: skip
def test_the_letters_in_front_stay(value, form):
    assert re.fullmatch(form, documents.numbered(value, Random(1)))
