"""Values of many forms that the reader is trained on."""

import re
from random import Random

import pytest

from bench.reader.forms import FORMS, drawn
from pipelines.mask.labels import LABELS


def test_forms_are_of_types_that_exist():
    assert set(FORMS) <= set(LABELS)


@pytest.mark.parametrize("kind", [*FORMS, "USERNAME", "PASSWORD", "ADDRESS"])
def test_values_differ_and_hold_no_sign_of_a_form(kind):
    values = [drawn(kind, "x7", Random(seed)) for seed in range(40)]
    assert len(set(values)) > 30
    assert not any(re.search(r"[{}~%|]", value) for value in values)


def test_the_same_seed_draws_the_same():
    assert [drawn("PASSPORT", "", Random(5))] * 2 == [drawn("PASSPORT", "", Random(5)) for _ in range(2)]


def test_a_type_without_forms_is_left():
    assert drawn("PERSON", "Rose", Random(1)) is None


@pytest.mark.parametrize(
    ("kind", "value"), [("PHONE", "13800138000"), ("PHONE", "010-84562210"), ("ZIP", "518000")]
)
def test_what_is_of_china_stays(kind, value):
    assert not any(drawn(kind, value, Random(seed)) for seed in range(20))


def test_wechat_ids_have_their_form():
    drawn_ids = [drawn("WECHAT", "lin_88", Random(seed)) for seed in range(60)]
    assert all(one is None or re.fullmatch(r"[A-Za-z][\w-]{5,19}", one) for one in drawn_ids)
    assert sum(one is not None for one in drawn_ids) > 30


def test_addresses_are_of_many_countries_and_hold_a_unit_s_sign():
    values = " ".join(drawn("ADDRESS", "x", Random(seed)) for seed in range(400))
    assert all(part in values for part in ("rue ", "Jalan ", "straße", "Blk ", "#"))
